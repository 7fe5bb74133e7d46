package dev.customrag.model;

/**
 * Which vectors may be compared: those of one model, and of one length where the model offers several. A version is part
 * of the model's name, as in {@code amazon.titan-embed-text-v2:0}.
 *
 * @param model what {@link PassageEmbedding#modelId} gives
 * @param dimensions the length of each vector
 */
public record VectorSpace(String model, int dimensions) {}
