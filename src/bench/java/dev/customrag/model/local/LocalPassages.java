package dev.customrag.model.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Embedding of passages as the service does it with the local model, without the service. */
public final class LocalPassages implements AutoCloseable {

    private final LocalEmbedding embedding;

    /**
     * @param passageThreads {@code model.local.passage-threads}
     */
    public LocalPassages(int passageThreads) {
        embedding = new LocalEmbedding(new LocalConfig() {

            @Override
            public Optional<Integer> passageThreads() {
                return Optional.of(passageThreads);
            }

            @Override
            public int questionThreads() {
                return 1;
            }
        });
        embedding.warm();
    }

    /** As many documents at once as ingestions are under way, each in batches one after another. */
    public List<float[]> embed(List<String> texts, int documents) {
        int share = (texts.size() + documents - 1) / documents;
        List<CompletableFuture<List<float[]>>> parts = IntStream.range(0, documents)
                .mapToObj(
                        i -> texts.subList(Math.min(i * share, texts.size()), Math.min((i + 1) * share, texts.size())))
                .map(part -> CompletableFuture.supplyAsync(() -> inBatches(part)))
                .toList();
        return parts.stream().flatMap(part -> part.join().stream()).toList();
    }

    private List<float[]> inBatches(List<String> texts) {
        var vectors = new ArrayList<float[]>();
        for (int from = 0; from < texts.size(); from += embedding.batchSize()) {
            vectors.addAll(embedding
                    .embedPassages(texts.subList(from, Math.min(from + embedding.batchSize(), texts.size())))
                    .vectors());
        }
        return vectors;
    }

    @Override
    public void close() {
        embedding.close();
    }
}
