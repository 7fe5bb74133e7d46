package dev.customrag.chat;

import dev.customrag.chat.Message.Status;
import dev.customrag.knowledge.Turn;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which earlier turns go along with a question: all of them within a budget. Where they do not fit, answers before the last
 * ones are cut to their beginning; where that is not enough, the oldest turns are left out. Both go on in runs of several
 * turns, so that most questions have the same history as the one before, and that turn: providers cache beginnings of
 * prompts. The same turns and the same budget make the same history.
 *
 * @param turns oldest first, as the model hears them
 * @param leftOut how many of those given are left out before them
 */
record History(List<Turn> turns, int leftOut) {

    /** More turns than any budget of use holds; keeps the query bounded in endless conversations. */
    static final int MOST_MESSAGES = 200;

    /** These a follow-up refers to: their answers stay whole. */
    private static final int LAST_TURNS = 2;

    /** Of the budget, what a run of turns comes to at most, unless it is a single one. */
    private static final int RUNS = 6;

    /** Tokens of an answer that is cut. Its beginning says what it was about. */
    private static final int SHORTENED = 120;

    private static final String CUT = " […]";

    /** No estimate of tokens is exact, and what is too long for a model is refused whole. */
    private static final double ROOM = 0.9;

    /** A question and its answer, which says so where it is not whole. */
    static Turn turn(String question, String answer, Status status) {
        return new Turn(question, answer + ending(status));
    }

    /**
     * How much history a call has room for.
     *
     * @param configured at most
     * @param context what the model takes
     * @param rest what else goes into the call, the longest answer included
     */
    static int budget(int configured, int context, int rest) {
        return Math.clamp((int) (ROOM * context) - rest, 0, configured);
    }

    /**
     * What fits.
     *
     * @param newestFirst the turns before the question
     * @param budget tokens, estimated
     */
    static History within(List<Turn> newestFirst, int budget) {
        List<Turn> said = newestFirst.stream().map(History::heard).toList().reversed();
        if (estimatedTokens(said) <= budget) {
            return new History(said, 0);
        }
        List<Integer> runs = runs(said, budget / RUNS);
        int whole = firstWhole(said, runs, budget);
        if (whole == said.size()) {
            return onlyNewest(said, budget);
        }
        List<Turn> recent = said.subList(whole, said.size());
        // As if they filled two runs, which they will: what comes before them stays the same meanwhile.
        int left = budget - Math.max(2 * (budget / RUNS), estimatedTokens(recent));
        int first = whole;
        var kept = new ArrayDeque<>(recent);
        for (int run : runs.reversed()) {
            if (run < first) {
                List<Turn> older = said.subList(run, first).stream()
                        .map(turn -> shortened(turn, SHORTENED))
                        .toList();
                left -= estimatedTokens(older);
                if (left < 0) {
                    break;
                }
                older.reversed().forEach(kept::addFirst);
                first = run;
            }
        }
        return new History(List.copyOf(kept), first);
    }

    /** Where runs begin. What was said before decides, so that what is said later moves none. */
    private static List<Integer> runs(List<Turn> said, int tokens) {
        var runs = new ArrayList<Integer>();
        int left = -1;
        for (int i = 0; i < said.size(); i++) {
            int more = estimatedTokens(said.get(i));
            left -= more;
            if (left < 0) {
                runs.add(i);
                left = tokens - more;
            }
        }
        return runs;
    }

    /** Where whole answers begin: with a run if they fit then, else with one of the last turns; the size if none fits. */
    private static int firstWhole(List<Turn> said, List<Integer> runs, int budget) {
        int last = Math.max(0, said.size() - LAST_TURNS);
        int run =
                runs.stream().filter(each -> each <= last).max(Integer::compare).orElse(0);
        return IntStream.concat(IntStream.of(run), IntStream.range(last, said.size()))
                .filter(from -> estimatedTokens(said.subList(from, said.size())) <= budget)
                .findFirst()
                .orElse(said.size());
    }

    private static History onlyNewest(List<Turn> said, int budget) {
        Turn newest = said.getLast();
        Turn cut = shortened(newest, budget - estimatedTokens(newest.question()));
        return estimatedTokens(cut) <= budget
                ? new History(List.of(cut), said.size() - 1)
                : new History(List.of(), said.size());
    }

    /** Marks mean the sources of their own answer, and would be taken for those of the next. */
    private static Turn heard(Turn turn) {
        var noMarks = new AnswerMarks(0);
        String answer = noMarks.feed(turn.answer()) + noMarks.end();
        return new Turn(turn.question(), answer.isBlank() ? "[…]" : answer);
    }

    private static String ending(Status status) {
        return switch (status) {
            case STOPPED -> "\n\n[The person stopped this answer here.]";
            case CUT -> "\n\n[This answer had its greatest length and was cut here.]";
            case FAILED -> "\n\n[This answer broke off here.]";
            case COMPLETE, UNANSWERED, RUNNING, FILTERED -> "";
        };
    }

    /** Cut after a sentence where one ends in time. */
    private static Turn shortened(Turn turn, int tokens) {
        String answer = turn.answer();
        if (estimatedTokens(answer) <= tokens) {
            return turn;
        }
        int fits = fitting(answer, tokens - estimatedTokens(CUT));
        int end = Sentences.ofAnswer(answer).stream()
                .mapToInt(TextRange::end)
                .filter(each -> each <= fits)
                .max()
                .orElse(fits);
        return new Turn(turn.question(), answer.substring(0, end).strip() + CUT);
    }

    /** The length of the longest beginning that has no more tokens. */
    private static int fitting(String text, int tokens) {
        int left = 4 * tokens;
        int at = 0;
        while (at < text.length()) {
            left -= quarters(text.codePointAt(at));
            if (left < 0) {
                break;
            }
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    /** As a model hears them: each turn a question followed by its answer, as roles have to alternate. */
    List<ChatMessage> messages() {
        var messages = new ArrayList<ChatMessage>();
        for (Turn turn : turns) {
            String question = messages.isEmpty() ? note() + turn.question() : turn.question();
            messages.add(UserMessage.from(question));
            messages.add(AiMessage.from(turn.answer()));
        }
        return messages;
    }

    private String note() {
        return leftOut == 0 ? "" : "[What was said before this is left out.]\n\n";
    }

    int estimatedTokens() {
        return estimatedTokens(turns);
    }

    private static int estimatedTokens(List<Turn> turns) {
        return turns.stream().mapToInt(History::estimatedTokens).sum();
    }

    private static int estimatedTokens(Turn turn) {
        return estimatedTokens(turn.question()) + estimatedTokens(turn.answer());
    }

    /**
     * About four characters to a token where the alphabet is Latin, two where it is another, and one where a character is a
     * syllable or a word: on the safe side for most models.
     */
    static int estimatedTokens(String text) {
        int quarters = text.codePoints().map(History::quarters).sum();
        return (quarters + 3) / 4;
    }

    private static int quarters(int character) {
        if (character < 0x250) {
            return 1;
        }
        return switch (Character.UnicodeScript.of(character)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, THAI -> 4;
            case COMMON -> Character.isSupplementaryCodePoint(character) ? 8 : 2;
            default -> 2;
        };
    }
}
