package dev.customrag.model;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * One streaming call, between a provider and the handler that listens. Keeps the promises of
 * {@link CancellableChatModel}: one ending and no more, silence after a cancellation.
 */
public final class RunningCall implements StreamingChatResponseHandler, StreamingHandle {

    private static final Runnable NOTHING = () -> {};

    private final StreamingChatResponseHandler handler;
    private final UnaryOperator<Throwable> translation;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<Runnable> stop = new AtomicReference<>(NOTHING);
    private volatile boolean cancelled;

    /**
     * @param handler who listens
     * @param translation turns what the provider threw into {@link ModelFailure}s; what the handler throws stays as it is
     */
    public RunningCall(StreamingChatResponseHandler handler, UnaryOperator<Throwable> translation) {
        this.handler = handler;
        this.translation = translation;
    }

    /**
     * What ends the provider's side. Runs at once if the call is over already, otherwise when it is cancelled or fails; not
     * after a complete response, when nothing is left to end.
     */
    public void stopWith(Runnable action) {
        stop.set(action);
        if (over.get()) {
            stop();
        }
    }

    /** Whether the handler has heard its ending, or was promised silence. */
    public boolean isOver() {
        return over.get();
    }

    @Override
    public void cancel() {
        if (over.compareAndSet(false, true)) {
            cancelled = true;
            stop();
        }
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void onPartialResponse(String text) {
        if (!text.isEmpty()) {
            tell(() -> handler.onPartialResponse(new PartialResponse(text), new PartialResponseContext(this)));
        }
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        onPartialResponse(partial.text());
    }

    @Override
    public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
        tell(() -> handler.onPartialThinking(partial, new PartialThinkingContext(this)));
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial, PartialToolCallContext context) {
        tell(() -> handler.onPartialToolCall(partial, new PartialToolCallContext(this)));
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall complete) {
        tell(() -> handler.onCompleteToolCall(complete));
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        if (over.compareAndSet(false, true)) {
            handler.onCompleteResponse(response);
        }
    }

    @Override
    public void onError(Throwable error) {
        if (over.compareAndSet(false, true)) {
            stop();
            handler.onError(translation.apply(error));
        }
    }

    /** A handler that fails gets no more to hear; the fault is its own, not the provider's. */
    private void tell(Runnable piece) {
        if (over.get()) {
            return;
        }
        try {
            piece.run();
        } catch (RuntimeException e) {
            if (over.compareAndSet(false, true)) {
                stop();
                handler.onError(e);
            }
        }
    }

    private void stop() {
        stop.getAndSet(NOTHING).run();
    }
}
