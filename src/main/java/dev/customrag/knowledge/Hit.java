package dev.customrag.knowledge;

/**
 * A passage that a search found.
 *
 * @param similarity the cosine between its vector and the question's; null where the passage is of another model than the
 *     configured one
 * @param relevance BM25 of the question's words; null where it was not found by them
 * @param ordinal its place in the document, from 0
 * @param gapBefore the white space between it and the passage before it, empty where they overlap; null where a section
 *     or a page begins with it
 */
record Hit(Passage passage, Double similarity, Double relevance, int ordinal, String gapBefore) {}
