package dev.customrag.testing;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The control plane of the {@link FakeBedrock}: what it lists, two to a page, who may use what, and what the account has
 * set in each Region about keeping and logging. Everything may be used and nothing is kept, unless told otherwise.
 */
public final class BedrockLists {

    public static final String APPLICATION_PROFILE = own("application-inference-profile/q1w2e3r4t5y6");
    public static final String IMPORTED = own("imported-model/abcdefghijkl");
    public static final String DEPLOYMENT = own("custom-model-deployment/m1n2o3p4q5r6");
    public static final String PROVISIONED = own("provisioned-model/z9y8x7w6v5u4");

    /** Reached by {@code eu.} profiles beside the Region of the service. */
    public static final String OTHER_REGION = "eu-west-1";

    private static final int PAGE = 2;
    private static final String AVAILABILITY = "/foundation-model-availability/";
    private static final String CUSTOM_MODEL = own("custom-model/amazon.nova-lite-v1:0:300k/s1t2u3v4w5x6");
    private static final String CUSTOM_PAINTER = own("custom-model/stability.sd3-large-v1:0/g1h2i3j4k5l6");

    private final Map<String, BedrockScript.Refusal> refusals = new ConcurrentHashMap<>();
    private final Map<String, String> lacking = new ConcurrentHashMap<>();
    private final Map<String, String> modes = new ConcurrentHashMap<>();
    private final Set<String> logging = ConcurrentHashMap.newKeySet();
    private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

    private final List<JsonObject> models = List.of(
            model(FakeBedrock.NOVA, "Nova Pro", "Amazon", List.of("TEXT", "IMAGE"), "TEXT", "ON_DEMAND", "ACTIVE"),
            model("amazon.nova-lite-v1:0", "Nova Lite", "Amazon", List.of("TEXT"), "TEXT", "ON_DEMAND", "ACTIVE"),
            model("amazon.nova-lite-v1:0:24k", "Nova Lite", "Amazon", List.of("TEXT"), "TEXT", "PROVISIONED", "ACTIVE"),
            model(
                    "anthropic.claude-sonnet-4-5-20250929-v1:0",
                    "Claude Sonnet 4.5",
                    "Anthropic",
                    List.of("TEXT", "IMAGE"),
                    "TEXT",
                    "INFERENCE_PROFILE",
                    "ACTIVE"),
            model(
                    "amazon.titan-text-express-v1",
                    "Titan Text",
                    "Amazon",
                    List.of("TEXT"),
                    "TEXT",
                    "ON_DEMAND",
                    "LEGACY"),
            model(
                    FakeBedrock.TITAN,
                    "Titan Text Embeddings V2",
                    "Amazon",
                    List.of("TEXT"),
                    "EMBEDDING",
                    "ON_DEMAND",
                    "ACTIVE"),
            model(
                    FakeBedrock.COHERE_ENGLISH,
                    "Embed English",
                    "Cohere",
                    List.of("TEXT"),
                    "EMBEDDING",
                    "ON_DEMAND",
                    "ACTIVE"),
            model(
                    FakeBedrock.COHERE_MULTILINGUAL,
                    "Embed Multilingual",
                    "Cohere",
                    List.of("TEXT"),
                    "EMBEDDING",
                    "ON_DEMAND",
                    "ACTIVE"),
            model(
                    "cohere.embed-v4:0",
                    "Embed v4",
                    "Cohere",
                    List.of("TEXT", "IMAGE"),
                    "EMBEDDING",
                    "INFERENCE_PROFILE",
                    "ACTIVE"),
            model(
                    "stability.sd3-large-v1:0",
                    "SD3 Large",
                    "Stability AI",
                    List.of("TEXT"),
                    "IMAGE",
                    "ON_DEMAND",
                    "ACTIVE"));

