package dev.customrag.chat;

import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What is stored of conversations. */
@ApplicationScoped
class ConversationData implements PersonalData {

    @Override
    public List<Kept> kept() {
        return List.of(Kept.inDatabase(
                "Conversations: titles, questions, answers, what they quote",
                "until you delete the conversation or the account",
                "chat_sessions",
                "chat_messages"));
    }
}
