package dev.customrag.testing;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Watches how much of the heap is in use that is not garbage: it is collected again and again meanwhile. */
public final class LiveHeap implements AutoCloseable {

    private static final long PAUSE_MILLIS = 300;
    private static final int COLLECTIONS = 3;

    private final long before = least();
    private final AtomicLong most = new AtomicLong(before);
    private volatile boolean closed;

    private LiveHeap() {
        Thread.ofPlatform().daemon().start(() -> {
            while (!closed) {
                sample();
                pause();
            }
        });
    }

    public static LiveHeap watched() {
        return new LiveHeap();
    }

    /** How many bytes more than at first were in use, at the worst moment so far. */
    public long growth() {
        sample();
        return most.get() - before;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void sample() {
        most.accumulateAndGet(afterCollection(), Math::max);
    }

    /** What is let go of only at the second time is no growth that is hidden. */
    private static long least() {
        long least = afterCollection();
        for (int i = 0; i < COLLECTIONS; i++) {
            pause();
            least = Math.min(least, afterCollection());
        }
        return least;
    }

    private static long afterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
