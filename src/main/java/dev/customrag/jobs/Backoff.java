package dev.customrag.jobs;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before something is tried again: doubling, bounded, and not all at the same time.
 *
 * @param first the wait after the first failure, before chance has its say
 * @param longest the wait it does not grow beyond
 */
public record Backoff(Duration first, Duration longest) {

    private static final int MAX_DOUBLINGS = 30;

    /** The wait after so many failures in a row: half of it fixed, half by chance. */
    public Duration after(int failures) {
        long full = Math.min(first.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS), longest.toMillis());
        return Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
    }
}
