package dev.customrag.model;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
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
    private volatile boolean cancelled;

    /**
     * @param model who answers
     */
    public ModelCall(CancellableChatModel model) {
        this.model = model;
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
        StreamingHandle handle = model.start(request, handler);
        started.add(handle);
        // cancel() may have read the list just before.
        if (cancelled) {
            handle.cancel();
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters();
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
}
