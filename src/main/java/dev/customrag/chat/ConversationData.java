package dev.customrag.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.customrag.chat.SessionResource.SessionView;
import dev.customrag.chat.StoredSessions.Traced;
import dev.customrag.http.Pages;
import dev.customrag.tenancy.Export;
import dev.customrag.tenancy.PersonalData;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What is stored of conversations. */
@ApplicationScoped
class ConversationData implements PersonalData {

    private static final String CONVERSATIONS = "conversations/conversations.jsonl";

    private static final int PAGE = 100;

    /** Messages are long, and more so with what they quote. */
    private static final int PAGE_OF_MESSAGES = 20;

    private final ChatConfig config;
    private final StoredSessions sessions;

    ConversationData(ChatConfig config, StoredSessions sessions) {
        this.config = config;
        this.sessions = sessions;
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

    /**
     * A conversation.
     *
     * @param messages of all its branches, in the order in which they were said; read as they are written
     */
    @RegisterForReflection
    record ExportedConversation(@JsonUnwrapped SessionView session, Iterator<ExportedMessage> messages) {}

    /** A question or an answer, and how that came about. */
    @RegisterForReflection
    record ExportedMessage(
            @JsonUnwrapped MessageView message,

            @JsonInclude(JsonInclude.Include.NON_NULL) Trace trace) {

        static ExportedMessage of(Traced traced) {
            return new ExportedMessage(MessageView.of(traced.message()), traced.trace());
        }
    }

    @Override
    public List<Exported> exported() {
        return List.of(new Exported(
                CONVERSATIONS,
                "Your conversations, one in each line: questions and answers in all their versions, what they quote, how "
                        + "they came about"));
    }

    @Override
    public List<LeftOut> leftOut() {
        return List.of(
                new LeftOut("Conversations that are not to be kept", "they are in memory only, and nowhere stored"),
                new LeftOut(
                        "What there is so far of an answer on its way",
                        "it is in its conversation once it is complete",
                        "running_answers"),
                new LeftOut("Recurring work on conversations", "nothing of them", "chat_tasks"));
    }

    @Override
    public void export(UUID person, Export export) throws IOException {
        Iterator<Session> all = Pages.of(PAGE, page -> sessions.all(person, page));
        export.lines(
                CONVERSATIONS,
                Pages.map(
                        all,
                        session -> new ExportedConversation(
                                SessionView.of(session),
                                Pages.map(
                                        Pages.of(PAGE_OF_MESSAGES, page -> sessions.traced(person, session.id(), page)),
                                        ExportedMessage::of))));
    }
}
