package dev.customrag.document;

import dev.customrag.knowledge.EmbeddedText;
import dev.customrag.knowledge.PassageVectors;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Makes the vectors of a document anew after the embedding model has changed, from the texts of its passages. Until all
 * are there the document is found by the old ones; then it changes over in one transaction. Staged vectors survive a
 * crash, so that the next run goes on where this one broke off. The document's row stays as it is: {@code ready} for its
 * owner, with the passages it had.
 */
@ApplicationScoped
class Reembedding {

    private static final int SWITCHING_TIMEOUT_SECONDS = 600;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /** Texts read at once: about half a megabyte. */
    private static final int READ = 500;

    private final Documents documents;
    private final PassageVectors vectors;
    private final ModelProvider models;
    private final TextEmbedder embedder;
    private final RunWatch ingestions;
    private final Patience patience;
    private final DocumentsConfig.Reembedding config;

    Reembedding(
            Documents documents,
            PassageVectors vectors,
            ModelProvider models,
            TextEmbedder embedder,
            RunWatch ingestions,
            Patience patience,
            DocumentsConfig config) {
        this.documents = documents;
        this.vectors = vectors;
        this.models = models;
        this.embedder = embedder;
        this.ingestions = ingestions;
        this.patience = patience;
        this.config = config.reembedding();
    }

    /**
     * Brings a document to the configured model, or finds that there is nothing to do: it is deleted, of that model
     * already, or being ingested, which brings it there as well.
     *
     * @throws ModelFailure if the model fails for longer than is worth waiting for here; never because it throttles
     * @throws InterruptedException if this process stops
     */
    void run(UUID owner, UUID document) throws InterruptedException {
        PassageEmbedding embedding = models.embedding();
        while (isFinished(owner, document)) {
            List<EmbeddedText> texts = vectors.unstaged(owner, document, embedding.space(), READ);
            if (texts.isEmpty()) {
                switchOver(owner, document, embedding);
                return;
            }
            embed(owner, document, embedding, texts);
        }
    }

    private boolean isFinished(UUID owner, UUID document) {
        return documents
                .find(owner, document)
                .filter(found -> found.status().isFinal())
                .isPresent();
    }

    private void embed(UUID owner, UUID document, PassageEmbedding embedding, List<EmbeddedText> texts)
            throws InterruptedException {
        Set<UUID> known = vectors.staged(
                owner,
                document,
                embedding.space(),
                texts.stream().map(EmbeddedText::digest).collect(Collectors.toSet()));
        List<EmbeddedText> missing =
                texts.stream().filter(text -> !known.contains(text.digest())).toList();
        int size = embedding.batchSize();
        for (int from = 0; from < missing.size(); from += size) {
            List<EmbeddedText> batch = missing.subList(from, Math.min(from + size, missing.size()));
            letIngestionsGoFirst();
            long began = System.nanoTime();
            embedder.stage(owner, document, embedding, batch);
            keepToTheRate(batch.size(), Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private void letIngestionsGoFirst() throws InterruptedException {
        long end = System.nanoTime() + config.patience().toNanos();
        while (ingestions.running() > 0 && System.nanoTime() < end) {
            patience.pause(LOOK_AGAIN);
        }
    }

    private void keepToTheRate(int passages, Duration taken) throws InterruptedException {
        Duration due = Duration.ofMinutes(1).multipliedBy(passages).dividedBy(config.passagesPerMinute());
        Duration rest = due.minus(taken);
        if (rest.isPositive()) {
            patience.pause(rest);
        }
    }

    /** The document is not as it was when its texts were embedded. */
    private static final class Changed extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** What has come in between, such as a new file, is for the next look for documents of another model. */
    private void switchOver(UUID owner, UUID document, PassageEmbedding embedding) {
        try {
            QuarkusTransaction.requiringNew().timeout(SWITCHING_TIMEOUT_SECONDS).run(() -> {
                boolean complete =
                        documents.lockFinished(owner, document) && vectors.switchTo(owner, document, embedding.space());
                if (!complete) {
                    throw new Changed();
                }
            });
        } catch (Changed e) {
            // Rolled back: it keeps the vectors it has.
        }
    }
}
