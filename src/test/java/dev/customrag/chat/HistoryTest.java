package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.chat.Message.Status;
import dev.customrag.knowledge.Turn;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {

    private static final Turn NEWEST = turn("And pets?", "Dogs may not.");
    private static final Turn NEWER = turn("And the deposit?", "Two rents.");
    private static final Turn OLDER = turn("What is the rent?", "950 euros.");
    private static final Turn LONG =
            turn("Tell me all.", "It says much of the same. ".repeat(100).strip());

    private static Turn turn(String question, String answer) {
        return new Turn(question, answer);
    }

    private static int tokens(Turn... turns) {
        return History.within(List.of(turns), Integer.MAX_VALUE).estimatedTokens();
    }

    @Test
    void everythingGoesAlongWhereItFitsOldestFirst() {
        History history = History.within(List.of(NEWEST, NEWER, OLDER), 1_000);

        assertThat(history.turns()).containsExactly(OLDER, NEWER, NEWEST);
        assertThat(history.leftOut()).isZero();
    }

    @Test
    void theOldestTurnsThatDoNotFitAreLeftOutAndCounted() {
        int two = tokens(NEWEST, NEWER);

        assertThat(History.within(List.of(NEWEST, NEWER, OLDER), two).turns()).containsExactly(NEWER, NEWEST);
        assertThat(History.within(List.of(NEWEST, NEWER, OLDER), two).leftOut()).isEqualTo(1);
        assertThat(History.within(List.of(NEWEST, NEWER, OLDER), two - 1).turns())
                .containsExactly(NEWEST);
        assertThat(History.within(List.of(NEWEST, NEWER), 0)).isEqualTo(new History(List.of(), 2));
        assertThat(History.within(List.of(), 1_000)).isEqualTo(new History(List.of(), 0));
    }

    @Test
    void longAnswersBeforeTheLastTwoAreCutBeforeTurnsAreLeftOut() {
        List<Turn> all = List.of(NEWEST, NEWER, LONG, OLDER);
        History history = History.within(all, tokens(NEWEST, NEWER, OLDER) + 300);

        assertThat(history.turns()).hasSize(4).contains(OLDER, NEWER, NEWEST);
        assertThat(history.turns().get(1).question()).isEqualTo("Tell me all.");
        assertThat(history.turns().get(1).answer())
                .startsWith("It says much of the same.")
                .endsWith("It says much of the same. […]");
        assertThat(History.within(all, 10_000).turns()).contains(LONG);
    }

    @Test
    void anAnswerThatDoesNotFitByItselfIsCutToWhatDoes() {
        History history = History.within(List.of(LONG, OLDER), 100);

        assertThat(history.turns()).hasSize(1);
        assertThat(history.leftOut()).isEqualTo(1);
        assertThat(history.estimatedTokens()).isBetween(80, 100);
        assertThat(History.within(List.of(turn("Why?", "x".repeat(4_000))), 50)
                        .turns()
                        .getFirst()
                        .answer())
                .matches("x{100,} \\[…]");
    }

    @Test
    void rolesAlternateAndWhatIsLeftOutIsNoted() {
        assertThat(History.within(List.of(NEWER, OLDER), 1_000).messages())
                .containsExactly(
                        UserMessage.from(OLDER.question()),
                        AiMessage.from(OLDER.answer()),
                        UserMessage.from(NEWER.question()),
                        AiMessage.from(NEWER.answer()));
        assertThat(new History(List.of(NEWER), 12).messages().getFirst())
                .isEqualTo(UserMessage.from("[What was said before this is left out.]\n\nAnd the deposit?"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            COMPLETE | It is so
            FILTERED | It is so
            STOPPED  | It is so\\n\\n[The person stopped this answer here.]
            CUT      | It is so\\n\\n[This answer had its greatest length and was cut here.]
            FAILED   | It is so\\n\\n[This answer broke off here.]
            """)
    void anAnswerThatIsNotWholeSaysSo(Status status, String heard) {
        assertThat(History.within(List.of(History.turn("Is it?", "It is so", status)), 1_000)
                        .turns())
                .containsExactly(new Turn("Is it?", heard.replace("\\n", "\n")));
    }

    @Test
    void marksOfEarlierAnswersMeanNothingAnyMore() {
        assertThat(History.within(List.of(turn("Is it [1]?", "It is [1][2], as `a[1]` says [3].")), 1_000)
                        .turns())
                .containsExactly(new Turn("Is it [1]?", "It is, as `a[1]` says."));
        assertThat(History.within(List.of(turn("Is it?", "[1]")), 1_000).turns())
                .containsExactly(new Turn("Is it?", "[…]"));
    }

    @Test
    void whateverTheBudgetItIsKeptAndTheNewestStay() {
        var random = new Random(8);
        for (int round = 0; round < 500; round++) {
            List<Turn> newestFirst = IntStream.range(0, random.nextInt(12))
                    .mapToObj(i -> turn("Question " + i, "Answer 家賃 😀 é. ".repeat(random.nextInt(1, 60))))
                    .toList();
            int budget = random.nextInt(1_500);

            History history = History.within(newestFirst, budget);

            assertThat(history).isEqualTo(History.within(new ArrayList<>(newestFirst), budget));
            assertThat(history.estimatedTokens()).isLessThanOrEqualTo(budget);
            assertThat(history.turns().reversed().stream().map(Turn::question))
                    .isEqualTo(newestFirst.stream()
                            .map(Turn::question)
                            .limit(history.turns().size())
                            .toList());
            assertThat(history.leftOut() + history.turns().size()).isEqualTo(newestFirst.size());
        }
    }

    @Test
    void mostHistoriesBeginWithTheWholeOfTheOneBefore() {
        var random = new Random(8);
        var said = new ArrayList<Turn>();
        History before = new History(List.of(), 0);
        int same = 0;
        for (int i = 0; i < 100; i++) {
            said.addFirst(turn("What of " + i + "?", "It says so. ".repeat(random.nextInt(1, 150))));
            History history = History.within(said, 4_000);
            if (Collections.indexOfSubList(history.messages(), before.messages()) == 0) {
                same++;
            }
            if (i > 20) {
                assertThat(history.estimatedTokens()).isGreaterThan(2_000);
            }
            before = history;
        }
        assertThat(same).isGreaterThan(50);
    }

    @Test
    void theBudgetIsWhatTheModelHasRoomFor() {
        assertThat(History.budget(4_000, 32_000, 5_000)).isEqualTo(4_000);
        assertThat(History.budget(40_000, 32_000, 5_000)).isEqualTo(23_800);
        assertThat(History.budget(4_000, 8_000, 9_000)).isZero();
    }

    @Test
    void tokensAreEstimatedByScript() {
        assertThat(History.estimatedTokens("")).isZero();
        assertThat(History.estimatedTokens("four")).isEqualTo(1);
        assertThat(History.estimatedTokens("fourth")).isEqualTo(2);
        assertThat(History.estimatedTokens("Größe")).isEqualTo(2);
        assertThat(History.estimatedTokens("договор")).isEqualTo(4);
        assertThat(History.estimatedTokens("家賃")).isEqualTo(2);
    }
}
