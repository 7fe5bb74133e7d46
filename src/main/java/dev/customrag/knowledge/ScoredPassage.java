package dev.customrag.knowledge;

/**
 * A passage that a search found, and how each branch of the search judged it; {@link Passage#score} is what came of both.
 *
 * @param similarity the cosine between its vector and the question's, -1 to 1; null where it is of another model than the
 *     configured one
 * @param relevance BM25 of the question's words, above 0; null where it was not found by them
 */
public record ScoredPassage(Passage passage, Double similarity, Double relevance) {}
