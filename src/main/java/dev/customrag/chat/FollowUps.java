package dev.customrag.chat;

import dev.customrag.knowledge.Turn;
import dev.customrag.usage.Ledger;
import dev.customrag.usage.Purpose;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.StringJoiner;

/**
 * Has a language model say what a follow-up asks in words that stand alone, for the search only: the model that answers
 * gets the question as it was typed. Whatever goes wrong, the question stays as it is.
 */
@ApplicationScoped
class FollowUps {

    /** What older turns were about has seldom to do with the question. */
    private static final int MOST_TURNS = 4;

    private static final int LONGEST_PART = 800;

    /** A question is a sentence or two; what is longer is none. */
    private static final int LONGEST_QUESTION = 1_000;

    private final Prompts prompts;
    private final Ledger ledger;
    private final ChatConfig config;

    FollowUps(Prompts prompts, Ledger ledger, ChatConfig config) {
        this.prompts = prompts;
        this.ledger = ledger;
        this.config = config;
    }

    /** The rewriting of the question of a task. */
    Rewriting of(Answering.Task task) {
        return new Rewriting(task);
    }

    /** One question, to be rewritten once. */
    final class Rewriting {

        private final Answering.Task task;
        private final SideCall call;

        private Rewriting(Answering.Task task) {
            this.task = task;
            this.call = new SideCall(ledger, Purpose.CONDENSING, task);
        }

        /**
         * The question, complete in itself. Asks no model where nothing was said before, where the model is none that could,
         * or where the configuration says so.
         *
         * @param earlier the turns before it, oldest first
         */
        String standingAlone(List<Turn> earlier, String question) {
            if (earlier.isEmpty() || !task.model().followsInstructions() || !config.rewriteFollowUps()) {
                return question;
            }
            return call.text(prompts.followUp(), conversation(earlier, question), config.rewriteTimeLimit())
                    .map(String::strip)
                    .filter(FollowUps::isQuestion)
                    .orElse(question);
        }

        /** Ends the call of the model; who waits for it goes on with the question as it is. */
        void cancel() {
            call.cancel();
        }
    }

    private static String conversation(List<Turn> earlier, String question) {
        var turns = new StringJoiner("\n");
        for (Turn turn : earlier.subList(Math.max(0, earlier.size() - MOST_TURNS), earlier.size())) {
            turns.add("Person: " + beginning(turn.question()));
            turns.add("Assistant: " + beginning(turn.answer()));
        }
        return SideCall.data("conversation", turns.toString()) + "\n\nQuestion: " + beginning(question);
    }

    private static boolean isQuestion(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_QUESTION;
    }

    private static String beginning(String text) {
        return text.length() <= LONGEST_PART
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_PART / 2)) + " …";
    }
}
