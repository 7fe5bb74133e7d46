package dev.customrag.testing;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the control plane of the {@link FakeBedrock} lists. Inference profiles come two to a page. */
final class BedrockLists {

    private static final int PAGE = 2;

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
            profile("eu.amazon.nova-pro-v1:0", "EU Nova Pro", FakeBedrock.NOVA),
            profile(
                    "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
                    "EU Anthropic Claude Sonnet 4.5",
                    "anthropic.claude-sonnet-4-5-20250929-v1:0"),
            profile("eu.stability.sd3-large-v1:0", "EU SD3 Large", "stability.sd3-large-v1:0"),
            profile(FakeBedrock.COHERE_V4, "EU Embed v4", "cohere.embed-v4:0"),
            profile("global.amazon.nova-lite-v1:0", "Global Nova Lite", "amazon.nova-lite-v1:0"),
            profile("eu.meta.unlisted-v1:0", "EU Unlisted", "meta.unlisted-v1:0"));

    /** Whether a call with this model id would be taken. */
    boolean knows(String id) {
        return Stream.of(
                        models.stream().map(model -> model.getString("modelId")),
                        profiles.stream().map(profile -> profile.getString("inferenceProfileId")))
                .flatMap(ids -> ids)
                .anyMatch(id::equals);
    }

    Optional<JsonObject> at(String path, MultiMap query) {
        return switch (path) {
            case "/foundation-models" -> Optional.of(new JsonObject().put("modelSummaries", new JsonArray(models)));
            case "/inference-profiles" -> Optional.of(profiles(query.get("nextToken")));
            default -> Optional.empty();
        };
    }

    private JsonObject profiles(String token) {
        int from = token == null ? 0 : Integer.parseInt(token);
        int to = Math.min(from + PAGE, profiles.size());
        var page = new JsonObject().put("inferenceProfileSummaries", new JsonArray(profiles.subList(from, to)));
        return to < profiles.size() ? page.put("nextToken", String.valueOf(to)) : page;
    }

    private static JsonObject model(
            String id, String name, String maker, List<String> in, String out, String inference, String status) {
        return new JsonObject()
                .put("modelArn", arn(id))
                .put("modelId", id)
                .put("modelName", name)
                .put("providerName", maker)
                .put("inputModalities", in)
                .put("outputModalities", List.of(out))
                .put("responseStreamingSupported", out.equals("TEXT"))
                .put("inferenceTypesSupported", List.of(inference))
                .put("modelLifecycle", new JsonObject().put("status", status));
    }

    private static JsonObject profile(String id, String name, String modelId) {
        return new JsonObject()
                .put("inferenceProfileId", id)
                .put("inferenceProfileName", name)
                .put("inferenceProfileArn", "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/" + id)
                .put("models", List.of(new JsonObject().put("modelArn", arn(modelId))))
                .put("status", "ACTIVE")
                .put("type", "SYSTEM_DEFINED");
    }

    private static String arn(String modelId) {
        return "arn:aws:bedrock:eu-central-1::foundation-model/" + modelId;
    }
}
