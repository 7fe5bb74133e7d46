package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.knowledge.Turn;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private final List<ChatMessage> newestFirst = new ArrayList<>();

    private void exchange(String question, String answer) {
        var asked = new ChatMessage();
        asked.id = UUID.randomUUID();
        asked.role = ChatMessage.Role.user;
        asked.content = question;
        var answered = new ChatMessage();
        answered.id = UUID.randomUUID();
        answered.parentId = asked.id;
        answered.role = ChatMessage.Role.assistant;
        answered.content = answer;
        newestFirst.addFirst(asked);
        newestFirst.addFirst(answered);
    }

    @Test
    void keepsTurnsInOrderQuestionBeforeAnswer() {
        exchange("first?", "one");
        exchange("second?", "two");

        assertThat(History.within(newestFirst, 1000))
                .containsExactly(
                        UserMessage.from("first?"), AiMessage.from("one"),
                        UserMessage.from("second?"), AiMessage.from("two"));
    }

    @Test
    void theNewestTurnsAreGivenOldestFirst() {
        exchange("first?", "one");
        exchange("second?", "two");
        exchange("third?", "three");
        newestFirst.addFirst(newestFirst.getFirst());

        assertThat(History.newestTurns(newestFirst, 2))
                .containsExactly(new Turn("second?", "two"), new Turn("third?", "three"));
        assertThat(History.newestTurns(List.of(), 2)).isEmpty();
    }

    @Test
    void leavesOutTheOldestWholeTurnsThatDoNotFit() {
        exchange("x".repeat(400), "y".repeat(400));
        exchange("z".repeat(40), "w".repeat(40));

        assertThat(History.within(newestFirst, 219))
                .containsExactly(UserMessage.from("z".repeat(40)), AiMessage.from("w".repeat(40)));
        assertThat(History.within(newestFirst, 220)).hasSize(4);
    }

    @Test
    void aNewTurnThatDoesNotFitEndsIt() {
        exchange("small", "small");
        exchange("x".repeat(4000), "y".repeat(4000));

        assertThat(History.within(newestFirst, 100)).isEmpty();
    }

    @Test
    void aBudgetOfZeroSendsNoHistory() {
        exchange("a", "b");

        assertThat(History.within(newestFirst, 0)).isEmpty();
    }

    @Test
    void estimatesFourCharactersToAToken() {
        assertThat(History.estimatedTokens("")).isZero();
        assertThat(History.estimatedTokens("abcd")).isEqualTo(1);
        assertThat(History.estimatedTokens("abcde")).isEqualTo(2);
    }

    @Test
    void titlesAreTheFirstQuestionOnOneLineCutAtAWord() {
        assertThat(Transcript.titleOf("  What is\n the notice   period? ")).isEqualTo("What is the notice period?");
        assertThat(Transcript.titleOf("word ".repeat(40)))
                .hasSizeLessThanOrEqualTo(81)
                .endsWith("word…");
        assertThat(Transcript.titleOf("😀".repeat(200))).endsWith("😀…");
    }
}
