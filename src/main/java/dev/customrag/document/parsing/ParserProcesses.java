package dev.customrag.document.parsing;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs parsers in processes of their own, which can be killed and whose memory is bounded. They start when they are
 * needed, serve many files, the last used first, and end when there has been nothing to do for a while.
 */
final class ParserProcesses implements ParserPlaces {

    private final ParsingConfig limits;
    private final ReaderConfig config;
    private final MeterRegistry metrics;
    private final Semaphore places;
    private final AtomicInteger running;
    private final ScheduledExecutorService clearing = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("parser-clearing").factory());

    private record Idle(ParserProcess parser, long since) {}

    /** The last used first. Guarded by itself, as is {@link #closed}. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private boolean closed;

    ParserProcesses(ParsingConfig limits, ReaderConfig config, MeterRegistry metrics) {
        this.limits = limits;
        this.config = config;
        this.metrics = metrics;
        running = metrics.gauge("documents.parsing.processes", new AtomicInteger());
        places = ParserPlaces.of(config);
        long period = Math.max(1, config.idle().toMillis() / 4);
        clearing.scheduleWithFixedDelay(this::endIdle, period, period, TimeUnit.MILLISECONDS);
    }

    @Override
    public ParsedDocument read(FileType type, Path file) throws InterruptedException {
        places.acquire();
        try {
            ParserProcess parser = take();
            try {
                return parser.read(type, file, limits);
            } finally {
                giveBack(parser);
            }
        } finally {
            places.release();
        }
    }

    private ParserProcess take() throws InterruptedException {
        while (true) {
            Idle kept;
            synchronized (idle) {
                if (closed) {
                    throw new InterruptedException();
                }
                kept = idle.pollFirst();
            }
            if (kept == null) {
                ParserProcess started = ParserProcess.start(config, metrics);
                running.incrementAndGet();
                return started;
            }
            if (kept.parser().isGood()) {
                return kept.parser();
            }
            end(kept.parser());
        }
    }

    private void giveBack(ParserProcess parser) {
        synchronized (idle) {
            if (!closed && parser.isGood()) {
                idle.addFirst(new Idle(parser, System.nanoTime()));
                return;
            }
        }
        end(parser);
    }

    private void endIdle() {
        var unused = new ArrayList<Idle>();
        synchronized (idle) {
            long before = System.nanoTime() - config.idle().toNanos();
            while (!idle.isEmpty() && idle.peekLast().since() - before < 0) {
                unused.add(idle.pollLast());
            }
        }
        unused.forEach(one -> end(one.parser()));
    }

    private void end(ParserProcess parser) {
        running.decrementAndGet();
        parser.close();
    }

    @Override
    public void close() {
        List<Idle> rest;
        synchronized (idle) {
            closed = true;
            rest = List.copyOf(idle);
            idle.clear();
        }
        clearing.shutdownNow();
        rest.forEach(one -> end(one.parser()));
    }
}
