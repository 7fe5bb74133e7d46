package dev.customrag.document;

import dev.customrag.jobs.Backoff;
import dev.customrag.knowledge.EmbeddedText;
import dev.customrag.knowledge.PassageVectors;
import dev.customrag.model.Embeddings;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.TokenCounts;
import dev.customrag.usage.Ledger;
import dev.customrag.usage.Purpose;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Makes the vectors of a document's texts, each text once, batch by batch, and stages them. Texts that the owner has in
 * another document, or had in this one, keep their vectors. Each batch is in the ledger; no budget keeps a document from
 * being taken in.
 */
@ApplicationScoped
class TextEmbedder {

    /** Tries of one batch before the whole run waits: enough for a provider that is restarted. */
    private static final int BATCH_TRIES = 5;

    /** Texts looked up at once. */
    private static final int LOOKED_UP = 1000;

    private final PassageVectors vectors;
    private final Ledger ledger;
    private final Patience patience;
    private final Backoff backoff;
    private final Counter embedded;
    private final Counter reused;

    TextEmbedder(
            PassageVectors vectors, Ledger ledger, Patience patience, DocumentsConfig config, MeterRegistry metrics) {
        this.vectors = vectors;
        this.ledger = ledger;
        this.patience = patience;
        this.backoff =
                new Backoff(config.ingestion().backoff(), config.ingestion().maxBackoff());
        this.embedded = metrics.counter("documents.texts", "vector", "embedded");
        this.reused = metrics.counter("documents.texts", "vector", "reused");
    }

    /** Hears before each batch how far it is; what it throws ends the work. */
    interface Progress<X extends Exception> {

        /** From 0 to 1. */
        void at(float done) throws X, InterruptedException;
    }

    /**
     * Stages the vectors of all texts.
     *
     * @throws ModelFailure if the model fails for longer than is worth waiting for here; never because it throttles
     * @throws InterruptedException if this process stops
     */
    <X extends Exception> void embed(
            UUID owner, UUID document, PassageEmbedding embedding, List<EmbeddedText> texts, Progress<X> progress)
            throws X, InterruptedException {
        progress.at(0);
        Map<UUID, EmbeddedText> distinct = distinct(texts);
        List<UUID> missing = missing(owner, document, embedding, distinct);
        reused.increment(texts.size() - missing.size());
        int size = embedding.batchSize();
        for (int from = 0; from < missing.size(); from += size) {
            if (from > 0) {
                progress.at((float) (distinct.size() - missing.size() + from) / distinct.size());
            }
            List<UUID> batch = missing.subList(from, Math.min(from + size, missing.size()));
            stage(owner, document, embedding, batch.stream().map(distinct::get).toList());
        }
    }

    /** Stages the vectors of one batch of different texts. Throws as {@link #embed} does. */
    void stage(UUID owner, UUID document, PassageEmbedding embedding, List<EmbeddedText> batch)
            throws InterruptedException {
        Embeddings made =
                embed(embedding, batch.stream().map(EmbeddedText::text).toList());
        var tokens = new TokenCounts(made.inputTokens(), 0, 0, 0);
        patience.outlasting(() -> ledger.record(owner, Purpose.PASSAGE_EMBEDDING, embedding.modelId(), tokens));
        var byDigest = new HashMap<UUID, float[]>();
        for (int i = 0; i < batch.size(); i++) {
            byDigest.put(batch.get(i).digest(), made.vectors().get(i));
        }
        patience.outlasting(() -> vectors.stage(owner, document, embedding.space(), byDigest));
        embedded.increment(batch.size());
    }

    private static Map<UUID, EmbeddedText> distinct(List<EmbeddedText> texts) {
        return texts.stream()
                .collect(Collectors.toMap(EmbeddedText::digest, text -> text, (a, b) -> a, LinkedHashMap::new));
    }

    private List<UUID> missing(UUID owner, UUID document, PassageEmbedding embedding, Map<UUID, EmbeddedText> distinct)
            throws InterruptedException {
        var all = new ArrayList<>(distinct.keySet());
        var missing = new ArrayList<UUID>();
        for (int from = 0; from < all.size(); from += LOOKED_UP) {
            List<UUID> some = all.subList(from, Math.min(from + LOOKED_UP, all.size()));
            Set<UUID> staged =
                    patience.outlasting(() -> vectors.staged(owner, document, embedding.space(), Set.copyOf(some)));
            some.stream().filter(digest -> !staged.contains(digest)).forEach(missing::add);
        }
        return missing;
    }

    private Embeddings embed(PassageEmbedding embedding, List<String> texts) throws InterruptedException {
        int faults = 0;
        for (int failures = 1; ; failures++) {
            patience.pause(Duration.ZERO);
            try {
                return embedding.embedPassages(texts);
            } catch (ModelFailure e) {
                if (!e.mayPass() || e.kind() != Kind.THROTTLED && ++faults == BATCH_TRIES) {
                    throw e;
                }
            }
            patience.pause(backoff.after(Math.min(failures, BATCH_TRIES)));
        }
    }
}
