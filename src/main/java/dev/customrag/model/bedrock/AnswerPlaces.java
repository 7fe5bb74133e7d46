package dev.customrag.model.bedrock;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How many answers of this process may be under way; the others wait a little, first come, first served. Nobody blocks: who
 * gets a place later is told on a thread of its own. Why not a library's bulkhead: {@link CircuitBreaker}.
 */
final class AnswerPlaces {

    private final int most;
    private final Duration wait;
    private final ScheduledExecutorService timer;
    private final Deque<Place> waiting = new ArrayDeque<>();
    private int taken;

    /**
     * @param most places
     * @param wait for how long one that is not free is waited for
     * @param timer is kept busy for an instant only
     */
    AnswerPlaces(int most, Duration wait, ScheduledExecutorService timer) {
        this.most = most;
        this.wait = wait;
        this.timer = timer;
    }

    /** One answer's claim. */
    final class Place {

        private enum State {
            NEW,
            WAITING,
            TAKEN,
            LEFT
        }

        private final Runnable go;
        private final Runnable full;
        private State state = State.NEW;
        private Future<?> patience;

        private Place(Runnable go, Runnable full) {
            this.go = go;
            this.full = full;
        }

        /** Runs {@code go} now if there is a free place; otherwise returns, and one of both runs later. */
        void enter() {
            synchronized (AnswerPlaces.this) {
                if (state != State.NEW) {
                    return;
                }
                if (taken == most) {
                    state = State.WAITING;
                    waiting.addLast(this);
                    patience = timer.schedule(this::giveUp, wait.toNanos(), TimeUnit.NANOSECONDS);
                    return;
                }
                take();
            }
            go.run();
        }

        /** Frees the place, or waits for none any more: then neither runs. Idempotent. */
        void leave() {
            synchronized (AnswerPlaces.this) {
                switch (state) {
                    case WAITING -> {
                        waiting.remove(this);
                        patience.cancel(false);
                    }
                    case TAKEN -> {
                        taken--;
                        if (!waiting.isEmpty()) {
                            Place next = waiting.removeFirst();
                            next.patience.cancel(false);
                            next.take();
                            Thread.startVirtualThread(next.go);
                        }
                    }
                    case NEW, LEFT -> {}
                }
                state = State.LEFT;
            }
        }

        private void take() {
            state = State.TAKEN;
            taken++;
        }

        private void giveUp() {
            synchronized (AnswerPlaces.this) {
                if (state != State.WAITING) {
                    return;
                }
                waiting.remove(this);
                state = State.LEFT;
            }
            Thread.startVirtualThread(full);
        }
    }

    /**
     * A claim, which {@link Place#enter} makes.
     *
     * @param go what to do with a place
     * @param full what to do if none becomes free in time
     */
    Place place(Runnable go, Runnable full) {
        return new Place(go, full);
    }

    /** Answers under way. */
    synchronized int taken() {
        return taken;
    }

    /** Answers that wait for a place. */
    synchronized int waiting() {
        return waiting.size();
    }
}
