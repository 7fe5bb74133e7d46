package dev.customrag.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.customrag.chat.Citation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A piece of an answer as OpenAI's API streams it.
 *
 * @param citations on the piece that has a finish reason only
 * @param usage on a last piece without choices, where it was asked for
 */
@RegisterForReflection(
        targets = {ChatCompletionChunk.class, ChatCompletionChunk.Choice.class, ChatCompletionChunk.Delta.class})
record ChatCompletionChunk(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,

        @JsonInclude(JsonInclude.Include.NON_NULL) List<Citation> citations,

        @JsonInclude(JsonInclude.Include.NON_NULL) ChatCompletion.Usage usage) {

    /** What is added to the one answer. */
    record Choice(int index, Delta delta, Object logprobs, String finishReason) {}

    /** The role comes with the first piece, texts with those between, nothing with the last. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(String role, String content) {}
}
