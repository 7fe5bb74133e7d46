package dev.customrag.model.bedrock;

import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelDescription.Kind;
import dev.customrag.model.ModelFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.bedrock.model.FoundationModelLifecycleStatus;
import software.amazon.awssdk.services.bedrock.model.FoundationModelSummary;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileStatus;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileSummary;
import software.amazon.awssdk.services.bedrock.model.InferenceType;
import software.amazon.awssdk.services.bedrock.model.ModelModality;

/**
 * What the account and region offer: models that take text and stream text on demand, inference profiles of such models, and the
 * embedding model in use. Kept for a while; when Bedrock cannot be asked, an older list is better than none.
 */
class BedrockCatalog {

    static final String SOURCE = "bedrock";

    private static final Logger LOG = Logger.getLogger(BedrockCatalog.class);

    /** An older list than this says too little about today. */
    private static final Duration OLDEST = Duration.ofDays(1);

    /** Whoever asks while Bedrock is away should not wait for it each time. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);

    private static final String MODEL_ARN = ":foundation-model/";

    private static final Comparator<ModelDescription> ORDER = Comparator.comparing(ModelDescription::kind)
            .thenComparing(ModelDescription::provider)
            .thenComparing(ModelDescription::name)
            .thenComparing(ModelDescription::id);

    private final BedrockConfig config;
    private final BedrockClients clients;
    private final InstantSource clock;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile Snapshot current;
    private volatile Failed failed;

    BedrockCatalog(BedrockConfig config, BedrockClients clients, InstantSource clock) {
        this.config = config;
        this.clients = clients;
        this.clock = clock;
    }

    private record Snapshot(List<ModelDescription> models, Instant at) {}

    private record Failed(ModelFailure failure, Instant at) {}

    /**
     * The models, chat before embedding.
     *
     * @throws ModelFailure if they cannot be asked for and there is no list of the last day
     */
    List<ModelDescription> models() {
        Snapshot known = current;
        if (known != null && (younger(known.at(), config.catalogAge()) || !loading.tryLock())) {
            return known.models();
        }
        if (known == null) {
            loading.lock();
        }
        try {
            return refreshed();
        } finally {
            loading.unlock();
        }
    }

    private List<ModelDescription> refreshed() {
        Snapshot known = current;
        if (known != null && younger(known.at(), config.catalogAge())) {
            return known.models();
        }
        Failed before = failed;
        if (before == null || !younger(before.at(), PAUSE_AFTER_FAILURE)) {
            try {
                current = new Snapshot(load(), clock.instant());
                failed = null;
                return current.models();
            } catch (SdkException e) {
                failed = new Failed(BedrockFailures.translate(e), clock.instant());
            }
        }
        if (known == null || !younger(known.at(), OLDEST)) {
            throw failed.failure();
        }
        LOG.debug("The list of models could not be renewed; the last one stays in use");
        return known.models();
    }

    private boolean younger(Instant at, Duration age) {
        return at.plus(age).isAfter(clock.instant());
    }

    private List<ModelDescription> load() {
        Map<String, FoundationModelSummary> models =
                clients.control().listFoundationModels(all -> {}).modelSummaries().stream()
                        .collect(Collectors.toMap(FoundationModelSummary::modelId, Function.identity(), (a, b) -> a));
        var offered = new ArrayList<ModelDescription>();
        models.values().stream()
                .filter(BedrockCatalog::answersInText)
                .filter(model -> model.inferenceTypesSupported().contains(InferenceType.ON_DEMAND))
                .map(model -> chat(model.modelId(), model.modelName(), model))
                .forEach(offered::add);
        for (InferenceProfileSummary profile :
                clients.control().listInferenceProfilesPaginator(all -> {}).inferenceProfileSummaries()) {
            FoundationModelSummary model = models.get(modelOf(profile));
            if (profile.status() == InferenceProfileStatus.ACTIVE && model != null && answersInText(model)) {
                offered.add(chat(profile.inferenceProfileId(), profile.inferenceProfileName(), model));
            }
        }
        offered.add(embedding(models.get(config.embeddingModel())));
        offered.sort(ORDER);
        return List.copyOf(offered);
    }

    private static boolean answersInText(FoundationModelSummary model) {
        return model.inputModalities().contains(ModelModality.TEXT)
                && model.outputModalities().contains(ModelModality.TEXT)
                // Every question goes through ConverseStream.
                && Boolean.TRUE.equals(model.responseStreamingSupported())
                && model.modelLifecycle() != null
                && model.modelLifecycle().status() == FoundationModelLifecycleStatus.ACTIVE;
    }

    /** The model a profile routes to: the same in each of its regions. Empty where it names none. */
    private static String modelOf(InferenceProfileSummary profile) {
        return profile.models().stream()
                .map(model -> model.modelArn())
                .filter(arn -> arn.contains(MODEL_ARN))
                .map(arn -> arn.substring(arn.indexOf(MODEL_ARN) + MODEL_ARN.length()))
                .findFirst()
                .orElse("");
    }

    private static ModelDescription chat(String id, String name, FoundationModelSummary model) {
        return new ModelDescription(id, name, model.providerName(), Kind.CHAT, SOURCE, true);
    }

    /** Listed even if the control plane does not: it may be an inference profile or an ARN. */
    private ModelDescription embedding(FoundationModelSummary listed) {
        String id = config.embeddingModel();
        return listed == null
                ? new ModelDescription(
                        id, id, id.contains("cohere.") ? "Cohere" : "Amazon", Kind.EMBEDDING, SOURCE, false)
                : new ModelDescription(id, listed.modelName(), listed.providerName(), Kind.EMBEDDING, SOURCE, false);
    }
}