    private final List<JsonObject> profiles = List.of(
            profile("eu.amazon.nova-pro-v1:0", "EU Nova Pro", FakeBedrock.NOVA, FakeBedrock.REGION, OTHER_REGION),
            profile(
                    "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
                    "EU Anthropic Claude Sonnet 4.5",
                    "anthropic.claude-sonnet-4-5-20250929-v1:0",
                    FakeBedrock.REGION,
                    OTHER_REGION),
            profile("eu.stability.sd3-large-v1:0", "EU SD3 Large", "stability.sd3-large-v1:0", FakeBedrock.REGION),
            profile(FakeBedrock.COHERE_V4, "EU Embed v4", "cohere.embed-v4:0", FakeBedrock.REGION, OTHER_REGION),
            // A model of no Region stands for all of them.
            profile(
                    "global.amazon.nova-lite-v1:0",
                    "Global Nova Lite",
                    "amazon.nova-lite-v1:0",
                    FakeBedrock.REGION,
                    ""),
            profile("eu.meta.unlisted-v1:0", "EU Unlisted", "meta.unlisted-v1:0", FakeBedrock.REGION));

    private final List<JsonObject> applicationProfiles = List.of(new JsonObject()
            .put("inferenceProfileId", "q1w2e3r4t5y6")
            .put("inferenceProfileName", "legal-team")
            .put("inferenceProfileArn", APPLICATION_PROFILE)
            .put("models", models("amazon.nova-lite-v1:0", FakeBedrock.REGION))
            .put("status", "ACTIVE")
            .put("type", "APPLICATION"));

    private final List<JsonObject> imported = List.of(
            new JsonObject()
                    .put("modelArn", IMPORTED)
                    .put("modelName", "house-style")
                    .put("modelArchitecture", "llama")
                    .put("instructSupported", true)
                    .put("creationTime", "2026-01-02T03:04:05Z"),
            new JsonObject()
                    .put("modelArn", own("imported-model/mnopqrstuvwx"))
                    .put("modelName", "completes-only")
                    .put("modelArchitecture", "llama")
                    .put("instructSupported", false)
                    .put("creationTime", "2026-01-02T03:04:05Z"));

    private final List<JsonObject> customs = List.of(
            custom(CUSTOM_MODEL, "contracts", "amazon.nova-lite-v1:0:300k"),
            custom(CUSTOM_PAINTER, "painter", "stability.sd3-large-v1:0"));

    private final List<JsonObject> deployments = List.of(
            deployment(DEPLOYMENT, "contracts-on-demand", CUSTOM_MODEL, "Active"),
            deployment(own("custom-model-deployment/a1b2c3d4e5f6"), "contracts-new", CUSTOM_MODEL, "Creating"),
            deployment(own("custom-model-deployment/b1b2c3d4e5f6"), "painter", CUSTOM_PAINTER, "Active"),
            deployment(
                    own("custom-model-deployment/c1b2c3d4e5f6"),
                    "unknown",
                    own("custom-model/x/y1y2y3y4y5y6"),
                    "Active"));

    private final List<JsonObject> provisioned = List.of(
            provisioned(PROVISIONED, "contracts-reserved", CUSTOM_MODEL, "amazon.nova-lite-v1:0:300k", "InService"),
            provisioned(
                    own("provisioned-model/a9y8x7w6v5u4"),
                    "lite-failed",
                    arn(FakeBedrock.REGION, "amazon.nova-lite-v1:0:24k"),
                    "amazon.nova-lite-v1:0:24k",
                    "Failed"),
            provisioned(
                    own("provisioned-model/b9y8x7w6v5u4"),
                    "vectors",
                    arn(FakeBedrock.REGION, FakeBedrock.TITAN),
                    FakeBedrock.TITAN,
                    "InService"));

    BedrockLists() {}

    /** Makes one call fail, such as {@code /imported-models}, whatever stands behind it in the path. */
    public void refuse(String path, BedrockScript refusal) {
        refusals.put(path, (BedrockScript.Refusal) refusal);
    }

    /** Lets a call work again. */
    public void allow(String path) {
        refusals.remove(path);
    }

