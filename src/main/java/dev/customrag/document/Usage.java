package dev.customrag.document;

/** How many documents, and how many bytes their files have together. */
record Usage(long documents, long bytes) {}
