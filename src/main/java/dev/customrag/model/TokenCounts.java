package dev.customrag.model;

/**
 * Tokens of one call of a model, as the provider counted them.
 *
 * @param input read in full, without those of the cache
 * @param output written
 * @param cacheRead read from the provider's prompt cache, at a lower price
 * @param cacheWrite read and put into the cache, at a higher price with some models
 */
public record TokenCounts(int input, int output, int cacheRead, int cacheWrite) {

    /** Where nothing was counted. */
    public static final TokenCounts NONE = new TokenCounts(0, 0, 0, 0);

    /** Both together. */
    public TokenCounts plus(TokenCounts other) {
        return new TokenCounts(
                input + other.input, output + other.output, cacheRead + other.cacheRead, cacheWrite + other.cacheWrite);
    }

    /** All of them, at whatever price. */
    public long total() {
        return (long) input + output + cacheRead + cacheWrite;
    }
}
