package dev.customrag.model.bedrock;

import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelDescription.Kind;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.VectorSpace;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Foundation models on Amazon Bedrock: any that the account and region offer for text, Titan or Cohere for embeddings. */
@ApplicationScoped
@Identifier("bedrock")
class BedrockModels implements ModelProvider {

    private final BedrockConfig config;
    private final BedrockClients clients;
    private final BedrockCatalog catalog;
    private final MeterRegistry metrics;
    private final BedrockEmbedding embedding;
    private final Map<VectorSpace, BedrockEmbedding> older = new ConcurrentHashMap<>();
    private final Map<String, CancellableChatModel> chatModels = new ConcurrentHashMap<>();

    BedrockModels(BedrockConfig config, BedrockClients clients, MeterRegistry metrics, Clock clock) {
        this.config = config;
        this.clients = clients;
        this.metrics = metrics;
        this.catalog = new BedrockCatalog(config, clients, clock);
        this.embedding = configured();
        Gauge.builder("model.embedding.limit", embedding, BedrockEmbedding::limit)
                .description("Calls that may embed passages at a time; fewer while Bedrock throttles")
                .register(metrics);
    }

    private BedrockEmbedding configured() {
        EmbeddingFormat format = EmbeddingFormat.of(config.embeddingModel())
                .orElseThrow(() -> new IllegalStateException("model.bedrock.embedding-model is '"
                        + config.embeddingModel() + "'. Set it to amazon.titan-embed-text-v2:0,"
                        + " cohere.embed-english-v3, cohere.embed-multilingual-v3 or cohere.embed-v4:0."));
        if (!format.dimensions().contains(config.embeddingDimensions())) {
            throw new IllegalStateException("model.bedrock.embedding-dimensions is " + config.embeddingDimensions()
                    + ", but this model offers " + new TreeSet<>(format.dimensions()) + ".");
        }
        return new BedrockEmbedding(
                new VectorSpace(config.embeddingModel(), config.embeddingDimensions()), config, clients, metrics);
    }

    /** While requests are finished, whoever waits for throttling to pass lets go. */
    void stop(@Observes(notifyObserver = Reception.IF_EXISTS) ShutdownDelayInitiatedEvent event) {
        embedding.close();
    }

    @PreDestroy
    void close() {
        embedding.close();
    }

    @Override
    public String source() {
        return BedrockCatalog.SOURCE;
    }

    @Override
    public String defaultChatModelId() {
        return config.chatModel();
    }

    /**
     * {@inheritDoc} The configured default is taken at its word: it may be an ARN, which no list has. So is any id while
     * the lists cannot be read, where Bedrock itself refuses unknown ones; those are not kept.
     */
    @Override
    public CancellableChatModel chatModel(String modelId) {
        CancellableChatModel known = chatModels.get(modelId);
        if (known != null) {
            return known;
        }
        if (!modelId.equals(config.chatModel())) {
            List<ModelDescription> offered;
            try {
                offered = catalog.models();
            } catch (ModelFailure e) {
                return new BedrockChat(modelId, clients);
            }
            if (offered.stream()
                    .noneMatch(model -> model.kind() == Kind.CHAT && model.id().equals(modelId))) {
                throw BedrockFailures.unknownModel();
            }
        }
        return chatModels.computeIfAbsent(modelId, id -> new BedrockChat(id, clients));
    }

    @Override
    public PassageEmbedding embedding() {
        return embedding;
    }

    @Override
    public PassageEmbedding embedding(VectorSpace space) {
        if (space.equals(embedding.space())) {
            return embedding;
        }
        return older.computeIfAbsent(space, each -> new BedrockEmbedding(each, config, clients, metrics));
    }

    @Override
    public List<ModelDescription> models() {
        return catalog.models();
    }
}
