package dev.customrag.model.bedrock;

import dev.customrag.http.Faults;
import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.Retention;
import dev.customrag.model.VectorSpace;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Foundation models on Amazon Bedrock: any that the account and region offer for text, Titan or Cohere for embeddings. */
@ApplicationScoped
@Identifier("bedrock")
class BedrockModels implements ModelProvider {

    private static final Logger LOG = Logger.getLogger(BedrockModels.class);

    private final BedrockConfig config;
    private final BedrockClients clients;
    private final BedrockCatalog catalog;
    private final ModelAccess access;
    private final RetentionGuard retention;
    private final ScheduledExecutorService rounds =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final MeterRegistry metrics;
    private final BedrockEmbedding embedding;
    private final Map<VectorSpace, BedrockEmbedding> older = new ConcurrentHashMap<>();
    private final BedrockAnswers answers;
    private final Map<String, BedrockChat> chatModels = new ConcurrentHashMap<>();

    BedrockModels(BedrockConfig config, BedrockClients clients, MeterRegistry metrics, Clock clock) {
        this.config = config;
        this.clients = clients;
        this.metrics = metrics;
        this.access = new ModelAccess(clients, clock, Thread::startVirtualThread);
        this.catalog = new BedrockCatalog(config, clients, clock, Thread::startVirtualThread);
        this.retention = new RetentionGuard(config, clients, catalog, clock);
        clients.admitBy(retention::admit);
        this.embedding = configured();
        if (!catalog.allows(config.chatModel())) {
            throw new IllegalStateException("model.bedrock.chat-model is '" + config.chatModel()
                    + "', which model.bedrock.allowed-models does not allow. Add it there, or set another.");
        }
        this.answers = new BedrockAnswers(config, clients, metrics);
        for (String family : ModelFamilies.names()) {
            Gauge.builder("model.breakers.open", chatModels, models -> leftAlone(models.values(), family))
                    .description("Models of a family that are left alone because they failed")
                    .tag("family", family)
                    .register(metrics);
        }
        Gauge.builder("model.embedding.limit", embedding, BedrockEmbedding::limit)
                .description("Calls that may embed passages at a time; fewer while Bedrock throttles")
                .register(metrics);
        for (boolean proven : List.of(true, false)) {
            Gauge.builder("model.retention.regions", retention, guard -> guard.count(proven))
                    .description("Regions of the AWS account by whether it is proven that they keep nothing")
                    .tag("state", proven ? "proven" : "unproven")
                    .register(metrics);
        }
    }

    /** At the start and from then on, whether or not somebody asks a question. */
    @PostConstruct
    void watch() {
        rounds.scheduleWithFixedDelay(this::look, 0, config.retentionInterval().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whatever happens in one round, the next one comes. */
    private void look() {
        try {
            retention.look();
        } catch (RuntimeException e) {
            LOG.errorf("What the AWS account retains could not be checked: %s", Faults.describe(e));
        }
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

    private static long leftAlone(Collection<BedrockChat> models, String family) {
        return models.stream()
                .filter(model -> model.family().name().equals(family) && model.isLeftAlone())
                .count();
    }

    /** While requests are finished, whoever waits for throttling to pass lets go. */
    void stop(@Observes(notifyObserver = Reception.IF_EXISTS) ShutdownDelayInitiatedEvent event) {
        embedding.close();
    }

    @PreDestroy
    void close() {
        rounds.shutdownNow();
        embedding.close();
        answers.close();
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
        Optional<Offer> offer = offer(modelId);
        if (!modelId.equals(config.chatModel())) {
            offer.ifPresent(access::checkRemembered);
        }
        return offer.isPresent() || modelId.equals(config.chatModel())
                ? chatModels.computeIfAbsent(modelId, id -> new BedrockChat(id, model(id, offer), answers))
                : new BedrockChat(modelId, answers);
    }

    /** Whose rules hold for it: those of the model that answers in the end, where that is known. */
    private static String model(String id, Optional<Offer> offer) {
        return offer.map(Offer::foundationModel).orElse(id);
    }

    @Override
    public void check(String modelId) {
        offer(modelId).ifPresent(access::check);
        retention.admit(modelId);
    }

    /** What the lists say; empty for what has to be taken at its word. */
    private Optional<Offer> offer(String modelId) {
        try {
            return Optional.of(catalog.chat(modelId));
        } catch (ModelFailure e) {
            if (modelId.equals(config.chatModel())) {
                return Optional.empty();
            }
            if (e.kind() == ModelFailure.Kind.UNKNOWN_MODEL) {
                throw e;
            }
        }
        if (!catalog.allows(modelId)) {
            throw BedrockCatalog.notAllowed();
        }
        return Optional.empty();
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

    @Override
    public Retention retention() {
        return retention.retention();
    }
}
