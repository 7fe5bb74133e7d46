package dev.customrag.assistant;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.customrag.model.Generation;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a person talks to.
 *
 * @param description what it is for, for people; may be empty
 * @param instructions what the model is told to keep to; may be empty
 * @param modelId null for the provider's default model
 * @param temperature null for what the model does by itself, as with the two after it
 * @param allDocuments whether it knows all documents of its owner, also those to come
 * @param documentIds what it knows otherwise; empty where it knows all
 * @param isDefault the one that answers where none is named; each person has exactly one
 */
public record Assistant(
        UUID id,
        String name,
        String description,
        String instructions,
        String modelId,
        Double temperature,
        Double topP,
        Integer maxTokens,
        Retrieval retrieval,
        AnswersFrom answersFrom,
        boolean allDocuments,
        Set<UUID> documentIds,
        boolean isDefault,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * Whether documents are searched for what is asked.
     *
     * @param limit passages handed to the model
     */
    public record Retrieval(boolean enabled, int limit) {}

    /** What answers may be made of. */
    @Schema(name = "AnswersFrom")
    public enum AnswersFrom {
        /** The documents alone; what they do not say is not answered. */
        @JsonProperty("documents")
        DOCUMENTS,
        /** Also what the model knows by itself, if the answer says so. */
        @JsonProperty("documents_and_knowledge")
        DOCUMENTS_AND_KNOWLEDGE;

        static AnswersFrom of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How its answers are to be made. */
    public Generation generation() {
        return new Generation(temperature, topP, maxTokens);
    }

    /** The same, told more after its own instructions. */
    public Assistant instructed(String more) {
        return new Assistant(
                id,
                name,
                description,
                instructions.isEmpty() ? more : instructions + "\n\n" + more,
                modelId,
                temperature,
                topP,
                maxTokens,
                retrieval,
                answersFrom,
                allDocuments,
                documentIds,
                isDefault,
                createdAt,
                updatedAt);
    }
}
