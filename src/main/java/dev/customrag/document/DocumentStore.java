package dev.customrag.document;

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
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A person's documents: takes files in, hands them out, forgets them. */
@ApplicationScoped
class DocumentStore {

    private static final long MEGABYTE = 1024 * 1024;

    private final Documents documents;
    private final DocumentContents contents;
    private final Storage storage;
    private final Quota quota;
    private final IngestionQueue queue;
    private final DocumentsConfig config;

    DocumentStore(
            Documents documents,
            DocumentContents contents,
            Storage storage,
            Quota quota,
            IngestionQueue queue,
            DocumentsConfig config) {
        this.documents = documents;
        this.contents = contents;
        this.storage = storage;
        this.quota = quota;
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
     * @throws Problem 413 if it is too large or beyond the owner's quota, 415 if it is of a kind that cannot be read, 422 if
     *     it is empty or one document too many
     */
    Upload upload(UUID owner, String sentName, Path file) throws IOException {
        NewFile sent = inspect(sentName, file);
        Optional<Document> same = documents.findByContent(owner, sent.content());
        if (same.isPresent()) {
            return new Upload(same.get(), false);
        }
        var run = new IngestionRun(Ids.next(), owner, Ids.next());
        quota.check(owner, 1, sent.content().size());
        boolean isNew = keep(run, sent);
        // Deleted by its owner in between: then there is nothing to show, as for any deleted document.
        Document document = documents.findByContent(owner, sent.content()).orElseThrow(DocumentStore::notFound);
        return new Upload(document, isNew);
    }

    /**
     * Takes a newer file for a document in, and queues its ingestion. What there is stays until the new is ready.
     *
     * @return not new if these are the bytes it has
     * @throws Problem as {@link #upload}; 409 if the document is in work or the bytes are another one's
     */
    Upload replace(UUID owner, UUID id, String sentName, Path file) throws IOException {
        Document document = get(owner, id);
        NewFile sent = inspect(sentName, file);
        if (document.sha256().equals(sent.content().sha256())
                && contents.newer(owner, id).isEmpty()) {
            return new Upload(document, false);
        }
        if (!document.status().isFinal()) {
            throw inWork();
        }
        if (documents.findByContent(owner, sent.content()).isPresent()) {
            throw twice();
        }
        quota.check(owner, 0, Math.max(0, sent.content().size() - document.sizeBytes()));
        var run = new IngestionRun(Ids.next(), owner, id);
        storage.keep(owner, sent, () -> quota.hold(owner, () -> addNewer(run, sent)));
        return new Upload(get(owner, id), true);
    }

    private void addNewer(IngestionRun run, NewFile file) {
        if (!documents.requeue(run)) {
            get(run.owner(), run.document());
            throw inWork();
        }
        if (!contents.insertNewer(run.owner(), run.document(), file)) {
            throw twice();
        }
        queue.add(run);
    }

    private NewFile inspect(String sentName, Path file) throws IOException {
        long limit = config.maxSize().asLongValue();
        Fingerprint content = Fingerprint.of(file, limit);
        if (content.size() > limit) {
            throw tooLarge(limit);
        }
        if (content.size() == 0) {
            throw Problem.invalid("file", "is empty");
        }
        String filename = Filename.clean(sentName);
        return new NewFile(Ids.next(), filename, FileTypeDetector.detect(file, filename), content, file);
    }

    /** The owner has the same bytes, as it turns out. */
    private static final class AlreadyThere extends RuntimeException {

        private static final long serialVersionUID = 1L;

        AlreadyThere() {
            super(null, null, false, false);
        }
    }

    private boolean keep(IngestionRun run, NewFile file) {
        try {
            storage.keep(run.owner(), file, () -> quota.hold(run.owner(), () -> add(run, file)));
            return true;
        } catch (AlreadyThere e) {
            return false;
        }
    }

    private void add(IngestionRun run, NewFile file) {
        if (!documents.insert(run, file.filename(), file.type(), file.content())) {
            throw new AlreadyThere();
        }
        if (!contents.insert(run.owner(), run.document(), file)) {
            throw twice();
        }
        queue.add(run);
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
            throw inWork();
        }
        return document;
    }

    Usage usage(UUID owner) {
        return contents.usage(owner);
    }

    /** What everybody may keep at most. */
    Usage quota() {
        return quota.most();
    }

    /** Bytes of the largest file that is taken. */
    long largestFile() {
        return config.maxSize().asLongValue();
    }

    /** The file that a document shows. */
    StoredFile file(UUID owner, UUID id) {
        return contents.inUse(owner, id).orElseThrow(DocumentStore::notFound);
    }

    /** Writes the bytes of a file. */
    void write(UUID owner, StoredFile file, OutputStream out) throws IOException {
        try (InputStream bytes = storage.open(owner, file)) {
            bytes.transferTo(out);
        }
    }

    private static Problem inWork() {
        return Problem.conflict("ingestion-running", "The document is being ingested. Wait until it is ready.");
    }

    private static Problem twice() {
        return Problem.conflict("already-uploaded", "Another document of yours has the same bytes, or will have them.");
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
