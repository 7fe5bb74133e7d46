package dev.customrag.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One entry of the model catalog.
 *
 * @param id what requests name as {@code model_id}
 * @param name the name for people
 * @param provider who made it, such as {@code Anthropic}
 * @param source where it runs: {@code bedrock} or {@code local}
 * @param streaming whether answers arrive token by token
 */
public record ModelDescription(String id, String name, String provider, Kind kind, String source, boolean streaming) {

    /** What a model is for. */
    @Schema(name = "ModelKind")
    public enum Kind {
        @JsonProperty("chat")
        CHAT,
        @JsonProperty("embedding")
        EMBEDDING
    }
}
