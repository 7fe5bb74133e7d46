package dev.customrag.model.bedrock;

import dev.customrag.jobs.Backoff;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.ReportedMetadata;
import dev.customrag.model.RunningCall;
import dev.customrag.model.bedrock.BedrockFailures.Length;
import dev.langchain4j.model.bedrock.BedrockStreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;

/**
 * One answer on its way: waits for a place, asks, and asks again while nothing of an answer was heard. Once something was,
 * it is told on and never asked for again, however it ends.
 *
 * <p>LangChain4j's {@link BedrockStreamingChatModel} writes the requests and reads the events; its 1.11.0 cannot be cancelled
 * before the first token, reports one failure twice, and never ends a call whose stream stops without its last event,
 * which is how the SDK shows a broken connection. Each attempt therefore gets a client of its own around the shared one,
 * which keeps hold of the future that the library drops.
 */
final class AnswerCall {

    private static final Logger LOG = Logger.getLogger(AnswerCall.class);

    /** Quotas are per minute; within seconds some of them is free again. */
    private static final Backoff AFTER_THROTTLING = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8));

    private static final Backoff AFTER_FAULT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));

    private final String modelId;
    private final ModelFamily family;
    private final BedrockAnswers answers;
    private final CircuitBreaker breaker;
    private final ChatRequest request;
    private final RunningCall call;
    private final AnswerPlaces.Place place;
    private final long asked = System.nanoTime();

    private boolean over;
    private Attempt attempt;
    private Future<?> retry;

    AnswerCall(
            String modelId,
            ModelFamily family,
            BedrockAnswers answers,
            CircuitBreaker breaker,
            ChatRequest request,
            RunningCall call) {
        this.modelId = modelId;
        this.family = family;
        this.answers = answers;
        this.breaker = breaker;
        this.request = request;
        this.call = call;
        this.place = answers.places()
                .place(
                        () -> ask(1, Optional.empty()),
                        () -> call.onError(BedrockFailures.busy(answers.config().answerWait())));
    }

    /** Asks, or lines up for it. */
    void start() {
        call.stopWith(this::stop);
        place.enter();
    }

    /**
     * @param number of the attempt, from 1
     * @param before why this is not the first
     */
    private void ask(int number, Optional<ModelFailure> before) {
        Optional<CircuitBreaker.Pass> pass = breaker.pass();
        if (pass.isEmpty()) {
            call.onError(before.orElseGet(() -> BedrockFailures.leftAlone(breaker.remaining())));
            return;
        }
        var next = new Attempt(number, pass.get());
        synchronized (this) {
            if (over) {
                pass.get().left();
                return;
            }
            attempt = next;
        }
        next.begin();
    }

    /** Asks once more if that may help, or tells the person. */
    private void failed(int number, ModelFailure failure) {
        Duration wait = (failure.kind() == Kind.THROTTLED ? AFTER_THROTTLING : AFTER_FAULT).after(number);
        boolean mayHelp =
                switch (failure.kind()) {
                    case THROTTLED, TIMEOUT, UNAVAILABLE -> true;
                    case UNKNOWN_MODEL, DENIED, REFUSED, TOO_LONG, BUSY, NOT_SET_UP, RETENTION_NOT_PROVEN -> false;
                };
        Duration begins = since(asked).plus(wait);
        if (mayHelp
                && number <= answers.config().maxRetries()
                && begins.compareTo(answers.config().retryWithin()) <= 0
                && begins.compareTo(answers.config().totalTimeout()) < 0) {
            LOG.debugf("Asking again after %s", failure.kind());
            synchronized (this) {
                if (!over) {
                    retry = answers.later(wait, () -> ask(number + 1, Optional.of(failure)));
                }
            }
        } else {
            call.onError(failure);
        }
    }

    /** Nothing is to come any more; frees the place. */
    private Optional<Attempt> end() {
        synchronized (this) {
            over = true;
            if (retry != null) {
                retry.cancel(false);
            }
            if (attempt != null && attempt.watch != null) {
                attempt.watch.cancel(false);
            }
        }
        place.leave();
        return Optional.ofNullable(attempt);
    }

    private void stop() {
        end().ifPresent(Attempt::stop);
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private enum State {
        SILENT,
        HEARD,
        GIVEN_UP
    }

    /** One request to the provider. Whatever comes of it after it was given up is not told on. */
    private final class Attempt implements StreamingChatResponseHandler {

        private final int number;
        private final CircuitBreaker.Pass pass;
        private final StreamReport report = new StreamReport();
        private final AtomicReference<State> state = new AtomicReference<>(State.SILENT);
        private final AtomicBoolean counted = new AtomicBoolean();
        private final long begun = System.nanoTime();
        private volatile long lastHeard;
        private volatile Length length = Length.UNKNOWN;
        private volatile CompletableFuture<Void> stream;
        private Future<?> watch;

        Attempt(int number, CircuitBreaker.Pass pass) {
            this.number = number;
            this.pass = pass;
        }

        void begin() {
            watch();
            if (state.get() == State.GIVEN_UP) {
                return;
            }
            try {
                BedrockStreamingChatModel.builder()
                        .modelId(modelId)
                        .client(new HeldClient(answers.clients().answers(), this))
                        .build()
                        .doChat(request, this);
            } catch (RuntimeException e) {
                onError(e);
            }
        }

        CompletableFuture<Void> open(
                BedrockRuntimeAsyncClient shared,
                ConverseStreamRequest written,
                ConverseStreamResponseHandler listener) {
            ConverseStreamRequest shaped = answers.requests().shaped(written, family);
            length = new Length(
                    ConverseRequests.estimatedTokens(shaped),
                    family.isKnown() ? OptionalInt.of(family.contextTokens()) : OptionalInt.empty());
            CompletableFuture<Void> opened = shared.converseStream(shaped, new Listening(listener, this));
            stream = opened;
            if (state.get() == State.GIVEN_UP) {
                opened.cancel(true);
            }
            opened.thenRun(this::endedWithoutItsLastEvent);
            return opened;
        }

        ConverseStreamOutput heard(ConverseStreamOutput event) {
            lastHeard = System.nanoTime();
            return report.read(event);
        }

        private void endedWithoutItsLastEvent() {
            if (!counted.get() && state.get() != State.GIVEN_UP) {
                LOG.warn("Bedrock ended a stream before its last event");
                onError(BedrockFailures.brokenOff());
            }
        }

        /** Ends it when it has been silent for too long, or the answer has taken too long in all. */
        private void watch() {
            Duration total = answers.config().totalTimeout().minus(since(asked));
            Duration silence;
            synchronized (AnswerCall.this) {
                if (over || state.get() == State.GIVEN_UP) {
                    return;
                }
                silence = state.get() == State.SILENT
                        ? answers.config().firstTokenTimeout().minus(since(begun))
                        : answers.config().idleTimeout().minus(since(lastHeard));
                if (silence.isPositive() && total.isPositive()) {
                    if (watch != null) {
                        watch.cancel(false);
                    }
                    watch = answers.later(silence.compareTo(total) < 0 ? silence : total, this::watch);
                    return;
                }
            }
            if (silence.isPositive()) {
                // A long answer, perhaps, of a model that works well.
                fail(BedrockFailures.timeout(), pass::left);
            } else {
                onError(BedrockFailures.timeout());
            }
        }

        /** Whether what was just heard is to be told on. */
        private boolean hears() {
            if (state.compareAndSet(State.SILENT, State.HEARD)) {
                pass.succeeded();
                answers.firstToken(family, since(asked));
                // Silence is judged otherwise from now on.
                watch();
            }
            return state.get() == State.HEARD;
        }

        @Override
        public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
            if (!partial.text().isEmpty() && hears()) {
                call.onPartialResponse(partial, context);
            }
        }

        @Override
        public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
            if (hears()) {
                call.onPartialThinking(partial, context);
            }
        }

        @Override
        public void onPartialToolCall(PartialToolCall partial, PartialToolCallContext context) {
            if (hears()) {
                call.onPartialToolCall(partial, context);
            }
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall complete) {
            if (hears()) {
                call.onCompleteToolCall(complete);
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            Optional<ModelFailure> failure = report.failure();
            if (failure.isPresent()) {
                onError(failure.get());
            } else if (hears()) {
                count("answered");
                end();
                call.onCompleteResponse(ChatResponse.builder()
                        .aiMessage(response.aiMessage())
                        .metadata(new ReportedMetadata(response.metadata(), report.at(region())))
                        .build());
            }
        }

        @Override
        public void onError(Throwable error) {
            if (state.get() == State.GIVEN_UP || counted.get()) {
                return;
            }
            ModelFailure failure = BedrockFailures.translate(error, length);
            fail(
                    failure,
                    switch (failure.kind()) {
                        case TIMEOUT, UNAVAILABLE -> pass::failed;
                        case THROTTLED, DENIED, UNKNOWN_MODEL, REFUSED, TOO_LONG -> pass::succeeded;
                        case BUSY, NOT_SET_UP, RETENTION_NOT_PROVEN -> pass::left;
                    });
        }

        /**
         * @param verdict on the model
         */
        private void fail(ModelFailure failure, Runnable verdict) {
            if (state.compareAndSet(State.SILENT, State.GIVEN_UP)) {
                count(outcome(failure));
                verdict.run();
                close();
                failed(number, failure);
            } else if (state.get() == State.HEARD && count(outcome(failure))) {
                verdict.run();
                call.onError(failure);
            }
        }

        /** Nobody listens any more. */
        void stop() {
            state.set(State.GIVEN_UP);
            pass.left();
            count("stopped");
            close();
        }

        private boolean count(String outcome) {
            boolean first = counted.compareAndSet(false, true);
            if (first) {
                answers.attempted(family, outcome);
            }
            return first;
        }

        private static String outcome(ModelFailure failure) {
            return failure.kind().name().toLowerCase(Locale.ROOT);
        }

        private void close() {
            CompletableFuture<Void> open = stream;
            if (open != null) {
                open.cancel(true);
            }
        }

        private String region() {
            return answers.clients()
                    .answers()
                    .serviceClientConfiguration()
                    .region()
                    .id();
        }
    }

    /** The shared client, for one attempt. */
    private record HeldClient(BedrockRuntimeAsyncClient shared, Attempt attempt) implements BedrockRuntimeAsyncClient {

        @Override
        public CompletableFuture<Void> converseStream(
                ConverseStreamRequest written, ConverseStreamResponseHandler listener) {
            return attempt.open(shared, written, listener);
        }

        @Override
        public String serviceName() {
            return shared.serviceName();
        }

        /** The shared client is not this attempt's to close. */
        @Override
        public void close() {}
    }

    /** The library's listener, which hears each event after the attempt has. */
    private record Listening(ConverseStreamResponseHandler listener, Attempt attempt)
            implements ConverseStreamResponseHandler {

        @Override
        public void responseReceived(ConverseStreamResponse response) {
            listener.responseReceived(response);
        }

        @Override
        public void onEventStream(SdkPublisher<ConverseStreamOutput> events) {
            listener.onEventStream(events.map(attempt::heard));
        }

        @Override
        public void exceptionOccurred(Throwable throwable) {
            listener.exceptionOccurred(throwable);
        }

        @Override
        public void complete() {
            listener.complete();
        }
    }
}
