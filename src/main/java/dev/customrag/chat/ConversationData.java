package dev.customrag.chat;

import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is stored of conversations. */
@ApplicationScoped
class ConversationData implements PersonalData {

    private final ChatConfig config;

    ConversationData(ChatConfig config) {
        this.config = config;
    }

    @Override
    public List<Kept> kept() {
        return List.of(
                Kept.inDatabase(
                        "Conversations: titles, questions, answers, what they quote, how they came about",
                        "until you delete the conversation or the account",
                        "chat_sessions",
                        "chat_messages"),
                new Kept(
                        "Ephemeral conversations: the same",
                        "memory of one process",
                        "until you delete them or the process ends; after the last use",
                        Optional.of(config.ephemeral().keptFor()),
                        Set.of()),
                Kept.inDatabase("Answers on their way", "until they are complete", "running_answers"),
                Kept.inDatabase("Recurring work on conversations: nothing of them", "until it is done", "chat_tasks"));
    }
}
