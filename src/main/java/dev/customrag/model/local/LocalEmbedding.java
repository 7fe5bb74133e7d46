package dev.customrag.model.local;

import dev.customrag.http.Faults;
import dev.customrag.model.Embeddings;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.PassageEmbedding;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jboss.logging.Logger;

/**
 * BGE small (English, v1.5, quantized) on the ONNX runtime, in this process. CPU work runs on two bounded lanes: passages
 * on one, questions on the other, so that a large ingestion delays no question.
 */
class LocalEmbedding implements PassageEmbedding, AutoCloseable {

    static final String ID = "bge-small-en-v1.5-q";

    private static final Logger LOG = Logger.getLogger(LocalEmbedding.class);

    /** What the model was trained with: model card of BAAI/bge-small-en-v1.5, "Using HuggingFace Transformers". */
    private static final String QUESTION_PREFIX = "Represent this sentence for searching relevant passages: ";

    private static final int DIMENSIONS = 384;
    private static final int BATCH = 32;

    /**
     * Questions about something else entirely reach 0.35 to 0.48, answerable ones as little as 0.49 where a passage is
     * about several things: docs/benchmarks.md, "Declining".
     */
    private static final double LEAST_SIMILARITY = 0.4;

    private final FutureTask<EmbeddingModel> model = new FutureTask<>(LocalEmbedding::load);
    private final ExecutorService passageLane;
    private final ExecutorService questionLane;

    LocalEmbedding(LocalConfig config) {
        this.passageLane = lane("embed-passage-", config.passageThreads().orElseGet(() -> Runtime.getRuntime()
                .availableProcessors()));
        this.questionLane = lane("embed-question-", config.questionThreads());
    }

    /** Loads the model, half a second or more, on the question lane. Without it the first use does. */
    void warm() {
        questionLane.execute(model);
    }

    @Override
    public String modelId() {
        return ID;
    }

    @Override
    public int dimensions() {
        return DIMENSIONS;
    }

    @Override
    public int batchSize() {
        return BATCH;
    }

    @Override
    public Embeddings embedPassages(List<String> passages) {
        return embedAll(passageLane, passages);
    }

    @Override
    public Embeddings embedQuestions(List<String> questions) {
        return embedAll(
                questionLane,
                questions.stream().map(question -> QUESTION_PREFIX + question).toList());
    }

    @Override
    public double leastSimilarity() {
        return LEAST_SIMILARITY;
    }

    /** As passages are embedded, but on the lane of questions: for sentences that a person is waiting for. */
    List<float[]> embedSentences(List<String> sentences) {
        return embedAll(questionLane, sentences).vectors();
    }

    @Override
    public void close() {
        passageLane.shutdownNow();
        questionLane.shutdownNow();
    }

    /** A task for each text, so that those of several callers take turns. */
    private Embeddings embedAll(ExecutorService lane, List<String> texts) {
        if (texts.stream().anyMatch(String::isBlank)) {
            throw new ModelFailure(ModelFailure.Kind.REFUSED, "Empty text cannot be embedded.");
        }
        var running = new ArrayList<Future<Response<Embedding>>>();
        try {
            for (String text : texts) {
                running.add(lane.submit(() -> embed(text)));
            }
            var vectors = new ArrayList<float[]>();
            int inputTokens = 0;
            for (Future<Response<Embedding>> made : running) {
                vectors.add(made.get().content().vector());
                inputTokens += made.get().tokenUsage().inputTokenCount();
            }
            return new Embeddings(vectors, inputTokens);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelFailure(ModelFailure.Kind.UNAVAILABLE, "The embedding was interrupted.");
        } catch (ExecutionException e) {
            LOG.error("Local embedding failed: " + Faults.describe(e.getCause()));
            throw new ModelFailure(ModelFailure.Kind.UNAVAILABLE, "The local embedding model does not work.");
        } finally {
            running.forEach(task -> task.cancel(false));
        }
    }

    private Response<Embedding> embed(String text) throws ExecutionException, InterruptedException {
        model.run();
        return model.get().embed(text);
    }

    private static EmbeddingModel load() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // The library looks for its model file with the loader of whichever thread comes first.
        thread.setContextClassLoader(LocalEmbedding.class.getClassLoader());
        try {
            return new BgeSmallEnV15QuantizedEmbeddingModel(Runnable::run);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static ExecutorService lane(String name, int threads) {
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name(name, 0).daemon().factory());
    }
}
