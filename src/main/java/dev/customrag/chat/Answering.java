package dev.customrag.chat;

import dev.customrag.assistant.Assistant;
import dev.customrag.assistant.Assistant.AnswersFrom;
import dev.customrag.http.Faults;
import dev.customrag.http.Problem;
import dev.customrag.knowledge.PassageRetriever;
import dev.customrag.knowledge.Retrieved;
import dev.customrag.knowledge.SearchScope;
import dev.customrag.knowledge.Turn;
import dev.customrag.model.CallReport;
import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.Generation;
import dev.customrag.model.ModelCall;
import dev.customrag.model.TokenCounts;
import dev.customrag.tenancy.DatabaseAway;
import dev.customrag.usage.Ledger;
import dev.customrag.usage.Purpose;
import dev.customrag.usage.Reservation;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Makes answers: says what a follow-up means, finds the sources, asks the model, lets only marks of sources pass, and says
 * what each cites. Keeps nothing; whose conversation it is, and what becomes of it, is for whoever asks.
 */
@ApplicationScoped
class Answering {

    private static final Logger LOG = Logger.getLogger(Answering.class);

    private static final int MOST_TURNS_FOR_SEARCH = 5;

    private final PassageRetriever retriever;
    private final Prompts prompts;
    private final FollowUps followUps;
    private final Declining declining;
    private final Ledger ledger;
    private final ChatConfig config;
    private final ExecutorService threads;

    Answering(
            PassageRetriever retriever,
            Prompts prompts,
            FollowUps followUps,
            Declining declining,
            Ledger ledger,
            ChatConfig config,
            @VirtualThreads ExecutorService threads) {
        this.retriever = retriever;
        this.prompts = prompts;
        this.followUps = followUps;
        this.declining = declining;
        this.ledger = ledger;
        this.config = config;
        this.threads = threads;
    }

    /**
     * What is to be answered.
     *
     * @param retrieval whether the assistant's documents are consulted
     * @param generation how, of which the greatest length is said
     * @param earlier the turns before, newest first
     */
    record Task(
            UUID owner,
            Assistant assistant,
            boolean retrieval,
            String modelId,
            CancellableChatModel model,
            Generation generation,
            List<Turn> earlier,
            String question) {}

    /**
     * Hears how an answer comes about: the sources, the tokens, then one of the endings. Tokens come from the provider's
     * threads, one after another; what hears them must not block. Endings may.
     */
    interface Listener {

        /** What the model is given. */
        void sources(List<Citation> sources);

        void token(String text);

        void ended(Result result);

        /** @param partial as far as it came */
        void failed(Problem problem, Result partial);
    }

    /**
     * What has come of an answer.
     *
     * @param modelId who answered, null for the service itself
     * @param usage null where no model was asked
     */
    record Result(
            Message.Status status,
            String content,
            List<Citation> citations,
            String modelId,
            TokenCounts usage,
            Trace trace) {

        /** Where it failed before the model was asked. */
        static Result nothing(String modelId) {
            return new Result(Message.Status.FAILED, "", List.of(), modelId, null, null);
        }
    }

    /** An answer to be made: {@link Draft#prepare} it, then {@link Draft#start} it. */
    Draft draft(Task task) {
        return new Draft(task);
    }

    /** One answer in the making. Whoever cancels it hears of its ending all the same, with what there is of it. */
    final class Draft {

        private final Task task;
        private final ModelCall call;
        private final FollowUps.Rewriting rewriting;
        private final long began = System.nanoTime();
        private final StringBuilder content = new StringBuilder();
        private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
        private Listener listener;
        private boolean over;
        private volatile Problem interruption;
        private RetrievedSources sources;
        private TokenStream tokens;
        private Reservation reservation;
        private AnswerText text;
        private History history = new History(List.of(), 0);
        private long firstToken;

        private Draft(Task task) {
            this.task = task;
            this.call = new ModelCall(task.model(), task.generation());
            this.rewriting = followUps.of(task);
        }

        /**
         * Says what the question means, and finds what the answer may rest on. Comes back at once when it is cancelled, and
         * begins nothing more then.
         *
         * @throws Problem if that does not work, or the person has used up what they may
         */
        void prepare() {
            List<Turn> turns = task.earlier().stream()
                    .limit(MOST_TURNS_FOR_SEARCH)
                    .toList()
                    .reversed();
            Assistant assistant = task.assistant();
            sources = new RetrievedSources(
                    retriever,
                    new SearchScope(task.owner(), assistant.documentIds()),
                    turns,
                    assistant.retrieval().limit());
            if (task.retrieval() && knowsDocuments()) {
                String question = rewriting.standingAlone(turns, task.question());
                if (!cancelled.isDone()) {
                    search(question);
                }
            }
            if (cancelled.isDone()) {
                return;
            }
            history = History.within(task.earlier(), historyBudget());
            tokens = tokens();
            if (!declines()) {
                reservation = ledger.reserve(
                        task.owner(),
                        Purpose.ANSWER,
                        task.modelId(),
                        estimatedInput(),
                        task.generation().maxTokens());
            }
        }

