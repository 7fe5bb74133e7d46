package dev.customrag.chat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** What happens while a question is answered, in this order: the sources, the tokens, the stored answer. */
@RegisterForReflection(targets = {AnswerEvent.Sources.class, AnswerEvent.Token.class, AnswerEvent.Done.class})
sealed interface AnswerEvent {

    /** The passages the model was given, each with its whole text as the quote. */
    record Sources(List<Citation> citations) implements AnswerEvent {}

    /** The next piece of the answer. */
    record Token(String text) implements AnswerEvent {}

    /** The answer is complete and stored. */
    record Done(MessageView message) implements AnswerEvent {}
}
