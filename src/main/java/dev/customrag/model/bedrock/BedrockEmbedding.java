package dev.customrag.model.bedrock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.jobs.Backoff;
import dev.customrag.model.CallLimit;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.VectorSpace;
import dev.customrag.model.bedrock.EmbeddingFormat.Purpose;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;

/**
 * An embedding model on Bedrock: several calls at once, each with as many texts as the model takes. The SDK itself,
 * because LangChain4j's models call one after another and block a thread for each.
 */
final class BedrockEmbedding implements PassageEmbedding {

    /** Enough to keep all calls busy, few enough to show progress; a model that takes more in one call gets them. */
    private static final int BATCH = 32;

    /** Bedrock's quotas are per minute. */
    private static final Backoff PAUSE = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

    private static final Backoff AFTER_FAULT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final VectorSpace space;
    private final EmbeddingFormat format;
    private final BedrockConfig config;
    private final BedrockClients clients;
    private final MeterRegistry metrics;
    private final ObjectMapper json = new ObjectMapper();

    /** Passages of the whole process share it; a question goes past it, so that no ingestion delays it. */
    private final CallLimit passageCalls;

    /**
     * @throws ModelFailure of kind {@code UNKNOWN_MODEL} if there is no such embedding model on Bedrock
     */
    BedrockEmbedding(VectorSpace space, BedrockConfig config, BedrockClients clients, MeterRegistry metrics) {
        this.space = space;
        this.format = EmbeddingFormat.of(space.model())
                .filter(known -> known.dimensions().contains(space.dimensions()))
                .orElseThrow(() -> new ModelFailure(
                        Kind.UNKNOWN_MODEL, "There is no such embedding model, or not with vectors of this length."));
        this.config = config;
        this.clients = clients;
        this.metrics = metrics;
        this.passageCalls = new CallLimit(config.embeddingConcurrency(), PAUSE);
    }

    @Override
    public String modelId() {
        return space.model();
    }

    @Override
    public int dimensions() {
        return space.dimensions();
    }

    @Override
    public int batchSize() {
        return Math.max(BATCH, format.textsPerCall());
    }

    /** Passage calls that may be under way now. */
    int limit() {
        return passageCalls.current();
    }

    /** Lets go of whoever waits to embed passages. */
    void close() {
        passageCalls.close();
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        return atOnce(passages, this::embedPatiently);
    }

    @Override
    public List<float[]> embedQuestions(List<String> questions) {
        return atOnce(questions, this::embedForAPerson);
    }

    /** One call to the model, which is not worth making once all is over. */
    private interface Call {
        List<float[]> of(List<String> texts, AtomicBoolean over) throws InterruptedException;
    }

