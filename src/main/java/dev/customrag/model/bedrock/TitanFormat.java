package dev.customrag.model.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Titan Text Embeddings V2: Bedrock User Guide, "Amazon Titan Embeddings Text". One text a call. */
record TitanFormat() implements EmbeddingFormat {

    @Override
    public Set<Integer> dimensions() {
        return Set.of(256, 512, 1024);
    }

    @Override
    public int textsPerCall() {
        return 1;
    }

    @Override
    public int charactersPerCall() {
        return Integer.MAX_VALUE;
    }

    @Override
    public ObjectNode request(List<String> texts, Purpose purpose, int dimensions) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("inputText", texts.getFirst())
                .put("dimensions", dimensions)
                .put("normalize", true);
    }

    @Override
    public Iterable<JsonNode> vectors(JsonNode reply) {
        return List.of(reply.path("embedding"));
    }
}
