package dev.customrag.document.parsing;

import dev.customrag.http.Faults;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Runs parsers on threads of this process. One that does not end in time cannot be ended from outside: it loses its
 * place, so that others are read, and is counted in the gauge {@code documents.parsing.abandoned}. Nor is its memory
 * bounded.
 */
final class ParserThreads implements ParserPlaces {

    private static final Logger LOG = Logger.getLogger(ParserThreads.class);

    private final ParsingConfig limits;
    private final Duration grace;
    private final Semaphore places;
    private final AtomicInteger abandoned;

    ParserThreads(ParsingConfig limits, ReaderConfig config, MeterRegistry metrics) {
        this.limits = limits;
        this.grace = config.grace();
        abandoned = metrics.gauge("documents.parsing.abandoned", new AtomicInteger());
        places = ParserPlaces.of(config);
    }

    @Override
    public ParsedDocument read(FileType type, Path file) throws InterruptedException {
        return read(type.parser(), file);
    }

    ParsedDocument read(DocumentParser parser, Path file) throws InterruptedException {
        var result = new CompletableFuture<ParsedDocument>();
        var placeGivenBack = new AtomicBoolean();
        places.acquire();
        Thread parsing = Thread.ofPlatform().daemon().name("document-reader").unstarted(() -> {
            try {
                result.complete(TextCollector.collect(parser, file, limits));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            } finally {
                if (placeGivenBack.compareAndSet(false, true)) {
                    places.release();
                } else {
                    abandoned.decrementAndGet();
                }
            }
        });
        parsing.start();
        try {
            return result.get(limits.timeLimit().plus(grace).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (placeGivenBack.compareAndSet(false, true)) {
                LOG.warn("A parser does not end and is left alone, " + abandoned.incrementAndGet() + " by now");
                places.release();
            }
            throw UnreadableDocument.tooSlow();
        } catch (ExecutionException e) {
            throw asUnreadable(e.getCause());
        } finally {
            parsing.interrupt();
        }
    }

    @Override
    public void close() {
        // The threads are daemons.
    }

    /**
     * Parsers answer a damaged file with exceptions of every kind, with a stack that overflows and with a demand for
     * more memory than there is.
     */
    private static UnreadableDocument asUnreadable(Throwable cause) {
        if (cause instanceof UnreadableDocument unreadable) {
            return unreadable;
        }
        LOG.info("A file could not be read: " + Faults.describe(cause));
        return UnreadableDocument.damaged();
    }
}
