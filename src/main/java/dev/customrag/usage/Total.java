package dev.customrag.usage;

import java.math.BigDecimal;
import java.util.Collection;

/**
 * What calls took together.
 *
 * @param unpricedTokens those of all kinds whose price was not known
 * @param cost of the others
 */
record Total(
        long calls,
        long inputTokens,
        long outputTokens,
        long cacheReadTokens,
        long cacheWriteTokens,
        long unpricedTokens,
        BigDecimal cost) {

    private static final Total NONE = new Total(0, 0, 0, 0, 0, 0, BigDecimal.ZERO);

    static Total of(Collection<Total> parts) {
        return parts.stream().reduce(NONE, Total::plus);
    }

    long tokens() {
        return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
    }

    private Total plus(Total other) {
        return new Total(
                calls + other.calls,
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                cacheReadTokens + other.cacheReadTokens,
                cacheWriteTokens + other.cacheWriteTokens,
                unpricedTokens + other.unpricedTokens,
                cost.add(other.cost));
    }
}
