package dev.customrag.model.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Cohere Embed: Bedrock User Guide, "Cohere Embed v3" and "Cohere Embed v4". Passages and questions are told apart. */
enum CohereFormat implements EmbeddingFormat {

    /**
     * English and multilingual. A text of more than 2,048 characters is refused whatever {@code truncate} says, so its
     * end is left out here; of what is shorter the model itself leaves out the end, after 512 tokens.
     */
    V3(Set.of(1024), 2048) {

        @Override
        void specify(ObjectNode request, int dimensions) {
            request.put("truncate", "END");
        }
    },

    /** Takes 128,000 tokens, more than a passage or a question can have. */
    V4(Set.of(256, 512, 1024, 1536), Integer.MAX_VALUE) {

        @Override
        void specify(ObjectNode request, int dimensions) {
            request.put("truncate", "RIGHT").put("output_dimension", dimensions);
        }
    };

    private final Set<Integer> dimensions;
    private final int longest;

    CohereFormat(Set<Integer> dimensions, int longest) {
        this.dimensions = dimensions;
        this.longest = longest;
    }

    abstract void specify(ObjectNode request, int dimensions);

    @Override
    public Set<Integer> dimensions() {
        return dimensions;
    }

    @Override
    public int textsPerCall() {
        return 96;
    }

    /** Some 75,000 tokens: 96 passages of the largest size there can be would be more than the model takes at once. */
    @Override
    public int charactersPerCall() {
        return 300_000;
    }

    @Override
    public ObjectNode request(List<String> texts, Purpose purpose, int dimensions) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        ArrayNode array = request.putArray("texts");
        texts.forEach(text -> array.add(shortened(text)));
        request.put(
                "input_type",
                switch (purpose) {
                    case PASSAGE -> "search_document";
                    case QUESTION -> "search_query";
                });
        request.putArray("embedding_types").add("float");
        specify(request, dimensions);
        return request;
    }

    /** By type where types were asked for; v4 answers a request for one type with the bare list, as the guide says. */
    @Override
    public Iterable<JsonNode> vectors(JsonNode reply) {
        JsonNode embeddings = reply.path("embeddings");
        return embeddings.isArray() ? embeddings : embeddings.path("float");
    }

    private String shortened(String text) {
        if (text.length() <= longest) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest);
    }
}
