package dev.customrag.document;

import dev.customrag.document.Splitter.Part;
import dev.customrag.document.parsing.DocumentReader;
import dev.customrag.document.parsing.FileType;
import dev.customrag.document.parsing.ParsedDocument;
import dev.customrag.document.parsing.UnreadableDocument;
import dev.customrag.jobs.Backoff;
import dev.customrag.knowledge.NewPassage;
import dev.customrag.knowledge.PassageIndex;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes a document findable: read, split, embed, index. What is on the way is in memory only, and the passages change in
 * one transaction at the end, so that a run can break off anywhere and start over.
 */
@ApplicationScoped
class Ingestion {

    /** Reading is quick beside embedding. */
    private static final float PROGRESS_WHEN_PARSED = 0.1f;

    /** Tries of one batch before the whole run waits: enough for the throttling that a busy minute brings. */
    private static final int BATCH_TRIES = 5;

    private static final int INDEXING_TIMEOUT_SECONDS = 600;

    private final Documents documents;
    private final DocumentContents contents;
    private final DocumentReader reader;
    private final Splitter splitter;
    private final ModelProvider models;
    private final PassageIndex index;
    private final Backoff backoff;
    private final CountDownLatch stopping = new CountDownLatch(1);

    Ingestion(
            Documents documents,
            DocumentContents contents,
            DocumentReader reader,
            Splitter splitter,
            ModelProvider models,
            PassageIndex index,
            DocumentsConfig config) {
        this.documents = documents;
        this.contents = contents;
        this.reader = reader;
        this.splitter = splitter;
        this.models = models;
        this.index = index;
        this.backoff =
                new Backoff(config.ingestion().backoff(), config.ingestion().maxBackoff());
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
     * @throws InterruptedException if this process stops
     */
    void run(IngestionRun run) throws IOException, InterruptedException {
        try {
            FileType type = documents.begin(run).orElseThrow(RunIsOver::new);
            ParsedDocument parsed = read(run, type);
            List<Part> parts = splitter.split(parsed);
            check(documents.parsed(run, parsed.pageCount()));
            index(run, embed(run, parts));
        } catch (UnreadableDocument e) {
            documents.fail(run, e.getMessage());
        } catch (RunIsOver e) {
            // Nothing to write to, nothing to clean up.
        }
    }

    /** Lets go of the runs that are under way: they break off at the next batch. */
    void stop() {
        stopping.countDown();
    }

    private ParsedDocument read(IngestionRun run, FileType type) throws IOException, InterruptedException, RunIsOver {
        long size = documents
                .find(run.owner(), run.document())
                .orElseThrow(RunIsOver::new)
                .sizeBytes();
        Path file = Files.createTempFile("document", null);
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                contents.copy(run.owner(), run.document(), size, out);
            }
            return reader.read(type, file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private record EmbeddedPassages(String model, List<NewPassage> passages) {}

    private EmbeddedPassages embed(IngestionRun run, List<Part> parts) throws InterruptedException, RunIsOver {
        PassageEmbedding embedding = models.embedding();
        var passages = new ArrayList<NewPassage>(parts.size());
        for (int from = 0; from < parts.size(); from += embedding.batchSize()) {
            float done = (float) from / parts.size();
            check(documents.progress(run, PROGRESS_WHEN_PARSED + (1 - PROGRESS_WHEN_PARSED) * done));
            List<Part> batch = parts.subList(from, Math.min(from + embedding.batchSize(), parts.size()));
            List<float[]> vectors = embed(embedding, batch);
            for (int i = 0; i < batch.size(); i++) {
                Part part = batch.get(i);
                passages.add(new NewPassage(
                        from + i, part.page(), part.heading(), part.start(), part.end(), part.text(), vectors.get(i)));
            }
        }
        return new EmbeddedPassages(embedding.modelId(), passages);
    }

    private List<float[]> embed(PassageEmbedding embedding, List<Part> batch) throws InterruptedException {
        List<String> texts = batch.stream().map(Part::textForEmbedding).toList();
        for (int failures = 1; ; failures++) {
            if (stopping.getCount() == 0) {
                throw new InterruptedException();
            }
            try {
                return embedding.embedPassages(texts);
            } catch (ModelFailure e) {
                if (!e.mayPass() || failures == BATCH_TRIES) {
                    throw e;
                }
            }
            if (stopping.await(backoff.after(failures).toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException();
            }
        }
    }

    private void index(IngestionRun run, EmbeddedPassages embedded) {
        QuarkusTransaction.requiringNew().timeout(INDEXING_TIMEOUT_SECONDS).run(() -> {
            // First the row, which is locked by it: a deletion waits, or was before and leaves nothing to do.
            if (documents.ready(run, embedded.passages().size())) {
                index.replace(run.owner(), run.document(), embedded.model(), embedded.passages());
            }
        });
    }

    private static void check(boolean runGoesOn) throws RunIsOver {
        if (!runGoesOn) {
            throw new RunIsOver();
        }
    }
}
