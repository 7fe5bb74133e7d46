package dev.customrag.model.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an embedding model is asked and how it answers: Bedrock User Guide, "Inference request parameters". */
sealed interface EmbeddingFormat permits TitanFormat, CohereFormat {

    /** What a text is for. Some models treat both differently. */
    enum Purpose {
        PASSAGE,
        QUESTION
    }

    /** Lengths its vectors can have. */
    Set<Integer> dimensions();

    /** Texts a call takes at most. */
    int textsPerCall();

    /** Characters all texts of a call may have together; a single text may have more. */
    int charactersPerCall();

    /** The body of a request for as many texts as a call takes, or fewer. */
    ObjectNode request(List<String> texts, Purpose purpose, int dimensions);

    /** The vectors in an answer, in the order of the texts; something else where there are none. */
    Iterable<JsonNode> vectors(JsonNode reply);

    /**
     * The format of a model id, an inference profile of it, or an ARN that names either. An ARN of an application's
     * inference profile or of provisioned throughput names no model; such ones are taken for Titan's.
     */
    static Optional<EmbeddingFormat> of(String modelId) {
        if (modelId.contains("titan-embed-text-v2")) {
            return Optional.of(new TitanFormat());
        }
        if (modelId.contains("cohere.embed-v4")) {
            return Optional.of(CohereFormat.V4);
        }
        if (modelId.contains("cohere.embed-") && modelId.contains("-v3")) {
            return Optional.of(CohereFormat.V3);
        }
        boolean namesNoModel = modelId.startsWith("arn:")
                && !modelId.contains("foundation-model/")
                && !modelId.contains(":inference-profile/");
        return namesNoModel ? Optional.of(new TitanFormat()) : Optional.empty();
    }
}
