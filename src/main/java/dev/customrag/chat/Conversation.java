package dev.customrag.chat;

import dev.customrag.http.Faults;
import dev.customrag.http.Problem;
import dev.customrag.knowledge.Passage;
import dev.customrag.knowledge.PassageRetriever;
import dev.customrag.knowledge.SearchScope;
import dev.customrag.knowledge.Turn;
import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.ModelCall;
import dev.customrag.model.ModelProvider;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.jboss.logging.Logger;

/** Answers questions: retrieves, asks the model, streams, maps citations, stores. */
@ApplicationScoped
class Conversation {

    private static final Logger LOG = Logger.getLogger(Conversation.class);

    private static final int MOST_TURNS_FOR_SEARCH = 5;

    private final ModelProvider models;
    private final PassageRetriever retriever;
    private final Transcript transcript;
    private final Prompts prompts;
    private final FollowUps followUps;
    private final ChatConfig config;
    private final Clock clock;
    private final ExecutorService threads;

    Conversation(
            ModelProvider models,
            PassageRetriever retriever,
            Transcript transcript,
            Prompts prompts,
            FollowUps followUps,
            ChatConfig config,
            Clock clock,
            @VirtualThreads ExecutorService threads) {
        this.models = models;
        this.retriever = retriever;
        this.transcript = transcript;
        this.prompts = prompts;
        this.followUps = followUps;
        this.config = config;
        this.clock = clock;
        this.threads = threads;
    }

    /**
     * A question in a session.
     *
     * @param modelId the model to ask, null for the default
     * @param retrieval whether to consult the person's documents
     */
    record Question(UUID owner, UUID sessionId, String content, String modelId, boolean retrieval) {}

    /**
     * Asks. Everything that can fail before the model is called fails here: an unknown session or model, a retrieval
     * that does not work. The model is called once the result is subscribed to, which may happen once; its failures
     * arrive as {@link Problem}. Cancelling the subscription cancels the call and stores nothing.
     */
    Multi<AnswerEvent> ask(Question question) {
        List<ChatMessage> earlier = transcript.newest(question.owner(), question.sessionId(), History.MOST_MESSAGES);
        String modelId = question.modelId() == null ? models.defaultChatModelId() : question.modelId();
        CancellableChatModel model = models.chatModel(modelId);
        var call = new ModelCall(model);
        List<Turn> turns = History.newestTurns(earlier, MOST_TURNS_FOR_SEARCH);
        var sources = new RetrievedSources(
                retriever,
                SearchScope.all(question.owner()),
                turns,
                text -> followUps.standingAlone(model, turns, text),
                config.sources());
        TokenStream tokens = tokens(question, call, earlier, sources);
        var run = new Run(question, modelId, call, sources.passages(), clock.instant());
        return Multi.createFrom().emitter(emitter -> run.start(tokens, emitter));
    }

    private TokenStream tokens(Question question, ModelCall call, List<ChatMessage> earlier, RetrievedSources sources) {
        // Lives for this call only: the database is the memory.
        var memory = MessageWindowChatMemory.withMaxMessages(2 * History.MOST_MESSAGES);
        History.within(earlier, config.historyTokens()).forEach(memory::add);
        var service =
                AiServices.builder(Answerer.class).streamingChatModel(call).chatMemoryProvider(id -> memory);
        if (question.retrieval()) {
            service.systemMessageProvider(id -> prompts.grounded()).retrievalAugmentor(sources.augmentor());
        } else {
            service.systemMessageProvider(id -> prompts.general());
        }
        return service.build().answer(question.content());
    }

    /** One answer on its way. Callbacks come from the provider's threads, one after another, and must not block. */
    private final class Run {

        private final Question question;
        private final String modelId;
        private final ModelCall call;
        private final List<Passage> passages;
        private final Instant askedAt;

        Run(Question question, String modelId, ModelCall call, List<Passage> passages, Instant askedAt) {
            this.question = question;
            this.modelId = modelId;
            this.call = call;
            this.passages = passages;
            this.askedAt = askedAt;
        }

        void start(TokenStream tokens, MultiEmitter<? super AnswerEvent> emitter) {
            // Whether the client has its answer or went away: a call still running is of no use to anybody.
            emitter.onTermination(call::cancel);
            emitter.emit(new AnswerEvent.Sources(Citations.sources(passages)));
            tokens.onPartialResponse(text -> emitter.emit(new AnswerEvent.Token(text)))
                    .onCompleteResponse(response -> threads.execute(() -> finish(response, emitter)))
                    .onError(failure -> emitter.fail(problem(failure)));
            threads.execute(() -> {
                try {
                    tokens.start();
                } catch (Throwable failure) {
                    // Also an Error: whoever waits for this answer would wait for ever.
                    emitter.fail(problem(failure));
                }
            });
        }

        private void finish(ChatResponse response, MultiEmitter<? super AnswerEvent> emitter) {
            if (emitter.isCancelled()) {
                return;
            }
            String answer = response.aiMessage().text();
            if (answer == null || answer.isBlank()) {
                emitter.fail(new Problem(502, "empty-answer", "Bad gateway", "The model gave no answer. Ask again."));
                return;
            }
            try {
                var exchange = new Transcript.Exchange(
                        question.content(),
                        askedAt,
                        answer,
                        Citations.in(answer, passages),
                        modelId,
                        response.tokenUsage());
                emitter.emit(new AnswerEvent.Done(transcript.store(question.owner(), question.sessionId(), exchange)));
                emitter.complete();
            } catch (Throwable failure) {
                emitter.fail(problem(failure));
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