        /** Embedding a question takes as long as its provider pleases: whoever cancels does not wait for it. */
        private void search(String question) {
            CompletableFuture<Retrieved> search =
                    CompletableFuture.supplyAsync(() -> sources.search(question), threads);
            try {
                CompletableFuture.anyOf(search, cancelled).join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException failure ? failure : e;
            }
            if (!cancelled.isDone()) {
                sources.remember(question, search.join());
            }
        }

        private TokenStream tokens() {
            // Lives for this call only: the database is the memory.
            var memory = MessageWindowChatMemory.withMaxMessages(2 * History.MOST_MESSAGES);
            history.messages().forEach(memory::add);
            var service = AiServices.builder(Answerer.class)
                    .streamingChatModel(call)
                    .chatMemoryProvider(id -> memory)
                    .systemMessageProvider(id -> prompts.system(task.assistant(), task.retrieval()));
            if (!sources.passages().isEmpty()) {
                service.retrievalAugmentor(sources.augmentor());
            }
            return service.build().answer(task.question());
        }

        private boolean knowsDocuments() {
            return task.assistant().allDocuments()
                    || !task.assistant().documentIds().isEmpty();
        }

        /**
         * Whether the service says itself that the documents do not say it. Not where all are known and there are none yet:
         * whoever begins may want to be told more than that.
         */
        private boolean declines() {
            boolean nothing = task.assistant().allDocuments()
                    ? sources.nothingFits()
                    : sources.passages().isEmpty();
            return nothing
                    && task.retrieval()
                    && task.assistant().answersFrom() == AnswersFrom.DOCUMENTS
                    && task.model().followsInstructions();
        }

        private int historyBudget() {
            int rest = estimatedTokensOfRules()
                    + estimatedTokensOfSources()
                    + task.generation().maxTokens();
            return History.budget(config.historyTokens(), task.model().contextTokens(), rest);
        }

        private int estimatedInput() {
            return estimatedTokensOfRules() + estimatedTokensOfSources() + history.estimatedTokens();
        }

        private int estimatedTokensOfRules() {
            return History.estimatedTokens(prompts.system(task.assistant(), task.retrieval()))
                    + History.estimatedTokens(task.question());
        }

        private int estimatedTokensOfSources() {
            return sources.passages().stream()
                    .mapToInt(passage -> History.estimatedTokens(passage.text()))
                    .sum();
        }

        /** Asks the model. Only after {@link #prepare}. */
        void start(Listener heard) {
            text = new AnswerText(task.question(), sources.passages());
            heard.sources(Citations.sources(sources.passages()));
            boolean cancelledBefore;
            synchronized (this) {
                listener = heard;
                cancelledBefore = over;
            }
            if (cancelledBefore) {
                threads.execute(this::stopped);
                return;
            }
            if (declines()) {
                threads.execute(this::decline);
                return;
            }
            tokens.onPartialResponse(this::token)
                    .onCompleteResponse(response -> threads.execute(this::complete))
                    .onError(failure -> threads.execute(() -> fail(failure)));
            threads.execute(() -> {
                try {
                    tokens.start();
                } catch (Throwable failure) {
                    // Also an Error: whoever waits for this answer would wait for ever.
                    fail(failure);
                }
            });
        }

        private void decline() {
            try {
                token(declining.sentence(task.owner(), task.question()));
            } catch (RuntimeException failure) {
                fail(failure);
                return;
            }
            if (close()) {
                conclude(Message.Status.COMPLETE, null, null, null);
            }
        }

        private synchronized void token(String piece) {
            if (!over) {
                tell(text.feed(piece));
            }
        }

        private void tell(String ready) {
            if (!ready.isEmpty()) {
                if (content.isEmpty()) {
                    firstToken = System.nanoTime();
                }
                content.append(ready);
                listener.token(ready);
            }
        }

        private void complete() {
            CallReport report = call.report();
            synchronized (this) {
                if (!over) {
                    tell(text.end());
                }
            }
            if (!close()) {
                return;
            }
            if (content.toString().isBlank()) {
                var problem = new Problem(502, "empty-answer", "Bad gateway", "The model gave no answer. Ask again.");
                conclude(Message.Status.FAILED, problem, report, report.tokens());
            } else {
                conclude(status(report), null, report, report.tokens());
            }
        }

