package dev.customrag.model.bedrock;

import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelDescription.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.CustomModelDeploymentStatus;
import software.amazon.awssdk.services.bedrock.model.CustomModelDeploymentSummary;
import software.amazon.awssdk.services.bedrock.model.CustomModelSummary;
import software.amazon.awssdk.services.bedrock.model.FoundationModelLifecycleStatus;
import software.amazon.awssdk.services.bedrock.model.FoundationModelSummary;
import software.amazon.awssdk.services.bedrock.model.ImportedModelSummary;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileModel;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileStatus;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileSummary;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileType;
import software.amazon.awssdk.services.bedrock.model.InferenceType;
import software.amazon.awssdk.services.bedrock.model.ModelModality;
import software.amazon.awssdk.services.bedrock.model.ProvisionedModelStatus;
import software.amazon.awssdk.services.bedrock.model.ProvisionedModelSummary;

/**
 * Reads the lists of the control plane: foundation models that are called by their id, inference profiles, imported models
 * that Converse takes, custom models by their deployments, and provisioned throughput. Of each, what takes text and streams
 * text. A custom model has no offer of its own: it answers through a deployment or provisioned throughput only.
 */
class AccountModels {

    private static final Logger LOG = Logger.getLogger(AccountModels.class);

    private static final Comparator<ModelDescription> ORDER = Comparator.comparing(ModelDescription::kind)
            .thenComparing(ModelDescription::provider)
            .thenComparing(ModelDescription::name)
            .thenComparing(ModelDescription::id);

    private final BedrockConfig config;
    private final BedrockClients clients;
    private final AllowedModels allowed;
    private final Set<String> leftOut = ConcurrentHashMap.newKeySet();

    AccountModels(BedrockConfig config, BedrockClients clients, AllowedModels allowed) {
        this.config = config;
        this.clients = clients;
        this.allowed = allowed;
    }

    /**
     * Reads all lists. One that the role may not read, or that the Region does not have, is left out; foundation models
     * are what all others are judged by, and cannot be.
     *
     * @throws SdkException if Bedrock cannot be asked
     */
    Inventory read() {
        return new Reading(clients.home().id(), clients.control()).inventory();
    }

    /** Elements of all pages; none, and one warning, where nobody may read them. */
    private <T> List<T> optional(String list, Supplier<? extends Iterable<T>> pages) {
        try {
            List<T> elements = new ArrayList<>();
            pages.get().forEach(elements::add);
            if (leftOut.remove(list)) {
                LOG.infof("%s answers again", list);
            }
            return elements;
        } catch (SdkException e) {
            if (!isRefused(e)) {
                throw e;
            }
            if (leftOut.add(list)) {
                LOG.warnf(
                        "%s is refused (%s): what it lists is not offered",
                        list, e.getClass().getSimpleName());
            }
            return List.of();
        }
    }

    /** For a reason that stays, such as a missing permission, unlike one that may pass. */
    private static boolean isRefused(SdkException e) {
        return e instanceof AwsServiceException refusal
                && !refusal.isThrottlingException()
                && refusal.statusCode() / 100 == 4
                && refusal.statusCode() != 408;
    }

    /** One reading of all lists. */
    private final class Reading {

        private final String home;
        private final BedrockClient control;
        private final Map<String, FoundationModelSummary> foundations;
        private final List<Offer> offers = new ArrayList<>();
        private final Map<String, Reach> reaches = new HashMap<>();

        private Reading(String home, BedrockClient control) {
            this.home = home;
            this.control = control;
            this.foundations = control.listFoundationModels(all -> {}).modelSummaries().stream()
                    .collect(Collectors.toMap(FoundationModelSummary::modelId, Function.identity(), (a, b) -> a));
        }

        private Inventory inventory() {
            foundations.values().forEach(this::addFoundation);
            Stream.of(InferenceProfileType.SYSTEM_DEFINED, InferenceProfileType.APPLICATION)
                    .forEach(type -> optional(
                                    "ListInferenceProfiles " + type,
                                    () -> control.listInferenceProfilesPaginator(all -> all.typeEquals(type))
                                            .inferenceProfileSummaries())
                            .forEach(this::addProfile));
            optional("ListImportedModels", () -> control.listImportedModelsPaginator(all -> {})
                            .modelSummaries())
                    .forEach(this::addImported);
            addDeployments();
            optional("ListProvisionedModelThroughputs", () -> control.listProvisionedModelThroughputsPaginator(
                                    all -> {})
                            .provisionedModelSummaries())
                    .forEach(this::addProvisioned);
            return sorted();
        }

        private Inventory sorted() {
            Map<Boolean, List<Offer>> byPermission =
                    offers.stream().collect(Collectors.partitioningBy(offer -> allowed.permit(offer, home)));
            List<ModelDescription> models = Stream.concat(
                            byPermission.get(true).stream().map(Offer::description), Stream.of(embedding()))
                    .sorted(ORDER)
                    .toList();
            return new Inventory(
                    models,
                    byPermission.get(true).stream()
                            .collect(Collectors.toMap(Offer::id, Function.identity(), (a, b) -> a)),
                    byPermission.get(false).stream().map(Offer::id).collect(Collectors.toSet()),
                    Map.copyOf(reaches));
        }

