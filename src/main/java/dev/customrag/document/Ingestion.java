package dev.customrag.document;

import dev.customrag.document.Splitter.Part;
import dev.customrag.document.parsing.DocumentReader;
import dev.customrag.document.parsing.FileType;
import dev.customrag.document.parsing.ParsedDocument;
import dev.customrag.document.parsing.UnreadableDocument;
import dev.customrag.knowledge.EmbeddedText;
import dev.customrag.knowledge.NewPassage;
import dev.customrag.knowledge.PassageIndex;
import dev.customrag.knowledge.PassageVectors;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.VectorSpace;
import dev.customrag.tenancy.OwnedRows;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a document findable: read, split, embed, index. The passages change in one transaction at the end, so that a run
 * can break off anywhere and start over. Vectors on the way are staged in the database: memory holds a batch of them,
 * not the 40 MB of a document of ten million characters, and a run that starts over does not embed again.
 */
@ApplicationScoped
class Ingestion {

    /** Reading is quick beside embedding. */
    private static final float PROGRESS_WHEN_PARSED = 0.1f;

    private static final int INDEXING_TIMEOUT_SECONDS = 600;

    private final Documents documents;
    private final DocumentContents contents;
    private final Storage storage;
    private final TemporaryFiles temporary;
    private final DocumentReader reader;
    private final Splitter splitter;
    private final ModelProvider models;
    private final TextEmbedder embedder;
    private final PassageIndex index;
    private final PassageVectors vectors;
    private final OwnedRows rows;
    private final RunWatch watch;
    private final Patience patience;

    Ingestion(
            Documents documents,
            DocumentContents contents,
            Storage storage,
            TemporaryFiles temporary,
            DocumentReader reader,
            Splitter splitter,
            ModelProvider models,
            TextEmbedder embedder,
            PassageIndex index,
            PassageVectors vectors,
            OwnedRows rows,
            RunWatch watch,
            Patience patience) {
        this.documents = documents;
        this.contents = contents;
        this.storage = storage;
        this.temporary = temporary;
        this.reader = reader;
        this.splitter = splitter;
        this.models = models;
        this.embedder = embedder;
        this.index = index;
        this.vectors = vectors;
        this.rows = rows;
        this.watch = watch;
        this.patience = patience;
    }

    /** The run is over: its document is deleted, or another run has taken over. */
    private static final class RunIsOver extends Exception {

        private static final long serialVersionUID = 1L;
    }

    /**
     * Ingests a document, or finds that there is nothing to do any more. A file that cannot be read makes it failed; any
     * exception means that the run should be tried again.
     *
     * @throws ModelFailure if the embedding model fails for longer than is worth waiting for here
     * @throws StorageUnavailable if the file cannot be had now
     * @throws InterruptedException if this process stops
     */
    void run(IngestionRun run) throws IOException, InterruptedException {
        try {
            check(patience.outlasting(() -> documents.begin(run)));
            ParsedDocument parsed = read(run);
            List<Part> parts = splitter.split(parsed);
            check(patience.outlasting(() -> documents.parsed(run)));
            VectorSpace space = embed(run, parts);
            index(run, parsed, space, passages(parsed.text(), parts));
        } catch (UnreadableDocument | ContentMissing e) {
            patience.outlasting(() -> fail(run, e.getMessage(), ""));
        } catch (RunIsOver e) {
            // Nothing to write to, nothing to clean up.
        }
    }

    /**
     * Ends a run as failed. A newer file that could not be read is dropped, and the document stays what it was.
     *
     * @param error what is wrong, and with the file what to do
     * @param advice what to do with the document, unless it has an earlier version
     */
    void fail(IngestionRun run, String error, String advice) {
        QuarkusTransaction.requiringNew().run(() -> {
            boolean newer = contents.newer(run.owner(), run.document()).isPresent();
            if (!documents.fail(run, newer ? newerFailed(run, error) : (error + " " + advice).strip())) {
                return;
            }
            if (newer) {
                contents.dropNewer(run.owner(), run.document());
            }
            vectors.forget(run.owner(), run.document());
        });
    }

    private String newerFailed(IngestionRun run, String error) {
        boolean answers = documents
                .find(run.owner(), run.document())
                .filter(document -> document.passageCount() > 0)
                .isPresent();
        return "The newer file could not be taken over. " + error
                + (answers ? " The earlier version still answers." : " The earlier file is kept.");
    }

    private ParsedDocument read(IngestionRun run) throws IOException, InterruptedException, RunIsOver {
        Path file = temporary.create();
        try {
            StoredFile stored = patience.outlasting(() -> copy(run, file)).orElseThrow(RunIsOver::new);
            watch.signOfLife();
            return reader.read(FileType.ofMediaType(stored.mediaType()), file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Optional<StoredFile> copy(IngestionRun run, Path file) {
        Optional<StoredFile> stored = contents.newest(run.owner(), run.document());
        if (stored.isPresent()) {
            try (InputStream bytes = storage.open(run.owner(), stored.get());
                    OutputStream out = Files.newOutputStream(file)) {
                bytes.transferTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return stored;
    }

    private VectorSpace embed(IngestionRun run, List<Part> parts) throws InterruptedException, RunIsOver {
        PassageEmbedding embedding = models.embedding();
        List<EmbeddedText> texts = parts.stream().map(Part::embedded).toList();
        embedder.embed(
                run.owner(),
                run.document(),
                embedding,
                texts,
                done -> check(patience.outlasting(
                        () -> documents.progress(run, PROGRESS_WHEN_PARSED + (1 - PROGRESS_WHEN_PARSED) * done))));
        return embedding.space();
    }

    private static List<NewPassage> passages(String text, List<Part> parts) {
        var passages = new ArrayList<NewPassage>(parts.size());
        Part before = null;
        for (Part part : parts) {
            passages.add(new NewPassage(
                    passages.size(),
                    part.page(),
                    part.heading(),
                    part.start(),
                    part.end(),
                    part.text(),
                    before == null ? null : gap(text, before, part)));
            before = part;
        }
        return passages;
    }

    /** What is between two parts of one section on one page; null if there is more than that between them. */
    private static String gap(String text, Part before, Part part) {
        boolean together =
                Objects.equals(before.page(), part.page()) && Objects.equals(before.heading(), part.heading());
        String gap = text.substring(Math.min(before.end(), part.start()), part.start());
        return together && gap.isBlank() ? gap : null;
    }

    /** Once more after a commit whose answer was lost does nothing: the run is over then. */
    private void index(IngestionRun run, ParsedDocument parsed, VectorSpace space, List<NewPassage> passages)
            throws InterruptedException {
        patience.outlasting(() -> QuarkusTransaction.requiringNew()
                .timeout(INDEXING_TIMEOUT_SECONDS)
                .run(() -> {
                    // First the rows, which are locked by it: a deletion waits, or was before and leaves nothing to do.
                    if (rows.keepOwner(run.owner())
                            && documents.ready(run, parsed.pageCount(), parsed.pagesWithoutText(), passages.size())) {
                        contents.useNewer(run.owner(), run.document())
                                .ifPresent(newer -> documents.show(run.owner(), run.document(), newer));
                        index.replace(run.owner(), run.document(), space, passages);
                    }
                }));
    }

    private void check(boolean runGoesOn) throws RunIsOver {
        watch.signOfLife();
        if (!runGoesOn) {
            throw new RunIsOver();
        }
    }
}
