package dev.customrag.model;

import java.util.List;

/**
 * Vectors of texts, and what it took to make them.
 *
 * @param vectors of unit length, in the order of the texts
 * @param inputTokens read for all of them, as the model counts
 */
public record Embeddings(List<float[]> vectors, int inputTokens) {}
