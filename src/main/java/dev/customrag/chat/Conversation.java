package dev.customrag.chat;

import dev.customrag.assistant.Assistant;
import dev.customrag.assistant.Assistants;
import dev.customrag.http.Faults;
import dev.customrag.http.Ids;
import dev.customrag.http.Problem;
import dev.customrag.knowledge.Turn;
import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.Generation;
import dev.customrag.model.ModelProvider;
import dev.customrag.tenancy.DatabaseAway;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.jboss.logging.Logger;

/**
 * Questions and answers of a session. A question is kept before anything is done for it, with the place of its answer; so a
 * failure neither loses it nor makes it look answered.
 */
@ApplicationScoped
class Conversation {

    private static final Logger LOG = Logger.getLogger(Conversation.class);

    private final SessionsOf sessions;
    private final Assistants assistants;
    private final ModelProvider models;
    private final Answering answering;
    private final Answers answers;
    private final Titles titles;
    private final ChatConfig config;
    private final ExecutorService threads;

    Conversation(
            SessionsOf sessions,
            Assistants assistants,
            ModelProvider models,
            Answering answering,
            Answers answers,
            Titles titles,
            ChatConfig config,
            @VirtualThreads ExecutorService threads) {
        this.sessions = sessions;
        this.assistants = assistants;
        this.models = models;
        this.answering = answering;
        this.answers = answers;
        this.titles = titles;
        this.config = config;
        this.threads = threads;
    }

    /**
     * How a question is to be answered.
     *
     * @param modelId by which model, null for the assistant's
     * @param retrieval whether documents are consulted, null for as the assistant does
     * @param inBackground whether the answer is made to its end though nobody listens
     */
    record Wishes(String modelId, Boolean retrieval, boolean inBackground) {}

    /**
     * Asks the next question of a session. What can fail before the model is called fails here: an unknown session or model,
     * a retrieval that does not work, a budget that is used up. What fails later is an event of the answer.
     *
     * @throws Problem 404 if there is no such session or model, 409 while another answer is on its way, and whatever keeps
     *     the answer from being begun; the question is kept then as unanswered
     */
    Answer ask(UUID owner, UUID id, String question, Wishes wishes) {
        Session session = session(owner, id);
        return answer(owner, session, new Sessions.Question.Next(Ids.next(), question), question, wishes);
    }

    /**
     * Makes another answer to a question of the session; the one before stays.
     *
     * @param message the question, or an answer to it
     * @param question the question in other words, which then stands beside the one before; null for the same
     * @throws Problem as {@link #ask}
     */
    Answer again(UUID owner, UUID id, UUID message, String question, Wishes wishes) {
        Session session = session(owner, id);
        Message said = message(owner, session, message);
        Message asked = said.role() == Message.Role.USER ? said : message(owner, session, said.parentId());
        boolean changed = question != null && !question.equals(asked.content());
        return answer(
                owner,
                session,
                changed
                        ? new Sessions.Question.Edited(Ids.next(), question, asked.parentId())
                        : new Sessions.Question.Asked(asked.id()),
                changed ? question : asked.content(),
                asked.parentId(),
                wishes);
    }

    private Answer answer(UUID owner, Session session, Sessions.Question kept, String question, Wishes wishes) {
        return answer(owner, session, kept, question, session.currentMessageId(), wishes);
    }

    /** @param before the end of what was said before the question, null if nothing was */
    private Answer answer(
            UUID owner, Session session, Sessions.Question kept, String question, UUID before, Wishes wishes) {
        Assistant assistant = session.assistantId() == null
                ? assistants.defaultOf(owner)
                : assistants.of(owner, session.assistantId());
        String modelId = modelId(assistant, wishes);
        CancellableChatModel model = models.chatModel(modelId);
        Sessions where = sessions.of(session);
        List<Turn> earlier = turns(where.branch(owner, session.id(), before, History.MOST_MESSAGES));
        boolean retrieval = wishes.retrieval() == null ? assistant.retrieval().enabled() : wishes.retrieval();
        var task = new Answering.Task(
                owner, assistant, retrieval, modelId, model, generation(assistant), earlier, question);

        UUID id = Ids.next();
        where.begin(new Sessions.NewAnswer(
                owner, session.id(), answers.process(), id, kept, Titles.ofQuestion(question), modelId));
        Answer answer = answers.begin(owner, session.id(), id, wishes.inBackground(), !session.ephemeral());
        var keeping = new Keeping(owner, session, where, answer, task);
        Answering.Draft draft = answering.draft(task);
        answer.onStop(draft::cancel);
        try {
            draft.prepare();
            draft.start(keeping);
        } catch (Throwable failure) {
            // Also an Error: the session would have an answer on its way for ever.
            draft.abandon();
            keeping.neverBegan(failure);
            throw failure;
        }
        return answer;
    }

