/** CustomRAGAssistant: one package is one room of the house, see {@code docs/architecture.md}. */
package dev.customrag;
