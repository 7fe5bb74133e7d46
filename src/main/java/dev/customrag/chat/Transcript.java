package dev.customrag.chat;

import dev.customrag.http.Ids;
import dev.langchain4j.model.output.TokenUsage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Stores what was said. A question and its answer become visible together, so no question ever looks unanswered. */
@ApplicationScoped
class Transcript {

    private static final int LONGEST_TITLE = 80;

    private final Clock clock;

    Transcript(Clock clock) {
        this.clock = clock;
    }

    /** A question that was answered. */
    record Exchange(
            String question,
            Instant askedAt,
            String answer,
            List<Citation> citations,
            String modelId,
            TokenUsage usage) {}

    /** The newest messages of a session of this person, newest first. */
    @Transactional
    List<ChatMessage> newest(UUID owner, UUID sessionId, int limit) {
        return ChatMessage.newest(ChatSession.of(owner, sessionId).id, limit);
    }

    /**
     * Stores an exchange at the end of a session, names the session after it if it has no name yet, and moves its
     * {@code updated_at}.
     *
     * @return the answer as stored
     * @throws dev.customrag.http.Problem 404 if the session was deleted meanwhile
     */
    @Transactional
    MessageView store(UUID owner, UUID sessionId, Exchange exchange) {
        ChatSession session = ChatSession.held(owner, sessionId);
        List<ChatMessage> last = ChatMessage.newest(sessionId, 1);

        // Answers to questions asked at once are stored one after the other, and listed so.
        boolean later = last.isEmpty() || last.getFirst().createdAt.isBefore(exchange.askedAt());
        ChatMessage question = message(
                session, last.isEmpty() ? null : last.getFirst().id, later ? exchange.askedAt() : clock.instant());
        question.role = ChatMessage.Role.user;
        question.content = exchange.question();
        question.persist();

        ChatMessage answer = message(session, question.id, clock.instant());
        answer.role = ChatMessage.Role.assistant;
        answer.content = exchange.answer();
        answer.citations = exchange.citations();
        answer.modelId = exchange.modelId();
        if (exchange.usage() != null) {
            answer.inputTokens = exchange.usage().inputTokenCount();
            answer.outputTokens = exchange.usage().outputTokenCount();
        }
        answer.persist();

        if (session.title == null) {
            session.title = titleOf(exchange.question());
        }
        session.updatedAt = answer.createdAt;
        return MessageView.of(answer);
    }

    private static ChatMessage message(ChatSession session, UUID parent, Instant at) {
        var message = new ChatMessage();
        message.id = Ids.next();
        message.sessionId = session.id;
        message.parentId = parent;
        message.createdAt = at;
        return message;
    }

    /** The first question on one line, cut at a word. */
    static String titleOf(String question) {
        String line = question.strip().replaceAll("\\s+", " ");
        if (line.length() <= LONGEST_TITLE) {
            return line;
        }
        int cut = line.lastIndexOf(' ', LONGEST_TITLE - 1);
        if (cut < LONGEST_TITLE / 2) {
            cut = line.offsetByCodePoints(0, Math.min(LONGEST_TITLE - 1, line.codePointCount(0, line.length())));
        }
        return line.substring(0, cut).stripTrailing() + "…";
    }
}
