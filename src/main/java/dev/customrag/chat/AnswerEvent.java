package dev.customrag.chat;

import dev.customrag.http.Problem;
import java.util.List;

/**
 * What happens while a question is answered, in this order: the sources, the tokens, one ending. Events are numbered by how
 * much of the answer there is after them, so that any process can go on behind any of them without a log.
 */
sealed interface AnswerEvent {

    /** Characters of the answer up to here, in UTF-16 code units; an ending counts as one more. */
    long number();

    /** How an answer that is kept ended. */
    static AnswerEvent ending(Message kept) {
        return kept.status() == Message.Status.FAILED
                ? new Failed(kept.content().length() + 1L, Problem.of(kept.error()))
                : new Done(kept);
    }

    /** The passages the model was given, each with its whole text as the quote. */
    record Sources(List<Citation> citations) implements AnswerEvent {

        @Override
        public long number() {
            return 0;
        }
    }

    /** The next piece of the answer. */
    record Token(long number, String text) implements AnswerEvent {}

    /** The answer is over, and stored. */
    record Done(Message message) implements AnswerEvent {

        @Override
        public long number() {
            return message.content().length() + 1L;
        }
    }

    /** The answer broke off; what there was of it is stored. */
    record Failed(long number, Problem problem) implements AnswerEvent {}
}
