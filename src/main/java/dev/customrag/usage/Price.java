package dev.customrag.usage;

import dev.customrag.model.TokenCounts;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a million tokens of a model cost.
 *
 * @param output null for a model that writes nothing
 */
record Price(BigDecimal input, BigDecimal output, BigDecimal cacheRead, BigDecimal cacheWrite) {

    static final Price NOTHING = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    private static final int MILLION_DIGITS = 6;

    static Price of(UsageConfig.Price price) {
        return new Price(
                price.input(),
                price.output().orElse(null),
                price.cacheRead().orElse(price.input()),
                price.cacheWrite().orElse(price.input()));
    }

    /** What tokens cost, exactly; empty if some are written that have no price. */
    Optional<BigDecimal> cost(TokenCounts tokens) {
        if (output == null && tokens.output() > 0) {
            return Optional.empty();
        }
        return Optional.of(of(tokens.input(), input)
                .add(of(tokens.output(), output == null ? BigDecimal.ZERO : output))
                .add(of(tokens.cacheRead(), cacheRead))
                .add(of(tokens.cacheWrite(), cacheWrite)));
    }

    /** What so many tokens cost at most, however the provider's cache is used. */
    Optional<BigDecimal> most(int inputTokens, int outputTokens) {
        BigDecimal dearest = input.max(cacheRead).max(cacheWrite);
        return new Price(dearest, output, dearest, dearest).cost(new TokenCounts(inputTokens, outputTokens, 0, 0));
    }

    private static BigDecimal of(int tokens, BigDecimal price) {
        return price.multiply(BigDecimal.valueOf(tokens)).movePointLeft(MILLION_DIGITS);
    }
}