    /**
     * The account lacks something to use a model.
     *
     * @param what {@code authorizationStatus}, {@code entitlementAvailability}, {@code regionAvailability} or {@code
     *     agreementAvailability}
     */
    public void lacks(String modelId, String what) {
        lacking.put(modelId, what);
    }

    /** The account gets what it lacked. */
    public void grant(String modelId) {
        lacking.remove(modelId);
    }

    /** A model, profile or other thing that is not there any more. */
    public void withdraw(String id) {
        withdrawn.add(id);
    }

    /** The data-retention mode of the account in a Region. */
    public void retention(String region, String mode) {
        modes.put(region, mode);
    }

    /** The account logs what models are asked and answer in a Region. */
    public void logInvocations(String region) {
        logging.add(region);
    }

    void reset() {
        refusals.clear();
        lacking.clear();
        modes.clear();
        logging.clear();
        withdrawn.clear();
    }

    /** Whether a call with this model id would be taken. */
    boolean knows(String id) {
        return Stream.of(
                        models.stream().map(model -> model.getString("modelId")),
                        profiles.stream().map(profile -> profile.getString("inferenceProfileId")),
                        Stream.of(APPLICATION_PROFILE, IMPORTED, DEPLOYMENT, PROVISIONED))
                .flatMap(ids -> ids)
                .anyMatch(known -> known.equals(id) && !withdrawn.contains(id));
    }

