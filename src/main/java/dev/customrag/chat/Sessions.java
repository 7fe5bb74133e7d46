package dev.customrag.chat;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.model.TokenCounts;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where conversations are kept: in the database, or, ephemeral ones, in the memory of this process. Somebody else's session
 * and a missing one are the same.
 */
interface Sessions {

    Optional<Session> find(UUID owner, UUID id);

    /**
     * Changes it.
     *
     * @throws Problem 404 if there is no such session, or not this message in it
     */
    Session change(UUID owner, UUID id, Session.Change change);

    /** Gives it a title in place of the question; the person's own stays. */
    void name(UUID owner, UUID id, String title);

    /**
     * Whether a better title is to be looked for: its title is the question, and this is its first answer that is whole, or
     * reached its greatest length.
     */
    boolean awaitsTitle(UUID owner, UUID id, UUID answer);

    /** Deletes it with its messages; false if there is none. */
    boolean delete(UUID owner, UUID id);

    /** Its messages, oldest first: all, or those of the branch that is shown. The caller has made sure that it is there. */
    Page<Message> messages(UUID owner, Session session, boolean activeOnly, PageRequest page);

    /** The ids of the messages of the branch that is shown. */
    Collection<UUID> activeBranch(UUID owner, Session session);

    Optional<Message> message(UUID owner, UUID session, UUID id);

    /** A message and what was before it, newest first. */
    List<Message> branch(UUID owner, UUID session, UUID end, int most);

    /** How an answer came about; empty where that is not known. */
    Optional<Trace> trace(UUID owner, UUID session, UUID message);

    /**
     * An answer begins: the question and the answer's place are kept, the branch shown is theirs.
     *
     * @throws Problem 404 if the session is gone, 409 while it has another answer on its way
     */
    void begin(NewAnswer answer);

    /** What an answer rests on is found. */
    void sources(UUID owner, UUID answer, List<Citation> sources);

    /**
     * An answer ends.
     *
     * @return as it is kept; empty if it was ended elsewhere, or the session is gone
     */
    Optional<Message> end(UUID owner, UUID session, UUID answer, Ending ending);

    /**
     * An answer that is to come.
     *
     * @param process where it is made
     * @param title of the session, if it has none
     */
    record NewAnswer(
            UUID owner, UUID session, UUID process, UUID id, Question question, String title, String modelId) {}

    /** What is answered. */
    sealed interface Question {

        UUID id();

        /** The next one of the branch that is shown. */
        record Next(UUID id, String text) implements Question {}

        /**
         * One in the place of another.
         *
         * @param parent what both follow, null for the first of a session
         */
        record Edited(UUID id, String text, UUID parent) implements Question {}

        /** One asked before, which gets another answer. */
        record Asked(UUID id) implements Question {}
    }

    /**
     * How an answer ended. One that failed before its first word is no answer: it is not kept, and its question is
     * unanswered unless there is another to it.
     *
     * @param error the problem document if it failed
     */
    record Ending(
            Message.Status status,
            String content,
            List<Citation> citations,
            Map<String, Object> error,
            String modelId,
            TokenCounts usage,
            Trace trace) {

        /** @param problem what it failed of, null if it did not */
        static Ending of(Answering.Result result, Problem problem) {
            return new Ending(
                    result.status(),
                    result.content(),
                    result.citations(),
                    problem == null ? null : problem.body(),
                    result.modelId(),
                    result.usage(),
                    result.trace());
        }

        boolean isNoAnswer() {
            return status == Message.Status.FAILED && content.isEmpty();
        }
    }

    /** A session has one answer on its way at a time: 409. */
    static Problem alreadyRunning() {
        return Problem.conflict(
                "answer-running", "This conversation has another answer on its way. Wait for it, or stop it first.");
    }
}
