package dev.customrag.model;

import dev.customrag.jobs.Backoff;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many calls may be under way at a provider that throttles: one more for each round without a refusal, half as many
 * after one, as TCP does with its window (Chiu and Jain 1989: additive increase and multiplicative decrease is what makes
 * senders that do not know of each other share fairly; here these are the processes). After a refusal all calls pause, for
 * longer with each in a row, so that a single call at a time still slows down.
 */
public final class CallLimit {

    private final int most;
    private final Backoff pause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private double limit;
    private int underWay;
    private long begun;
    private long begunAtLastCut;
    private int refusalsInARow;
    private long pausedUntil = System.nanoTime();
    private boolean closed;

    /**
     * @param most calls at a time, which is also what it begins with
     * @param pause after refusals in a row
     */
    public CallLimit(int most, Backoff pause) {
        this.most = most;
        this.pause = pause;
        this.limit = most;
    }

    /** A call that is under way. One of its methods is to be called when it is over. */
    public final class Call {

        private final long number;

        private Call(long number) {
            this.number = number;
        }

        /** It was answered. */
        public void succeeded() {
            end(() -> {
                refusalsInARow = 0;
                limit = Math.min(most, limit + 1 / limit);
            });
        }

        /** The provider had too much to do. Calls that began before the last cut say nothing new. */
        public void throttled() {
            end(() -> {
                if (number > begunAtLastCut) {
                    limit = Math.max(1, limit / 2);
                    begunAtLastCut = begun;
                    refusalsInARow++;
                    pausedUntil =
                            System.nanoTime() + pause.after(refusalsInARow).toNanos();
                }
            });
        }

        /** It ended in a way that tells nothing about how busy the provider is. */
        public void broke() {
            end(() -> {});
        }

        private void end(Runnable change) {
            lock.lock();
            try {
                underWay--;
                change.run();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits until a call may begin.
     *
     * @throws InterruptedException if the thread is interrupted, or this process stops
     */
    public Call begin() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw new InterruptedException();
                }
                long wait = pausedUntil - System.nanoTime();
                if (wait > 0) {
                    changed.await(wait, TimeUnit.NANOSECONDS);
                } else if (underWay >= (int) limit) {
                    changed.await();
                } else {
                    underWay++;
                    return new Call(++begun);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Calls that may be under way now. */
    public int current() {
        lock.lock();
        try {
            return (int) limit;
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody begin any more, and those who wait go. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
