package dev.customrag.model.bedrock;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Stops calls of a model that fails anyway, so that people hear at once that it is down and it is not asked all the more
 * (Nygard, "Release It!": circuit breaker). Opens after some failures; after a pause one call tries whether the model is
 * back.
 *
 * <p>Own code, because a streaming call is judged at its first token and perhaps once more when it breaks off, and one that
 * a person stops says nothing. MicroProfile Fault Tolerance, and with it SmallRye's {@code Guard}, judges when a stage
 * completes, and takes what is not a failure for a success: a stopped trial would close it. Its bulkhead bounds how many
 * wait but not how long, and nobody who waits, there or for a retry, can be taken out.
 */
final class CircuitBreaker {

    /** More would not change the decision. */
    private static final int MOST_REMEMBERED = 1_000;

    private final int failures;
    private final long window;
    private final long pause;
    private final LongSupplier nanoTime;
    private final Deque<Outcome> recent = new ArrayDeque<>();
    private boolean open;
    private long openUntil;
    private boolean tried;

    /**
     * @param failures so many of them within the window open it, if they are half of the outcomes or more
     * @param pause for how long it stays open before a trial
     * @param nanoTime {@link System#nanoTime}, or a test's
     */
    CircuitBreaker(int failures, Duration window, Duration pause, LongSupplier nanoTime) {
        this.failures = failures;
        this.window = window.toNanos();
        this.pause = pause.toNanos();
        this.nanoTime = nanoTime;
    }

    private record Outcome(long at, boolean failed) {}

    /** A call that was let through. Its methods may be called in any order; a failure after a success counts as well. */
    final class Pass {

        private boolean trial;

        private Pass(boolean trial) {
            this.trial = trial;
        }

        /** The model works: it began an answer, or refused to. */
        void succeeded() {
            synchronized (CircuitBreaker.this) {
                if (trial) {
                    trial = false;
                    open = false;
                    recent.clear();
                } else if (!open) {
                    remember(false);
                }
            }
        }

        /** The model is down, or too slow. */
        void failed() {
            synchronized (CircuitBreaker.this) {
                if (trial) {
                    trial = false;
                    open();
                } else if (!open) {
                    remember(true);
                }
            }
        }

        /** The call ended without a word about the model. Has no effect after the others. */
        void left() {
            synchronized (CircuitBreaker.this) {
                if (trial) {
                    trial = false;
                    tried = false;
                }
            }
        }
    }

    /** Lets a call through, or not: see {@link #remaining}. */
    synchronized Optional<Pass> pass() {
        if (!open) {
            return Optional.of(new Pass(false));
        }
        if (tried || nanoTime.getAsLong() - openUntil < 0) {
            return Optional.empty();
        }
        tried = true;
        return Optional.of(new Pass(true));
    }

    /** Whether it lets nobody through, but perhaps one to try. */
    synchronized boolean isOpen() {
        return open;
    }

    /** How long it is certain to stay open. */
    synchronized Duration remaining() {
        return Duration.ofNanos(open ? Math.max(0, openUntil - nanoTime.getAsLong()) : 0);
    }

    private void remember(boolean failed) {
        long now = nanoTime.getAsLong();
        recent.addLast(new Outcome(now, failed));
        while (recent.size() > MOST_REMEMBERED || now - recent.getFirst().at() > window) {
            recent.removeFirst();
        }
        long failedLately = recent.stream().filter(Outcome::failed).count();
        if (failedLately >= failures && 2 * failedLately >= recent.size()) {
            open();
        }
    }

    private void open() {
        open = true;
        tried = false;
        openUntil = nanoTime.getAsLong() + pause;
        recent.clear();
    }
}
