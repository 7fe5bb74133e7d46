package dev.customrag.bench;

import dev.customrag.model.local.LocalPassages;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The service's local embedding of passages against the library's own {@code embedAll} on all cores, the same texts. */
final class EmbeddingBench {

    private static final int ROUNDS = 3;
    private static final int TEXTS = 32;

    private EmbeddingBench() {}

    static void run() {
        int cores = Runtime.getRuntime().availableProcessors();
        List<String> texts = texts();
        try (ExecutorService executor = Executors.newFixedThreadPool(cores)) {
            EmbeddingModel library = new BgeSmallEnV15QuantizedEmbeddingModel(executor);
            var variants = new ArrayList<Variant>();
            var one = new LocalPassages(1);
            var all = new LocalPassages(cores);
            variants.add(new Variant("one thread, 1 document", one, 1));
            variants.add(new Variant("a thread for each core, 1 document", all, 1));
            variants.add(new Variant("a thread for each core, 4 documents", all, 4));
            Consumer<List<String>> bulk = some ->
                    library.embedAll(some.stream().map(TextSegment::from).toList());
            bulk.accept(texts.subList(0, 8));
            variants.forEach(variant -> variant.embed(texts.subList(0, 8)));
            var ratios = new double[variants.size()][ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < variants.size(); i++) {
                    Duration alone = time(bulk, texts);
                    Duration ours = time(variants.get(i)::embed, texts);
                    ratios[i][round] = (double) alone.toNanos() / ours.toNanos();
                    System.out.printf(
                            "  %s: embedAll %.1f/s, service %.1f/s, ratio %.2f%n",
                            variants.get(i).name(), rate(alone), rate(ours), ratios[i][round]);
                }
            }
            for (int i = 0; i < variants.size(); i++) {
                System.out.printf(
                        "  => %s: median ratio %.2f (goal >= 0.8)%n",
                        variants.get(i).name(), IdentityBench.median(ratios[i]));
            }
            variants.forEach(variant -> variant.passages().close());
        }
    }

    private record Variant(String name, LocalPassages passages, int documents) {

        void embed(List<String> texts) {
            passages.embed(texts, documents);
        }
    }

    private static Duration time(Consumer<List<String>> embedding, List<String> texts) {
        long began = System.nanoTime();
        embedding.accept(texts);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static double rate(Duration taken) {
        return TEXTS * 1e9 / taken.toNanos();
    }

    /** Of the length of passages: 1,100 characters at most. */
    private static List<String> texts() {
        var texts = new ArrayList<String>();
        for (int i = 0; i < TEXTS; i++) {
            texts.add(Texts.paragraphs(i, 1));
        }
        return texts;
    }
}
