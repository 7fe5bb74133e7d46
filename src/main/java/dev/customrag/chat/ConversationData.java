package dev.customrag.chat;

import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What is stored of conversations. */
@ApplicationScoped
class ConversationData implements PersonalData {

    @Override
    public List<Kept> kept() {
        return List.of(
                Kept.inDatabase(
                        "Conversations: titles, questions, answers, what they quote, how they came about",
                        "until you delete the conversation or the account",
                        "chat_sessions",
                        "chat_messages"),
                Kept.inDatabase("Answers on their way", "until they are complete", "running_answers"),
                Kept.inDatabase("Recurring work on conversations: nothing of them", "until it is done", "chat_tasks"));
    }
}
