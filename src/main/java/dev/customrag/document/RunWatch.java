package dev.customrag.document;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Has runs done on threads of their own, so that a worker is not lost to one that hangs: the engine's heartbeat shows that
 * the process lives, not that the work goes on. One without a sign of life for {@code documents.ingestion.stall-limit} is
 * interrupted and left alone, and counted in the gauge {@code documents.ingestion.abandoned} until it ends. It cannot
 * spoil the next try: states are final, and passages change in one transaction.
 */
@ApplicationScoped
class RunWatch {

    private static final Logger LOG = Logger.getLogger(RunWatch.class);

    private final Map<Thread, Long> signsOfLife = new ConcurrentHashMap<>();
    private final Map<UUID, Thread> runs = new ConcurrentHashMap<>();
    private final Duration limit;
    private final AtomicInteger abandoned;

    RunWatch(DocumentsConfig config, MeterRegistry metrics) {
        this.limit = config.ingestion().stallLimit();
        this.abandoned = metrics.gauge("documents.ingestion.abandoned", new AtomicInteger());
    }

    /** What a run does. */
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** The run shows no sign of life. */
    static final class Hangs extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** To be called by a run whenever it gets on. */
    void signOfLife() {
        signsOfLife.computeIfPresent(Thread.currentThread(), (thread, last) -> System.nanoTime());
    }

    /** Whether this process is at work on it. */
    boolean isRunning(IngestionRun run) {
        return runs.containsKey(run.id());
    }

    /** Runs that this process is at work on. */
    int running() {
        return runs.size();
    }

    /**
     * Does the work, and throws what it throws.
     *
     * @throws Hangs if it shows no sign of life for too long
     */
    void run(IngestionRun run, Work work) throws IOException, InterruptedException {
        var done = new CompletableFuture<Void>();
        Thread thread = Thread.ofPlatform().daemon().name("ingestion").unstarted(() -> {
            try {
                work.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        signsOfLife.put(thread, System.nanoTime());
        runs.put(run.id(), thread);
        try {
            thread.start();
            await(thread, done);
        } catch (ExecutionException e) {
            rethrow(e.getCause());
        } finally {
            thread.interrupt();
            signsOfLife.remove(thread);
            runs.remove(run.id(), thread);
        }
    }

    private void await(Thread thread, CompletableFuture<Void> done) throws ExecutionException, InterruptedException {
        while (true) {
            long left = limit.toNanos() - (System.nanoTime() - signsOfLife.get(thread));
            if (left <= 0) {
                LOG.error("An ingestion hangs and is left alone, " + abandoned.incrementAndGet() + " by now");
                done.whenComplete((nothing, late) -> abandoned.decrementAndGet());
                throw new Hangs();
            }
            try {
                done.get(left, TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                // There may have been a sign meanwhile.
            }
        }
    }

    private static void rethrow(Throwable cause) throws IOException, InterruptedException {
        switch (cause) {
            case IOException e -> throw e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(cause);
        }
    }
}
