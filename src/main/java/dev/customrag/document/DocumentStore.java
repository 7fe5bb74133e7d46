package dev.customrag.document;

import dev.customrag.document.parsing.FileType;
import dev.customrag.document.parsing.FileTypeDetector;
import dev.customrag.http.Ids;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A person's documents: takes files in, hands them out, forgets them. */
@ApplicationScoped
class DocumentStore {

    private static final long MEGABYTE = 1024 * 1024;

    private final Documents documents;
    private final DocumentContents contents;
    private final IngestionQueue queue;
    private final DocumentsConfig config;

    DocumentStore(Documents documents, DocumentContents contents, IngestionQueue queue, DocumentsConfig config) {
        this.documents = documents;
        this.contents = contents;
        this.queue = queue;
        this.config = config;
    }

    /** The server cuts bodies off before anything here sees them: a file of the largest size must get through. */
    void checkLimits(
            @Observes StartupEvent event,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize largestBody) {
        if (largestBody.asLongValue() <= config.maxSize().asLongValue()) {
            throw new IllegalStateException(
                    "quarkus.http.limits.max-body-size must be greater than documents.max-size, by 1M or so.");
        }
    }

    /**
     * The outcome of an upload.
     *
     * @param isNew false if the owner had the same bytes already
     */
    record Upload(Document document, boolean isNew) {}

    /**
     * Stores a file and queues its ingestion, both or neither. The same bytes again change nothing.
     *
     * @param sentName what the client calls the file
     * @throws Problem 413 if it is too large, 415 if it is of a kind that cannot be read, 422 if it is empty
     */
    Upload upload(UUID owner, String sentName, Path file) throws IOException {
        long limit = config.maxSize().asLongValue();
        Fingerprint content = Fingerprint.of(file, limit);
        if (content.size() > limit) {
            throw tooLarge(limit);
        }
        if (content.size() == 0) {
            throw Problem.invalid("file", "is empty");
        }
        String filename = Filename.clean(sentName);
        FileType type = FileTypeDetector.detect(file, filename);
        var run = new IngestionRun(Ids.next(), owner, Ids.next());
        boolean isNew = QuarkusTransaction.requiringNew().call(() -> store(run, filename, type, content, file));
        // Deleted by its owner in between: then there is nothing to show, as for any deleted document.
        Document document = documents.findByContent(owner, content).orElseThrow(DocumentStore::notFound);
        return new Upload(document, isNew);
    }

    private boolean store(IngestionRun run, String filename, FileType type, Fingerprint content, Path file)
            throws IOException {
        boolean isNew = documents.insert(run, filename, type, content);
        if (isNew) {
            contents.store(run.owner(), run.document(), file);
            queue.add(run);
        }
        return isNew;
    }

    Document get(UUID owner, UUID id) {
        return documents.find(owner, id).orElseThrow(DocumentStore::notFound);
    }

    Page<Document> list(UUID owner, DocumentList list, PageRequest page) {
        return documents.list(owner, list, page);
    }

    /**
     * Gives a document another name. Its type stays as it was found out.
     *
     * @throws Problem 422 if the name is none, or too long
     */
    Document rename(UUID owner, UUID id, String sentName) {
        String filename = Filename.chosen(sentName);
        return documents.rename(owner, id, filename).orElseThrow(DocumentStore::notFound);
    }

    /** Deletes a document with all that came of it. A run that is under way finds nothing to write to, and ends. */
    void delete(UUID owner, UUID id) {
        if (documents.delete(owner, Set.of(id)).isEmpty()) {
            throw notFound();
        }
    }

    /** Deletes those documents of {@code ids} that are this person's, all at once; gives their ids. */
    Set<UUID> delete(UUID owner, Set<UUID> ids) {
        return documents.delete(owner, ids);
    }

    /** Queues the ingestion of a document once more. Its passages stay until the new ones are there. */
    Document reingest(UUID owner, UUID id) {
        var run = new IngestionRun(Ids.next(), owner, id);
        boolean queued = QuarkusTransaction.requiringNew().call(() -> {
            boolean requeued = documents.requeue(run);
            if (requeued) {
                queue.add(run);
            }
            return requeued;
        });
        Document document = get(owner, id);
        if (!queued) {
            throw Problem.conflict("ingestion-running", "The document is being ingested. Wait until it is ready.");
        }
        return document;
    }

    /** Writes the original bytes. */
    void writeContent(UUID owner, Document document, OutputStream out) {
        try {
            contents.copy(owner, document.id(), document.sizeBytes(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Problem tooLarge(long limit) {
        return new Problem(
                413,
                "too-large",
                "Content too large",
                "The file is larger than %d MB. Make it smaller or split it.".formatted(limit / MEGABYTE));
    }

    private static Problem notFound() {
        return Problem.notFound("Document");
    }
}
