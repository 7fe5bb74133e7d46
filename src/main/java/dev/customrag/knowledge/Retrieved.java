package dev.customrag.knowledge;

import java.util.List;

/**
 * What a search for a question of a conversation came to.
 *
 * @param passages to answer from, best first; none if nothing is similar enough to the question
 * @param anythingThere whether there was anything to find, however far from the question
 * @param bestSimilarity the greatest cosine of a passage with the question, -1 to 1; null where there is none of the
 *     configured embedding model
 * @param threshold how similar one had to be
 */
public record Retrieved(List<ScoredPassage> passages, boolean anythingThere, Double bestSimilarity, double threshold) {}
