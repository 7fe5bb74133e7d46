package dev.customrag.document;

import dev.customrag.http.Faults;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Reads files, a bounded number at a time and each for a bounded time, on threads of its own: a hostile or damaged file
 * costs one of them for a while and nothing else.
 */
@ApplicationScoped
class DocumentReader {

    private static final Logger LOG = Logger.getLogger(DocumentReader.class);

    /** Beyond its limit a parser ends itself; this is how much later it is left alone. */
    private static final long GRACE_SECONDS = 10;

    private final DocumentsConfig.Parsing limits;
    private final Semaphore places;

    DocumentReader(DocumentsConfig config) {
        limits = config.parsing();
        places = new Semaphore(limits.threads().orElse(Runtime.getRuntime().availableProcessors()));
    }

    /**
     * The text of a file.
     *
     * @throws UnreadableDocument if it has none that can be got at within the limits
     * @throws InterruptedException if this process stops meanwhile
     */
    ParsedDocument read(FileType type, Path file) throws InterruptedException {
        var result = new CompletableFuture<ParsedDocument>();
        places.acquire();
        Thread parsing = Thread.ofPlatform().daemon().name("document-reader").unstarted(() -> {
            try {
                result.complete(parse(type, file));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            } finally {
                places.release();
            }
        });
        parsing.start();
        try {
            return result.get(limits.timeLimit().toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw UnreadableDocument.tooSlow();
        } catch (ExecutionException e) {
            throw asUnreadable(e.getCause());
        } finally {
            parsing.interrupt();
        }
    }

    private ParsedDocument parse(FileType type, Path file) throws IOException {
        var text = new TextCollector(limits);
        type.parser().parse(file, text);
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
