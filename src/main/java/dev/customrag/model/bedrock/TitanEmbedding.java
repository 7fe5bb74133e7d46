package dev.customrag.model.bedrock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.PassageEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;

/**
 * Titan Text Embeddings V2: one text per call, so several calls at once. Bedrock User Guide, "Amazon Titan Embeddings
 * Text". The SDK itself, because LangChain4j's model calls one after another and blocks a thread for each.
 */
class TitanEmbedding implements PassageEmbedding {

    /** Enough to keep all calls busy, few enough to show progress. */
    private static final int BATCH = 32;

    private final BedrockConfig config;
    private final BedrockClients clients;
    private final ObjectMapper json = new ObjectMapper();

    /** Passages of the whole process share these; a question takes none, so that no ingestion delays it. */
    private final Semaphore passageCalls;

    TitanEmbedding(BedrockConfig config, BedrockClients clients) {
        this.config = config;
        this.clients = clients;
        this.passageCalls = new Semaphore(config.embeddingConcurrency());
    }

    @Override
    public String modelId() {
        return config.embeddingModel();
    }

    @Override
    public int dimensions() {
        return config.embeddingDimensions();
    }

    @Override
    public int batchSize() {
        return BATCH;
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        var calls = new ArrayList<CompletableFuture<float[]>>();
        try {
            for (String passage : passages) {
                if (calls.stream().anyMatch(CompletableFuture::isCompletedExceptionally)) {
                    break;
                }
                passageCalls.acquire();
                calls.add(embed(passage).whenComplete((vector, failure) -> passageCalls.release()));
            }
            return calls.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw BedrockFailures.translate(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelFailure(ModelFailure.Kind.UNAVAILABLE, "The embedding was interrupted.");
        }
    }

    @Override
    public float[] embedQuestion(String question) {
        try {
            return embed(question).join();
        } catch (CompletionException e) {
            throw BedrockFailures.translate(e);
        }
    }

    /** Fails through the future only, also where the SDK throws before it makes one. */
    private CompletableFuture<float[]> embed(String text) {
        try {
            String body = json.createObjectNode()
                    .put("inputText", text)
                    .put("dimensions", dimensions())
                    .put("normalize", true)
                    .toString();
            return clients.runtime()
                    .invokeModel(InvokeModelRequest.builder()
                            .modelId(modelId())
                            .contentType("application/json")
                            .accept("application/json")
                            .body(SdkBytes.fromUtf8String(body))
                            // A vector takes less than a second; the total of a whole answer would be far too patient.
                            .overrideConfiguration(override -> override.apiCallTimeout(config.readTimeout()))
                            .build())
                    .thenApply(response -> vector(response.body().asUtf8String()));
        } catch (SdkException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private float[] vector(String reply) {
        JsonNode values;
        try {
            values = json.readTree(reply).path("embedding");
        } catch (JsonProcessingException e) {
            throw unusable();
        }
        if (values.size() != dimensions()) {
            throw unusable();
        }
        var vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i).floatValue();
        }
        return vector;
    }

    private static ModelFailure unusable() {
        return new ModelFailure(
                ModelFailure.Kind.UNAVAILABLE, "The embedding model gave no vector of the length that is configured.");
    }
}