    Optional<BedrockScript.Refusal> refusal(String path) {
        return refusals.entrySet().stream()
                .filter(refusal -> path.startsWith(refusal.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    Optional<JsonObject> at(String path, MultiMap query, String region) {
        if (path.startsWith(AVAILABILITY)) {
            return availability(URLDecoder.decode(path.substring(AVAILABILITY.length()), StandardCharsets.UTF_8));
        }
        return switch (path) {
            case "/foundation-models" ->
                Optional.of(new JsonObject().put("modelSummaries", new JsonArray(present(models, "modelId"))));
            case "/inference-profiles" -> {
                boolean application = "APPLICATION".equals(query.get("type"));
                yield page(
                        "inferenceProfileSummaries",
                        application ? applicationProfiles : profiles,
                        application ? "inferenceProfileArn" : "inferenceProfileId",
                        query);
            }
            case "/imported-models" -> page("modelSummaries", imported, "modelArn", query);
            case "/custom-models" -> page("modelSummaries", customs, "modelArn", query);
            case "/model-customization/custom-model-deployments" ->
                page("modelDeploymentSummaries", deployments, "customModelDeploymentArn", query);
            case "/provisioned-model-throughputs" ->
                page("provisionedModelSummaries", provisioned, "provisionedModelArn", query);
            case "/data-retention" ->
                Optional.of(new JsonObject()
                        .put("mode", modes.getOrDefault(region, "none"))
                        .put("updatedAt", "2026-06-07T20:19:44.723Z"));
            case "/logging/modelinvocations" -> Optional.of(logging(region));
            default -> Optional.empty();
        };
    }

    private JsonObject logging(String region) {
        return logging.contains(region)
                ? new JsonObject()
                        .put(
                                "loggingConfig",
                                new JsonObject()
                                        .put(
                                                "cloudWatchConfig",
                                                new JsonObject()
                                                        .put("logGroupName", "prompts")
                                                        .put("roleArn", "arn:aws:iam::111122223333:role/logs"))
                                        .put("textDataDeliveryEnabled", true))
                : new JsonObject();
    }

    private Optional<JsonObject> availability(String modelId) {
        if (present(models, "modelId").stream()
                .noneMatch(model -> model.getString("modelId").equals(modelId))) {
            return Optional.empty();
        }
        var answer = new JsonObject()
                .put("modelId", modelId)
                .put("agreementAvailability", new JsonObject().put("status", "AVAILABLE"))
                .put("authorizationStatus", "AUTHORIZED")
                .put("entitlementAvailability", "AVAILABLE")
                .put("regionAvailability", "AVAILABLE");
        String lacks = lacking.get(modelId);
        if (lacks != null) {
            switch (lacks) {
                case "agreementAvailability" -> answer.put(lacks, new JsonObject().put("status", "NOT_AVAILABLE"));
                case "authorizationStatus" -> answer.put(lacks, "NOT_AUTHORIZED");
                default -> answer.put(lacks, "NOT_AVAILABLE");
            }
        }
        return Optional.of(answer);
    }

    private Optional<JsonObject> page(String name, List<JsonObject> all, String id, MultiMap query) {
        List<JsonObject> present = present(all, id);
        String token = query.get("nextToken");
        int from = token == null ? 0 : Integer.parseInt(token);
        int to = Math.min(from + PAGE, present.size());
        var page = new JsonObject().put(name, new JsonArray(present.subList(from, to)));
        return Optional.of(to < present.size() ? page.put("nextToken", String.valueOf(to)) : page);
    }

    private List<JsonObject> present(List<JsonObject> all, String id) {
        return all.stream()
                .filter(each -> !withdrawn.contains(each.getString(id)))
                .toList();
    }

    private static JsonObject model(
            String id, String name, String maker, List<String> in, String out, String inference, String status) {
        return new JsonObject()
                .put("modelArn", arn(FakeBedrock.REGION, id))
                .put("modelId", id)
                .put("modelName", name)
                .put("providerName", maker)
                .put("inputModalities", in)
                .put("outputModalities", List.of(out))
                .put("responseStreamingSupported", out.equals("TEXT"))
                .put("inferenceTypesSupported", List.of(inference))
                .put("modelLifecycle", new JsonObject().put("status", status));
    }

    private static JsonObject profile(String id, String name, String modelId, String... regions) {
        return new JsonObject()
                .put("inferenceProfileId", id)
                .put("inferenceProfileName", name)
                .put("inferenceProfileArn", own("inference-profile/" + id))
                .put("models", models(modelId, regions))
                .put("status", "ACTIVE")
                .put("type", "SYSTEM_DEFINED");
    }

    private static JsonArray models(String modelId, String... regions) {
        var models = new JsonArray();
        for (String region : regions) {
            models.add(new JsonObject().put("modelArn", arn(region, modelId)));
        }
        return models;
    }

    private static JsonObject custom(String arn, String name, String base) {
        return new JsonObject()
                .put("modelArn", arn)
                .put("modelName", name)
                .put("baseModelArn", arn(FakeBedrock.REGION, base))
                .put("baseModelName", "")
                .put("customizationType", "FINE_TUNING")
                .put("modelStatus", "Active")
                .put("creationTime", "2026-01-02T03:04:05Z");
    }

    private static JsonObject deployment(String arn, String name, String model, String status) {
        return new JsonObject()
                .put("customModelDeploymentArn", arn)
                .put("customModelDeploymentName", name)
                .put("modelArn", model)
                .put("status", status)
                .put("createdAt", "2026-01-02T03:04:05Z");
    }

    private static JsonObject provisioned(String arn, String name, String model, String base, String status) {
        return new JsonObject()
                .put("provisionedModelArn", arn)
                .put("provisionedModelName", name)
                .put("modelArn", model)
                .put("desiredModelArn", model)
                .put("foundationModelArn", arn(FakeBedrock.REGION, base))
                .put("modelUnits", 1)
                .put("desiredModelUnits", 1)
                .put("status", status)
                .put("creationTime", "2026-01-02T03:04:05Z")
                .put("lastModifiedTime", "2026-01-02T03:04:05Z");
    }

    private static String arn(String region, String modelId) {
        return "arn:aws:bedrock:" + region + "::foundation-model/" + modelId;
    }

    /** Something of the account's, in the Region of the service. */
    private static String own(String resource) {
        return "arn:aws:bedrock:" + FakeBedrock.REGION + ":111122223333:" + resource;
    }
}
