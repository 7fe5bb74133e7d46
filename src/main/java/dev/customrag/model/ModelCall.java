package dev.customrag.model;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
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
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A chat model for one question: hand it to an AI service, and {@link #cancel} whatever call that service has running,
 * also before its first token. Several calls in a row, as tools need them, are cancelled alike.
 */
public final class ModelCall implements StreamingChatModel {

    private final CancellableChatModel model;
    private final List<StreamingHandle> started = new CopyOnWriteArrayList<>();
    private final Generation generation;
    private volatile boolean cancelled;
    private volatile CallReport report;

    /**
     * @param model who answers
     * @param generation how
     */
    public ModelCall(CancellableChatModel model, Generation generation) {
        this.model = model;
        this.generation = generation;
    }

    /** Whether the model was asked. */
    public boolean wasStarted() {
        return !started.isEmpty();
    }

    /** How the last call ended that came to its end; null until then. */
    public CallReport report() {
        return report;
    }

    /** Ends what runs, and whatever would start from now on. Handlers hear nothing more. Idempotent. */
    public void cancel() {
        cancelled = true;
        started.forEach(StreamingHandle::cancel);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        if (cancelled) {
            return;
        }
        StreamingHandle handle = model.start(request, new Reported(handler));
        started.add(handle);
        // cancel() may have read the list just before.
        if (cancelled) {
            handle.cancel();
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters().overrideWith(model.parameters(generation));
    }

    @Override
    public List<ChatModelListener> listeners() {
        return model.listeners();
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return model.supportedCapabilities();
    }

    /** Keeps what a response says about its call: AI services of the extension hand a copy of its metadata on. */
    private final class Reported implements StreamingChatResponseHandler {

        private final StreamingChatResponseHandler handler;

        Reported(StreamingChatResponseHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
            handler.onPartialResponse(partial, context);
        }

        @Override
        public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
            handler.onPartialThinking(partial, context);
        }

        @Override
        public void onPartialToolCall(PartialToolCall partial, PartialToolCallContext context) {
            handler.onPartialToolCall(partial, context);
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall complete) {
            handler.onCompleteToolCall(complete);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            report = CallReport.of(response);
            handler.onCompleteResponse(response);
        }

        @Override
        public void onError(Throwable error) {
            handler.onError(error);
        }
    }
}
