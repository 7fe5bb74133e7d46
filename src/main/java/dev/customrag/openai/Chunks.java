package dev.customrag.openai;

import dev.customrag.chat.Citation;
import dev.customrag.openai.ChatCompletionChunk.Choice;
import dev.customrag.openai.ChatCompletionChunk.Delta;
import java.util.List;
import java.util.UUID;

/** The chunks of one streamed answer. */
record Chunks(String id, long created, UUID assistant, boolean includesUsage) {

    /** Says who speaks. */
    List<ChatCompletionChunk> beginning() {
        return List.of(chunk(new Delta("assistant", ""), null, null));
    }

    /** None for no text. */
    List<ChatCompletionChunk> text(String text) {
        return text.isEmpty() ? List.of() : List.of(chunk(new Delta(null, text), null, null));
    }

    /** Says why it ended, and what it cites. */
    List<ChatCompletionChunk> ending(AnswerBeingWritten answer) {
        return List.of(chunk(new Delta(null, null), answer.finishReason(), answer.citations()));
    }

    /** None where nobody asked, or nobody has counted. */
    List<ChatCompletionChunk> usage(AnswerBeingWritten answer) {
        return !includesUsage || answer.usage() == null ? List.of() : List.of(chunk(List.of(), null, answer.usage()));
    }

    private ChatCompletionChunk chunk(Delta delta, String finishReason, List<Citation> citations) {
        return chunk(List.of(new Choice(0, delta, null, finishReason)), citations, null);
    }

    private ChatCompletionChunk chunk(List<Choice> choices, List<Citation> citations, ChatCompletion.Usage usage) {
        return new ChatCompletionChunk(
                id, "chat.completion.chunk", created, assistant.toString(), choices, citations, usage);
    }
}
