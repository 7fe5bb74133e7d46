package dev.customrag.chat;

import dev.customrag.knowledge.Turn;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which earlier turns go along with a question: the newest that fit a budget, whole turns only. */
final class History {

    /** More turns than any budget of use holds; keeps the query bounded in endless conversations. */
    static final int MOST_MESSAGES = 200;

    private History() {}

    /**
     * The turns that fit, oldest first, each a question followed by its answer, as models want roles to alternate.
     *
     * @param newestFirst the messages of the session, newest first
     * @param budget tokens, estimated
     */
    static List<dev.langchain4j.data.message.ChatMessage> within(List<ChatMessage> newestFirst, int budget) {
        var kept = new ArrayList<dev.langchain4j.data.message.ChatMessage>();
        int left = budget;
        for (Turn turn : turns(newestFirst)) {
            left -= estimatedTokens(turn.question()) + estimatedTokens(turn.answer());
            if (left < 0) {
                break;
            }
            kept.add(AiMessage.from(turn.answer()));
            kept.add(UserMessage.from(turn.question()));
        }
        Collections.reverse(kept);
        return kept;
    }

    /**
     * The newest turns, oldest first, whatever their length.
     *
     * @param newestFirst the messages of the session, newest first
     */
    static List<Turn> newestTurns(List<ChatMessage> newestFirst, int most) {
        return turns(newestFirst).stream().limit(most).toList().reversed();
    }

    /** Newest first. Questions whose answer is not theirs, as when several were asked at once, are left out. */
    private static List<Turn> turns(List<ChatMessage> newestFirst) {
        var turns = new ArrayList<Turn>();
        for (int i = 0; i + 1 < newestFirst.size(); i++) {
            ChatMessage answer = newestFirst.get(i);
            ChatMessage question = newestFirst.get(i + 1);
            if (answer.role == ChatMessage.Role.assistant && question.id.equals(answer.parentId)) {
                turns.add(new Turn(question.content, answer.content));
                i++;
            }
        }
        return turns;
    }

    /** About four characters to a token: the usual rule for English, on the safe side for most models. */
    static int estimatedTokens(String text) {
        return (text.length() + 3) / 4;
    }
}
