package dev.customrag.usage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * What calls of models cost, and how much of them a person may have. Public, as SmallRye validates the groups of no other
 * mapping.
 */
@ConfigMapping(prefix = "usage")
public interface UsageConfig {

    /** What all prices are in: ISO 4217. What is recorded already is not converted when it changes. */
    @WithDefault("USD")
    @Pattern(regexp = "[A-Z]{3}")
    String currency();

    /**
     * By model. The key is a model's id or its beginning, such as {@code amazon.nova-pro}, and also meets it with a region's
     * prefix or in an ARN. Of several that fit the longest counts. Signs are as good as each other. There are none by
     * default: providers change theirs.
     */
    Map<String, Price> prices();

    /** What each person may use up. */
    Budgets budgets();

    /**
     * When what a call has reserved is let go of, as its process may have died. To be longer than the longest call may
     * take, which is {@code model.bedrock.total-timeout}.
     */
    @WithDefault("15m")
    @DurationMin(seconds = 1)
    @DurationMax(days = 1)
    Duration reservationExpiry();

    /** For how long single calls are kept. */
    @WithDefault("90d")
    @DurationMin(days = 1)
    @DurationMax(days = 3650)
    Duration callsKept();

    /** For how long what they add up to is kept, by day. A budget of a month needs that month. */
    @WithDefault("730d")
    @DurationMin(days = 32)
    @DurationMax(days = 3650)
    Duration totalsKept();

    /** How often what is old is removed. Only one process of all does so at a time. */
    @WithDefault("1h")
    @DurationMin(seconds = 1)
    @DurationMax(days = 7)
    Duration cleanUpInterval();

    /** Of a million tokens. */
    interface Price {

        /** Read. */
        BigDecimal input();

        /** Written. None for models that write nothing, such as those that embed. */
        Optional<BigDecimal> output();

        /** Read from the provider's cache; by default as what is read otherwise. */
        Optional<BigDecimal> cacheRead();

        /** Put into the provider's cache; by default as what is read otherwise. */
        Optional<BigDecimal> cacheWrite();
    }

    /** Limits for each person, of which none is set by default. Days and months are those of UTC. */
    interface Budgets {

        /** Tokens of all kinds, read and written. */
        OptionalLong tokensPerDay();

        /** Tokens of all kinds, read and written. */
        OptionalLong tokensPerMonth();

        /** In {@link #currency}. What has no price costs nothing here. */
        Optional<BigDecimal> moneyPerDay();

        /** In {@link #currency}. What has no price costs nothing here. */
        Optional<BigDecimal> moneyPerMonth();
    }
}
