package dev.customrag.model.bedrock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.jobs.Backoff;
import dev.customrag.model.CallLimit;
import dev.customrag.model.Embeddings;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
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

    /** Of every answer of InvokeModel. */
    private static final String INPUT_TOKENS = "X-Amzn-Bedrock-Input-Token-Count";

    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");

    /** Bedrock User Guide, "Amazon Titan Text Embeddings models": 4.7 on average in English. */
    private static final int CHARACTERS_PER_TOKEN = 4;

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
    public Embeddings embedPassages(List<String> passages) {
        return atOnce(passages, this::embedPatiently);
    }

    @Override
    public Embeddings embedQuestions(List<String> questions) {
        return atOnce(questions, (texts, over) -> embedForAPerson(texts));
    }

    /** One call to the model, which is not worth making once all is over. */
    private interface Call {
        Embeddings of(List<String> texts, AtomicBoolean over) throws InterruptedException;
    }

    private Embeddings atOnce(List<String> texts, Call call) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                var over = new AtomicBoolean();
                var ended = new ExecutorCompletionService<Embeddings>(threads);
                List<Future<Embeddings>> calls = new ArrayList<>();
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
                int inputTokens = 0;
                for (Future<Embeddings> answer : calls) {
                    vectors.addAll(answer.get().vectors());
                    inputTokens += answer.get().inputTokens();
                }
                return new Embeddings(vectors, inputTokens);
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

    private Embeddings embedForAPerson(List<String> questions) throws InterruptedException {
        try {
            Embeddings made = embed(clients.questions(), questions, Purpose.QUESTION);
            count("question", "answered");
            return made;
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
    private Embeddings embedPatiently(List<String> texts, AtomicBoolean over) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int faults = 0; ; ) {
            CallLimit.Call call = passageCalls.begin();
            Runnable ending = call::broke;
            try {
                if (over.get()) {
                    throw new InterruptedException();
                }
                Embeddings made = embed(clients.passages(), texts, Purpose.PASSAGE);
                ending = call::succeeded;
                count("passage", "answered");
                return made;
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

    private Embeddings embed(BedrockRuntimeAsyncClient client, List<String> texts, Purpose purpose)
            throws InterruptedException {
        CompletableFuture<InvokeModelResponse> answer = null;
        try {
            answer = client.invokeModel(InvokeModelRequest.builder()
                    .modelId(space.model())
                    .contentType("application/json")
                    .accept("application/json")
                    .body(SdkBytes.fromUtf8String(
                            format.request(texts, purpose, space.dimensions()).toString()))
                    .build());
            return read(answer.get(), texts);
        } catch (ExecutionException | SdkException e) {
            throw BedrockFailures.translate(e);
        } finally {
            if (answer != null) {
                answer.cancel(true);
            }
        }
    }

    private Embeddings read(InvokeModelResponse answer, List<String> texts) {
        var vectors = new ArrayList<float[]>(texts.size());
        try {
            JsonNode reply = json.readTree(answer.body().asUtf8String());
            for (JsonNode vector : format.vectors(reply)) {
                vectors.add(unit(vector));
            }
            if (vectors.size() != texts.size()) {
                throw unusable();
            }
            return new Embeddings(vectors, inputTokens(answer, reply, texts));
        } catch (JsonProcessingException e) {
            throw unusable();
        }
    }

    /** As counted, in a header or, by Titan, in the body; about right where neither says it. */
    private static int inputTokens(InvokeModelResponse answer, JsonNode reply, List<String> texts) {
        Optional<Integer> counted = answer.sdkHttpResponse()
                .firstMatchingHeader(INPUT_TOKENS)
                .filter(text -> COUNT.matcher(text).matches())
                .map(Integer::valueOf);
        return counted.orElseGet(() -> reply.path("inputTextTokenCount").asInt(estimate(texts)));
    }

    private static int estimate(List<String> texts) {
        return texts.stream()
                .mapToInt(text -> text.length() / CHARACTERS_PER_TOKEN + 1)
                .sum();
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
