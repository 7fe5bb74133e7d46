package dev.customrag.testing;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers in the form of Amazon Titan Text Embeddings V2. */
final class TitanVectors {

    /** Characters of a text. */
    private static final int LONGEST = 50_000;

    private TitanVectors() {}

    /** What Bedrock would find wrong with a request. */
    static Optional<String> violation(JsonObject request) {
        if (!Set.of("inputText", "dimensions", "normalize", "embeddingTypes").containsAll(request.fieldNames())) {
            return Optional.of("#: extraneous key is not permitted");
        }
        if (!(request.getValue("inputText") instanceof String text) || text.isEmpty()) {
            return Optional.of("#/inputText: expected minLength: 1, actual: 0");
        }
        if (text.length() > LONGEST) {
            return Optional.of("#/inputText: expected maxLength: " + LONGEST + ", actual: " + text.length());
        }
        return Set.of(256, 512, 1024).contains(request.getInteger("dimensions", 1024))
                ? Optional.empty()
                : Optional.of("#/dimensions: is not a valid enum value");
    }

    static JsonObject reply(JsonObject request) {
        String text = request.getString("inputText");
        List<Float> vector =
                WordVectors.of(text, 31, request.getInteger("dimensions", 1024), request.getBoolean("normalize", true));
        return new JsonObject()
                .put("embedding", vector)
                .put("embeddingsByType", Map.of("float", vector))
                .put("inputTextTokenCount", FakeBedrock.tokens(text));
    }
}
