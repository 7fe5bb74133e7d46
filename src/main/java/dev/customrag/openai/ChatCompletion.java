package dev.customrag.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.customrag.chat.Citation;
import dev.customrag.model.CallReport.StopReason;
import dev.customrag.model.TokenCounts;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An answer as OpenAI's API gives it whole.
 *
 * @param created in seconds since 1970
 * @param model the assistant's id
 * @param usage null where a text to stop at was met: the call is ended then, and nobody has counted
 * @param citations what the {@code [n]} in the answer are; OpenAI's answers have none
 */
@Schema(name = "ChatCompletion")
record ChatCompletion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,

        @JsonInclude(JsonInclude.Include.NON_NULL) Usage usage,

        List<Citation> citations) {

    /** The one answer. */
    @Schema(name = "ChatCompletionChoice")
    record Choice(int index, Message message, Object logprobs, String finishReason) {}

    /** What the assistant said. */
    @Schema(name = "ChatCompletionAnswer")
    record Message(String role, String content, String refusal) {}

    /** What it took, in tokens. Those of the prompt include those that were read from a cache. */
    @RegisterForReflection
    @Schema(name = "ChatCompletionUsage")
    record Usage(long promptTokens, long completionTokens, long totalTokens, PromptTokens promptTokensDetails) {

        static Usage of(TokenCounts tokens) {
            long prompt = tokens.total() - tokens.output();
            return new Usage(prompt, tokens.output(), tokens.total(), new PromptTokens(tokens.cacheRead()));
        }
    }

    /** Of those of the prompt. */
    @RegisterForReflection
    @Schema(name = "ChatCompletionPromptTokens")
    record PromptTokens(int cachedTokens) {}

    /** What OpenAI calls the end of an answer. */
    static String finishReason(StopReason reason) {
        return switch (reason) {
            case END -> "stop";
            case LENGTH -> "length";
            case GUARDRAIL, FILTER -> "content_filter";
        };
    }
}
