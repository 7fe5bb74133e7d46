package dev.customrag.model;

/**
 * What a million tokens of a model cost, as decimal numbers.
 *
 * @param input read
 * @param output written; null for a model that writes nothing
 * @param currency ISO 4217
 */
public record ModelPrice(String input, String output, String currency) {}
