package dev.customrag.chat;

import dev.customrag.model.CallReport.StopReason;
import dev.customrag.model.TokenCounts;
import java.util.List;

/** What happens while messages are completed, in this order: the sources, the tokens, the end. */
public sealed interface CompletionEvent {

    /** The passages the model was given, each with its whole text as the quote. */
    record Sources(List<Citation> citations) implements CompletionEvent {}

    /** The next piece of the answer. */
    record Token(String text) implements CompletionEvent {}

    /**
     * The answer is complete.
     *
     * @param citations what it cites
     * @param tokens what it took; none where no model was asked
     * @param modelId who answered, null for the service itself
     */
    record Done(String content, List<Citation> citations, StopReason stopReason, TokenCounts tokens, String modelId)
            implements CompletionEvent {}
}
