package dev.customrag.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Answers in the form of Cohere Embed v3 and v4 on Bedrock. Only what is asked of texts, and for floats. */
final class CohereVectors {

    private static final int MOST_TEXTS = 96;

    /** Of a text to v3, in code points, as JSON Schema counts them. */
    private static final int LONGEST = 2048;

    private CohereVectors() {}

    /** What Bedrock would find wrong with a request. */
    static Optional<String> violation(String modelId, JsonObject request) {
        Set<String> keys = isV4(modelId)
                ? Set.of("texts", "input_type", "truncate", "embedding_types", "output_dimension", "max_tokens")
                : Set.of("texts", "input_type", "truncate", "embedding_types");
        if (!keys.containsAll(request.fieldNames())) {
            return Optional.of("#: extraneous key is not permitted");
        }
        if (!Set.of("search_document", "search_query", "classification", "clustering")
                .contains(request.getString("input_type", ""))) {
            return Optional.of("#: required key [input_type] not found");
        }
        Set<String> truncate = isV4(modelId) ? Set.of("NONE", "LEFT", "RIGHT") : Set.of("NONE", "START", "END");
        if (!truncate.contains(request.getString("truncate", "NONE"))) {
            return Optional.of("#/truncate: is not a valid enum value");
        }
        if (!Set.of(256, 512, 1024, 1536).contains(request.getInteger("output_dimension", 1536))) {
            return Optional.of("#/output_dimension: is not a valid enum value");
        }
        JsonArray texts = request.getJsonArray("texts");
        if (texts == null) {
            return Optional.of("#: required key [texts] not found");
        }
        if (texts.size() > MOST_TEXTS) {
            return Optional.of("#/texts: expected maxItems: " + MOST_TEXTS + ", actual: " + texts.size());
        }
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.getString(i);
            int length = text.codePointCount(0, text.length());
            if (length == 0 || length > LONGEST && !isV4(modelId)) {
                return Optional.of("#/texts/" + i + ": expected maxLength: " + LONGEST + ", actual: " + length);
            }
        }
        return Optional.empty();
    }

    /** Vectors are not of unit length: no guide promises that they are. */
    static JsonObject reply(String modelId, JsonObject request) {
        int dimensions = isV4(modelId) ? request.getInteger("output_dimension", 1536) : 1024;
        JsonArray texts = request.getJsonArray("texts");
        List<List<Float>> vectors = texts.stream()
                .map(text -> WordVectors.of((String) text, modelId.hashCode() | 1, dimensions, false))
                .toList();
        boolean byType = !isV4(modelId) && request.containsKey("embedding_types");
        return new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("response_type", byType ? "embeddings_by_type" : "embeddings_floats")
                .put("embeddings", byType ? new JsonObject().put("float", vectors) : vectors)
                .put("texts", texts);
    }

    private static boolean isV4(String modelId) {
        return modelId.contains("embed-v4");
    }
}
