package dev.customrag.chat;

import dev.customrag.jobs.Backoff;
import dev.customrag.tenancy.DatabaseAway;
import java.time.Duration;
import java.util.function.Supplier;

/** Writes what must not be lost also if the database is away just then: a restart takes seconds, a failover a minute. */
final class Outlasting {

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

    private static final Duration LONGEST = Duration.ofMinutes(2);

    private Outlasting() {}

    /**
     * What comes of the work, tried again until the database is back. It has to be such that it may be done twice: the words
     * of a commit may be what got lost.
     *
     * @throws RuntimeException what it fails of, when that is something else or takes longer
     */
    static <T> T database(Supplier<T> work) {
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int failures = 1; ; failures++) {
            try {
                return work.get();
            } catch (RuntimeException failure) {
                if (!DatabaseAway.isBehind(failure) || System.nanoTime() - end > 0) {
                    throw failure;
                }
                pause(BACKOFF.after(failures), failure);
            }
        }
    }

    /** As {@link #database(Supplier)}. */
    static void database(Runnable work) {
        database(() -> {
            work.run();
            return null;
        });
    }

    private static void pause(Duration time, RuntimeException failure) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