    private String modelId(Assistant assistant, Wishes wishes) {
        if (wishes.modelId() != null) {
            return wishes.modelId();
        }
        return assistant.modelId() == null ? models.defaultChatModelId() : assistant.modelId();
    }

    private Generation generation(Assistant assistant) {
        Generation wished = assistant.generation();
        return wished.maxTokens() != null
                ? wished
                : new Generation(wished.temperature(), wished.topP(), config.answerTokens());
    }

    private Session session(UUID owner, UUID id) {
        return sessions.find(owner, id).orElseThrow(() -> Problem.notFound("Session"));
    }

    private Message message(UUID owner, Session session, UUID id) {
        return sessions.of(session).message(owner, session.id(), id).orElseThrow(() -> Problem.notFound("Message"));
    }

    /** Newest first. A question without an answer says nothing; an answer that was stopped says what it had said. */
    private static List<Turn> turns(List<Message> newestFirst) {
        var turns = new ArrayList<Turn>();
        for (int i = 0; i + 1 < newestFirst.size(); i++) {
            Message answer = newestFirst.get(i);
            Message question = newestFirst.get(i + 1);
            if (answer.role() == Message.Role.ASSISTANT && !answer.content().isBlank()) {
                turns.add(History.turn(question.content(), answer.content(), answer.status()));
                i++;
            }
        }
        return turns;
    }

    /** Keeps an answer as it comes about, and lets those who listen hear of it. */
    private final class Keeping implements Answering.Listener {

        private final UUID owner;
        private final Session session;
        private final Sessions where;
        private final Answer answer;
        private final Answering.Task task;

        Keeping(UUID owner, Session session, Sessions where, Answer answer, Answering.Task task) {
            this.owner = owner;
            this.session = session;
            this.where = where;
            this.answer = answer;
            this.task = task;
        }

        @Override
        public void sources(List<Citation> sources) {
            where.sources(owner, answer.id(), sources);
            answer.sources(sources);
        }

        @Override
        public void token(String text) {
            answer.token(text);
        }

        @Override
        public void ended(Answering.Result result) {
            end(result, null);
            boolean hasNone = session.title() == null || session.titledBy() == Session.TitledBy.QUESTION;
            if (hasNone && result.status().isWhole()) {
                threads.execute(() -> name(result.content()));
            }
        }

        @Override
        public void failed(Problem problem, Answering.Result partial) {
            end(partial, problem);
        }

        /** Whoever asked hears it at once, also if the database is away, and the rest has to wait for that. */
        void neverBegan(Throwable failure) {
            Problem problem = problem(failure);
            Runnable end = () -> failed(problem, Answering.Result.nothing(task.modelId()));
            if (DatabaseAway.isBehind(failure)) {
                threads.execute(end);
            } else {
                end.run();
            }
        }

        private void end(Answering.Result result, Problem problem) {
            AnswerEvent last;
            try {
                Optional<Message> kept = Outlasting.database(
                        () -> where.end(owner, session.id(), answer.id(), Sessions.Ending.of(result, problem)));
                last = problem != null
                        ? new AnswerEvent.Failed(answer.length() + 1L, problem)
                        : kept.map(AnswerEvent::ending).orElseGet(this::endedElsewhere);
            } catch (Throwable failure) {
                last = new AnswerEvent.Failed(answer.length() + 1L, problem(failure));
            }
            answers.over(answer, last);
        }

        /** The session was deleted meanwhile, or the answer was given up for dead. */
        private AnswerEvent endedElsewhere() {
            return where.message(owner, session.id(), answer.id())
                    .map(AnswerEvent::ending)
                    .orElseGet(() -> new AnswerEvent.Failed(answer.length() + 1L, Problem.notFound("Session")));
        }

        private void name(String content) {
            try {
                if (where.awaitsTitle(owner, session.id(), answer.id())) {
                    titles.of(task, content).ifPresent(title -> where.name(owner, session.id(), title));
                }
            } catch (RuntimeException e) {
                LOG.warn("A conversation was not named: " + Faults.describe(e));
            }
        }
    }

    private static Problem problem(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        LOG.error("An answer failed: " + Faults.describe(failure));
        return Problem.internalError();
    }
}