    private List<float[]> atOnce(List<String> texts, Call call) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                var over = new AtomicBoolean();
                var ended = new ExecutorCompletionService<List<float[]>>(threads);
                List<Future<List<float[]>>> calls = new ArrayList<>();
                for (List<String> part : calls(texts)) {
                    calls.add(ended.submit(() -> {
                        try {
                            return call.of(part, over);
                        } catch (ModelFailure e) {
                            over.set(true);
                            throw e;
                        }
                    }));
                }
                // The first that fails ends the others.
                for (int i = 0; i < calls.size(); i++) {
                    ended.take().get();
                }
                var vectors = new ArrayList<float[]>(texts.size());
                for (Future<List<float[]>> answer : calls) {
                    vectors.addAll(answer.get());
                }
                return vectors;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof InterruptedException ? interrupted() : BedrockFailures.translate(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw interrupted();
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private List<float[]> embedForAPerson(List<String> questions, AtomicBoolean over) throws InterruptedException {
        try {
            List<float[]> vectors = embed(clients.runtime(), questions, Purpose.QUESTION);
            count("question", "answered");
            return vectors;
        } catch (ModelFailure e) {
            count("question", outcome(e));
            throw e;
        }
    }

    /** What goes into one call each. */
    private List<List<String>> calls(List<String> texts) {
        var calls = new ArrayList<List<String>>();
        int characters = 0;
        for (String text : texts) {
            characters += text.length();
            if (calls.isEmpty()
                    || calls.getLast().size() == format.textsPerCall()
                    || characters > format.charactersPerCall()) {
                calls.add(new ArrayList<>());
                characters = text.length();
            }
            calls.getLast().add(text);
        }
        return calls;
    }

    /**
     * Throttling is waited out, but not without a word: whoever asks may want to show that it goes on. Other faults are
     * tried again a few times.
     */
    private List<float[]> embedPatiently(List<String> texts, AtomicBoolean over) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int faults = 0; ; ) {
            CallLimit.Call call = passageCalls.begin();
            Runnable ending = call::broke;
            try {
                if (over.get()) {
                    throw new InterruptedException();
                }
                List<float[]> vectors = embed(clients.passages(), texts, Purpose.PASSAGE);
                ending = call::succeeded;
                count("passage", "answered");
                return vectors;
            } catch (ModelFailure e) {
                count("passage", outcome(e));
                if (e.kind() == Kind.THROTTLED) {
                    ending = call::throttled;
                    if (System.nanoTime() - end > 0) {
                        throw e;
                    }
                } else if (!e.mayPass() || ++faults > config.maxRetries()) {
                    throw e;
                }
            } finally {
                ending.run();
            }
            if (faults > 0) {
                Thread.sleep(AFTER_FAULT.after(faults));
            }
        }
    }

    private List<float[]> embed(BedrockRuntimeAsyncClient client, List<String> texts, Purpose purpose)
            throws InterruptedException {
        CompletableFuture<InvokeModelResponse> answer = null;
        try {
            answer = client.invokeModel(InvokeModelRequest.builder()
                    .modelId(space.model())
                    .contentType("application/json")
                    .accept("application/json")
                    .body(SdkBytes.fromUtf8String(
                            format.request(texts, purpose, space.dimensions()).toString()))
                    // Vectors take a second or two; the total of a whole answer would be far too patient.
                    .overrideConfiguration(override -> override.apiCallTimeout(config.readTimeout()))
                    .build());
            return vectors(answer.get().body().asUtf8String(), texts.size());
        } catch (ExecutionException | SdkException e) {
            throw BedrockFailures.translate(e);
        } finally {
            if (answer != null) {
                answer.cancel(true);
            }
        }
    }

    private List<float[]> vectors(String reply, int expected) {
        var vectors = new ArrayList<float[]>(expected);
        try {
            for (JsonNode vector : format.vectors(json.readTree(reply))) {
                vectors.add(unit(vector));
            }
        } catch (JsonProcessingException e) {
            throw unusable();
        }
        if (vectors.size() != expected) {
            throw unusable();
        }
        return vectors;
    }

    /** Titan is asked for unit length; Cohere's shortened vectors need not have it. */
    private float[] unit(JsonNode values) {
        if (values.size() != space.dimensions()) {
            throw unusable();
        }
        var vector = new float[values.size()];
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i).floatValue();
            squares += vector[i] * vector[i];
        }
        float length = (float) Math.sqrt(squares);
        if (!(length > 0) || !Float.isFinite(length)) {
            throw unusable();
        }
        if (Math.abs(length - 1) > 1e-5f) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] /= length;
            }
        }
        return vector;
    }

    private void count(String purpose, String outcome) {
        metrics.counter("model.embedding.calls", "model", space.model(), "purpose", purpose, "outcome", outcome)
                .increment();
    }

    private static String outcome(ModelFailure failure) {
        return failure.kind().name().toLowerCase(Locale.ROOT);
    }

    private static ModelFailure interrupted() {
        return new ModelFailure(Kind.UNAVAILABLE, "The embedding was interrupted.");
    }

    private static ModelFailure unusable() {
        return new ModelFailure(
                Kind.UNAVAILABLE, "The embedding model gave no vector of the length that is configured.");
    }
}