        private void addFoundation(FoundationModelSummary model) {
            reaches.put(model.modelId(), Reach.within(home));
            if (answersInText(model)
                    && isActive(model)
                    && model.inferenceTypesSupported().contains(InferenceType.ON_DEMAND)) {
                offer(model.modelId(), model.modelName(), model, Reach.within(home));
            }
        }

        /** Profiles of the account's own are called by ARN, those of AWS by id. */
        private void addProfile(InferenceProfileSummary profile) {
            List<String> models = profile.models().stream()
                    .map(InferenceProfileModel::modelArn)
                    .toList();
            Reach reach = Reach.of(home, models);
            reaches.put(profile.inferenceProfileId(), reach);
            reaches.put(profile.inferenceProfileArn(), reach);
            String id = profile.type() == InferenceProfileType.APPLICATION
                    ? profile.inferenceProfileArn()
                    : profile.inferenceProfileId();
            if (profile.status() == InferenceProfileStatus.ACTIVE) {
                // The model is the same in each of its Regions.
                models.stream()
                        .flatMap(arn -> foundation(arn).stream())
                        .findFirst()
                        .filter(model -> answersInText(model) && isActive(model))
                        .ifPresent(model -> offer(id, profile.inferenceProfileName(), model, reach));
            }
        }

        private void addImported(ImportedModelSummary model) {
            reaches.put(model.modelArn(), Reach.within(home));
            if (Boolean.TRUE.equals(model.instructSupported())) {
                var description = new ModelDescription(
                        model.modelArn(),
                        model.modelName(),
                        "Imported",
                        Kind.CHAT,
                        BedrockCatalog.SOURCE,
                        true,
                        null,
                        List.of(home));
                offers.add(new Offer(description, null, Reach.within(home)));
            }
        }

        private void addDeployments() {
            List<CustomModelDeploymentSummary> deployments =
                    optional("ListCustomModelDeployments", () -> control.listCustomModelDeploymentsPaginator(all -> {})
                            .modelDeploymentSummaries());
            if (deployments.isEmpty()) {
                return;
            }
            Map<String, String> bases =
                    optional("ListCustomModels", () -> control.listCustomModelsPaginator(all -> {})
                                    .modelSummaries())
                            .stream()
                            .filter(model -> model.baseModelArn() != null)
                            .collect(Collectors.toMap(CustomModelSummary::modelArn, CustomModelSummary::baseModelArn));
            for (CustomModelDeploymentSummary deployment : deployments) {
                reaches.put(deployment.customModelDeploymentArn(), Reach.within(home));
                if (deployment.status() == CustomModelDeploymentStatus.ACTIVE) {
                    Optional.ofNullable(bases.get(deployment.modelArn()))
                            .flatMap(this::foundation)
                            .filter(AccountModels::answersInText)
                            .ifPresent(model -> offer(
                                    deployment.customModelDeploymentArn(),
                                    deployment.customModelDeploymentName(),
                                    model,
                                    Reach.within(home)));
                }
            }
        }

        private void addProvisioned(ProvisionedModelSummary provisioned) {
            reaches.put(provisioned.provisionedModelArn(), Reach.within(home));
            if (provisioned.status() == ProvisionedModelStatus.IN_SERVICE) {
                foundation(provisioned.foundationModelArn())
                        .filter(AccountModels::answersInText)
                        .ifPresent(model -> offer(
                                provisioned.provisionedModelArn(),
                                provisioned.provisionedModelName(),
                                model,
                                Reach.within(home)));
            }
        }

        /** The model of an ARN. One for a shorter or longer context, as in {@code …:0:24k}, is the model without that. */
        private Optional<FoundationModelSummary> foundation(String arn) {
            return Reach.foundationModel(arn)
                    .flatMap(id -> Stream.of(id, id.substring(0, Math.max(0, id.lastIndexOf(':'))))
                            .map(foundations::get)
                            .filter(model -> model != null)
                            .findFirst());
        }

        private void offer(String id, String name, FoundationModelSummary model, Reach reach) {
            var description = new ModelDescription(
                    id,
                    name,
                    model.providerName(),
                    Kind.CHAT,
                    BedrockCatalog.SOURCE,
                    true,
                    id.equals(model.modelId()) ? null : model.modelId(),
                    reach.listed());
            offers.add(new Offer(description, model.modelId(), reach));
        }

        /** Listed even if the control plane does not: it may be an inference profile or an ARN. */
        private ModelDescription embedding() {
            String id = config.embeddingModel();
            FoundationModelSummary listed = foundations.get(id);
            String maker = id.contains("cohere.") ? "Cohere" : "Amazon";
            return new ModelDescription(
                    id,
                    listed == null ? id : listed.modelName(),
                    listed == null ? maker : listed.providerName(),
                    Kind.EMBEDDING,
                    BedrockCatalog.SOURCE,
                    false,
                    null,
                    Optional.ofNullable(reaches.get(id))
                            .or(() -> Reach.ofArn(id))
                            .map(Reach::listed)
                            .orElse(List.of(home)));
        }
    }

    private static boolean answersInText(FoundationModelSummary model) {
        return model.inputModalities().contains(ModelModality.TEXT)
                && model.outputModalities().contains(ModelModality.TEXT)
                // Every question goes through ConverseStream.
                && Boolean.TRUE.equals(model.responseStreamingSupported());
    }

    private static boolean isActive(FoundationModelSummary model) {
        return model.modelLifecycle() != null
                && model.modelLifecycle().status() == FoundationModelLifecycleStatus.ACTIVE;
    }
}
