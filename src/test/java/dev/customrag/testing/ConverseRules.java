package dev.customrag.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Bedrock and the models refuse of a Converse request, in their own words, as far as the service could get it wrong. */
final class ConverseRules {

    private static final Pattern WITHOUT_SYSTEM = Pattern.compile("titan-text|mistral-7b|mixtral");
    private static final Pattern ONE_OF_BOTH = Pattern.compile("claude-(opus|sonnet|haiku)-4-[0-6]");
    private static final Pattern NO_SAMPLING = Pattern.compile("claude-opus-4-[78]|claude-(opus|sonnet|fable)-5");
    private static final Pattern CACHING = Pattern.compile("nova-|claude-(3-7|3-5-haiku|opus-|sonnet-|haiku-4|fable-)");
    private static final int MOST_CACHE_POINTS = 4;

    private ConverseRules() {}

    /** The first violation, if there is one. */
    static Optional<String> violation(String model, JsonObject body) {
        return turns(body.getJsonArray("messages"))
                .or(() -> system(model, body.getJsonArray("system", new JsonArray())))
                .or(() -> inference(model, body.getJsonObject("inferenceConfig", new JsonObject())))
                .or(() -> cachePoints(model, body));
    }

    /** All content blocks in the order in which a model reads them. */
    static List<JsonObject> blocks(JsonObject body) {
        var blocks = new JsonArray().addAll(body.getJsonArray("system", new JsonArray()));
        body.getJsonArray("messages").forEach(message -> blocks.addAll(((JsonObject) message).getJsonArray("content")));
        return blocks.stream().map(JsonObject.class::cast).toList();
    }

    private static Optional<String> turns(JsonArray messages) {
        for (int i = 0; i < messages.size(); i++) {
            JsonObject message = messages.getJsonObject(i);
            boolean user = message.getString("role").equals("user");
            if (i == 0 && !user) {
                return Optional.of("A conversation must start with a user message. Try again with a conversation that"
                        + " starts with a user message.");
            }
            if (user != (i % 2 == 0)) {
                return Optional.of("A conversation must alternate between user and assistant roles. Make sure the"
                        + " conversation alternates between user and assistant roles and try again.");
            }
            for (Object block : message.getJsonArray("content")) {
                if (((JsonObject) block).getString("text", "text").isBlank()) {
                    return Optional.of("The text field in the ContentBlock object at messages." + i
                            + ".content.0 is blank. Add text to the text field, and try again.");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> system(String model, JsonArray system) {
        return system.isEmpty() || !WITHOUT_SYSTEM.matcher(model).find()
                ? Optional.empty()
                : Optional.of("This model doesn't support system messages. Try again without a system message or use a"
                        + " model that supports system messages.");
    }

    private static Optional<String> inference(String model, JsonObject config) {
        boolean temperature = config.containsKey("temperature");
        boolean topP = config.containsKey("topP");
        if (temperature && NO_SAMPLING.matcher(model).find()) {
            return Optional.of("The model returned the following errors: `temperature` is deprecated for this model.");
        }
        if (topP && NO_SAMPLING.matcher(model).find()) {
            return Optional.of("The model returned the following errors: `top_p` is deprecated for this model.");
        }
        if (temperature && topP && ONE_OF_BOTH.matcher(model).find()) {
            return Optional.of("The model returned the following errors: `temperature` and `top_p` cannot both be"
                    + " specified for this model. Please use only one.");
        }
        if (topP && model.contains("cohere.command-r") && config.getDouble("topP") > 0.9901) {
            return Optional.of("Malformed input request: #/p: 1.0 is not less or equal to 0.99, please reformat your"
                    + " input and try again.");
        }
        return model.contains("nova-pro") && config.getInteger("maxTokens", 0) > 10_000
                ? Optional.of("The maximum tokens you requested exceeds the model limit of 10000. Try again with a"
                        + " maximum tokens value that is lower than 10000.")
                : Optional.empty();
    }

    private static Optional<String> cachePoints(String model, JsonObject body) {
        long points = blocks(body).stream()
                .filter(block -> block.containsKey("cachePoint"))
                .count();
        if (points > 0 && !CACHING.matcher(model).find()) {
            return Optional.of("You invoked an unsupported model or your request did not allow prompt caching.");
        }
        return points > MOST_CACHE_POINTS ? Optional.of("The request has too many cache points.") : Optional.empty();
    }
}
