package dev.customrag.document.parsing;

import dev.customrag.http.Faults;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Reads files, a bounded number at a time and each for a bounded time, on threads of its own. A hostile or damaged file
 * costs one of them for that time. A parser that does not end even then cannot be ended from outside: it loses its
 * place, so that others are read, and is counted in the gauge {@code documents.parsing.abandoned}.
 */
@ApplicationScoped
public class DocumentReader {

    private static final Logger LOG = Logger.getLogger(DocumentReader.class);

    private final ParsingConfig limits;
    private final Semaphore places;
    private final AtomicInteger abandoned;

    public DocumentReader(ParsingConfig limits, MeterRegistry metrics) {
        this.limits = limits;
        abandoned = metrics.gauge("documents.parsing.abandoned", new AtomicInteger());
        places = new Semaphore(limits.threads().orElse(Runtime.getRuntime().availableProcessors()));
    }

    /**
     * The text of a file.
     *
     * @throws UnreadableDocument if it has none that can be got at within the limits
     * @throws InterruptedException if this process stops meanwhile
     */
    public ParsedDocument read(FileType type, Path file) throws InterruptedException {
        return read(type.parser(), file);
    }

    ParsedDocument read(DocumentParser parser, Path file) throws InterruptedException {
        var result = new CompletableFuture<ParsedDocument>();
        var placeGivenBack = new AtomicBoolean();
        places.acquire();
        Thread parsing = Thread.ofPlatform().daemon().name("document-reader").unstarted(() -> {
            try {
                result.complete(parse(parser, file));
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
            return result.get(limits.timeLimit().plus(limits.grace()).toMillis(), TimeUnit.MILLISECONDS);
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

    private ParsedDocument parse(DocumentParser parser, Path file) throws IOException {
        var text = new TextCollector(limits);
        parser.parse(file, text);
        return text.finish();
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
