package dev.customrag.model.bedrock;

import dev.customrag.model.Generation;

/**
 * What models of one kind take; the kinds are in {@link ModelFamilies}.
 *
 * @param name for metrics
 * @param systemPrompt whether Converse takes a system prompt for them
 * @param mostTopP the greatest share of likely words they take
 * @param mostOutput the longest answer in tokens; a greater limit is an error of theirs
 * @param contextTokens question and answer together
 * @param leastCached the shortest beginning of a prompt that they cache, in tokens; 0 if they take no cache points
 */
record ModelFamily(
        String name,
        boolean systemPrompt,
        Sampling sampling,
        double mostTopP,
        int mostOutput,
        int contextTokens,
        int leastCached) {

    /** Which of temperature and top-p a call may name. */
    enum Sampling {
        BOTH,
        /** Either; both are an error. */
        ONE,
        /** Naming one is an error. */
        NONE
    }

    /** As much of what is wanted as these models take. Where they take one of temperature and top-p, it is the former. */
    Generation within(Generation wanted) {
        boolean temperature = sampling != Sampling.NONE && wanted.temperature() != null;
        boolean topP = wanted.topP() != null && (sampling == Sampling.BOTH || sampling == Sampling.ONE && !temperature);
        return new Generation(
                temperature ? wanted.temperature() : null,
                topP ? Double.valueOf(Math.min(wanted.topP(), mostTopP)) : null,
                wanted.maxTokens() == null ? null : Integer.valueOf(Math.min(wanted.maxTokens(), mostOutput)));
    }

    /** Whether the model could be told by its id, so that its limits are more than caution. */
    boolean isKnown() {
        return this != ModelFamilies.OTHER;
    }

    /** Whether they cache the beginning of a prompt. */
    boolean caches() {
        return leastCached > 0;
    }

    ModelFamily inContext(int tokens) {
        return new ModelFamily(name, systemPrompt, sampling, mostTopP, mostOutput, tokens, leastCached);
    }
}