        /** Says the ending, whatever goes wrong meanwhile: whoever listens would wait for ever. */
        private void conclude(Message.Status status, Problem problem, CallReport report, TokenCounts usage) {
            settle(usage);
            Result result;
            Problem last = problem;
            try {
                result = result(status, report, usage);
            } catch (RuntimeException | Error failure) {
                last = problem(failure);
                result = new Result(Message.Status.FAILED, content.toString(), List.of(), task.modelId(), usage, null);
            }
            if (last == null) {
                listener.ended(result);
            } else {
                listener.failed(last, result);
            }
        }

        private static Message.Status status(CallReport report) {
            return switch (report.stopReason()) {
                case END -> Message.Status.COMPLETE;
                case LENGTH -> Message.Status.CUT;
                case GUARDRAIL, FILTER -> Message.Status.FILTERED;
            };
        }

        private void fail(Throwable failure) {
            if (!close()) {
                return;
            }
            conclude(Message.Status.FAILED, problem(failure), null, estimatedUsage());
        }

        /** Ends the call of the model. What there is of the answer is its ending. */
        void cancel() {
            cancel(null);
        }

        /**
         * As {@link #cancel()}.
         *
         * @param why what the answer failed of then, null if it is wanted no more
         */
        void cancel(Problem why) {
            boolean started;
            synchronized (this) {
                if (!close()) {
                    return;
                }
                interruption = why;
                started = listener != null;
            }
            cancelled.complete(null);
            rewriting.cancel();
            call.cancel();
            // One that is not started yet ends when it is.
            if (started) {
                threads.execute(this::stopped);
            }
        }

        private void stopped() {
            Message.Status status = interruption == null ? Message.Status.STOPPED : Message.Status.FAILED;
            conclude(status, interruption, null, estimatedUsage());
        }

        /** Whether it was open until now. Nothing is added to the answer afterwards. */
        private synchronized boolean close() {
            boolean open = !over;
            over = true;
            return open;
        }

        /** Before it is started: nothing is to come of it. */
        void abandon() {
            close();
            call.cancel();
            settle(null);
        }

        /** The provider counts only in the end, and takes its price for what it read and wrote all the same. */
        private TokenCounts estimatedUsage() {
            synchronized (this) {
                return reservation == null || !call.wasStarted()
                        ? null
                        : new TokenCounts(estimatedInput(), History.estimatedTokens(content.toString()), 0, 0);
            }
        }

        /** The answer does not depend on it. While the database is away, nobody waits for it. */
        private void settle(TokenCounts usage) {
            if (reservation == null) {
                return;
            }
            try {
                end(reservation, usage);
            } catch (RuntimeException failure) {
                if (DatabaseAway.isBehind(failure)) {
                    threads.execute(() -> settleLater(usage));
                } else {
                    notSettled(failure);
                }
            }
        }

        private void settleLater(TokenCounts usage) {
            try {
                Outlasting.database(() -> end(reservation, usage));
            } catch (RuntimeException failure) {
                notSettled(failure);
            }
        }

        private static void end(Reservation reservation, TokenCounts usage) {
            if (usage == null) {
                reservation.release();
            } else {
                reservation.settle(usage);
            }
        }

        /** It holds its room until it expires. */
        private static void notSettled(RuntimeException failure) {
            LOG.error("What an answer took is not in the ledger: " + Faults.describe(failure));
        }

        private synchronized Result result(Message.Status status, CallReport report, TokenCounts usage) {
            String text = content.toString();
            return new Result(
                    status,
                    text,
                    Citations.in(text, sources.passages()),
                    declines() ? null : task.modelId(),
                    usage,
                    trace(report, usage));
        }

        private Trace trace(CallReport report, TokenCounts usage) {
            Generation generation = task.generation();
            return new Trace(
                    sources.question(),
                    task.retrieval(),
                    sources.traced(),
                    sources.bestSimilarity(),
                    sources.threshold(),
                    declines() ? null : task.modelId(),
                    report == null ? null : report.region(),
                    new Trace.Parameters(generation.temperature(), generation.topP(), generation.maxTokens()),
                    history.turns().size(),
                    usage,
                    firstToken == 0 ? null : millis(firstToken),
                    millis(System.nanoTime()),
                    report == null ? null : report.stopReason().name().toLowerCase(Locale.ROOT),
                    report == null ? null : report.guardrail());
        }

        private long millis(long at) {
            return TimeUnit.NANOSECONDS.toMillis(at - began);
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
