package dev.customrag.chat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A message as the API shows it. */
@RegisterForReflection
record MessageView(
        UUID id,
        String role,
        String content,
        List<Citation> citations,
        String modelId,
        Usage usage,
        Instant createdAt) {

    static MessageView of(ChatMessage message) {
        Usage usage = message.inputTokens == null && message.outputTokens == null
                ? null
                : new Usage(message.inputTokens, message.outputTokens);
        return new MessageView(
                message.id,
                message.role.name(),
                message.content,
                message.citations,
                message.modelId,
                usage,
                message.createdAt);
    }
}
