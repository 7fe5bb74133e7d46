package dev.customrag.chat;

import dev.customrag.model.TokenCounts;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;

/**
 * How an answer came about. Names passages, and does not repeat them: what a document says goes with the document.
 *
 * @param question what was searched for: the question in words that stand alone
 * @param retrieval whether documents were consulted
 * @param passages those the model was given, source {@code [n]} at {@code n - 1}
 * @param bestSimilarity the greatest cosine of a passage with the question, given to the model or not; null if nothing was
 *     searched for, or no passage is of the configured embedding model
 * @param threshold how great it had to be for any to be given; null if nothing was searched for
 * @param region where the provider ran the model, null where that means nothing
 * @param historyTurns how many turns before the question went along
 * @param firstTokenMillis from the question to the first word, null without one
 * @param totalMillis from the question to the end
 * @param stopReason why the model wrote no more, null if it did not say
 * @param guardrail what a guardrail did, null if nothing
 */
@RegisterForReflection
record Trace(
        String question,
        boolean retrieval,
        List<TracedPassage> passages,
        Double bestSimilarity,
        Double threshold,
        String modelId,
        String region,
        Parameters parameters,
        int historyTurns,
        TokenCounts tokens,
        Long firstTokenMillis,
        long totalMillis,
        String stopReason,
        String guardrail) {

    /** What the model was asked for; null for what it was left. */
    @RegisterForReflection
    record Parameters(Double temperature, Double topP, Integer maxTokens) {}

    /**
     * A passage the model was given.
     *
     * @param page the page it begins on, from 1; null where the format has no pages
     * @param dense cosine of its vector and the question's, null where it is of another model than the configured one
     * @param text BM25, null where only the vector found it
     * @param fused what it was ranked by, 0 to 1
     */
    @RegisterForReflection
    record TracedPassage(
            int number,
            UUID passageId,
            UUID documentId,
            String filename,
            Integer page,
            String heading,
            int start,
            int end,
            Double dense,
            Double text,
            Double fused) {}
}
