package dev.customrag.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One entry of the model catalog.
 *
 * @param id what requests name as {@code model_id}
 * @param name the name for people
 * @param provider who made it, such as {@code Anthropic}
 * @param source where it runs: {@code bedrock} or {@code local}
 * @param streaming whether answers arrive token by token
 * @param baseModel the id of the foundation model behind it; null where it is one itself, or none is known
 * @param regions where the provider may work on what it is sent, {@code *} for anywhere; empty if it stays in this process
 */
public record ModelDescription(
        String id,
        String name,
        String provider,
        Kind kind,
        String source,
        boolean streaming,
        String baseModel,
        List<String> regions) {

    /** What a model is for. */
    @Schema(name = "ModelKind")
    public enum Kind {
        @JsonProperty("chat")
        CHAT,
        @JsonProperty("embedding")
        EMBEDDING
    }
}
