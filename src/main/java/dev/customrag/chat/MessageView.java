package dev.customrag.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.customrag.model.TokenCounts;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A message as the API shows it.
 *
 * @param active whether it is on the branch that is shown; null where one message is shown by itself
 */
@RegisterForReflection
record MessageView(
        UUID id,
        UUID parentId,
        Message.Role role,
        Message.Status status,
        String content,
        List<Citation> citations,
        String modelId,
        Usage usage,
        @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, Object> error,
        @JsonInclude(JsonInclude.Include.NON_NULL) Boolean active,
        Instant createdAt) {

    /** Tokens of one call, as the provider counted them. */
    @RegisterForReflection
    @Schema(name = "MessageUsage")
    record Usage(int inputTokens, int outputTokens, int cacheReadTokens, int cacheWriteTokens) {

        static Usage of(TokenCounts counts) {
            return counts == null
                    ? null
                    : new Usage(counts.input(), counts.output(), counts.cacheRead(), counts.cacheWrite());
        }
    }

    static MessageView of(Message message) {
        return of(message, null);
    }

    static MessageView of(Message message, Boolean active) {
        return new MessageView(
                message.id(),
                message.parentId(),
                message.role(),
                message.status(),
                message.content(),
                message.citations(),
                message.modelId(),
                Usage.of(message.usage()),
                message.error(),
                active,
                message.createdAt());
    }
}
