package dev.customrag.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something may happen: {@code capacity} times at once, and as many again, evenly spread, in each
 * {@code period}.
 */
@RegisterForReflection
public record RateLimit(long capacity, Duration period) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})/(\\w+)");

    public RateLimit {
        if (capacity < 1 || period.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("A limit is at least one in at least a second");
        }
    }

    /** Reads {@code 100/10m}: a hundred in ten minutes. */
    public static RateLimit of(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Write a limit as 100/10m: a hundred in ten minutes");
        }
        return new RateLimit(Long.parseLong(matcher.group(1)), DurationConverter.parseDuration(matcher.group(2)));
    }
}
