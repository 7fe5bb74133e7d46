package dev.customrag.model;

/**
 * How an answer is to be made. What is null is left to the model; what a model does not take is left out of the call.
 *
 * @param temperature from 0, always the likeliest word, to 1
 * @param topP the share of likely words to choose from, above 0 to 1
 * @param maxTokens the longest answer
 */
public record Generation(Double temperature, Double topP, Integer maxTokens) {

    /** As the model does by itself. */
    public static final Generation DEFAULT = new Generation(null, null, null);
}
