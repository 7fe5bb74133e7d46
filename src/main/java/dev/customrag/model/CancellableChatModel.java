package dev.customrag.model;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

/**
 * A chat model whose calls can be called off from the moment they start. LangChain4j alone hands out the handle with
 * the first token, too late for a model that is slow to begin.
 */
public interface CancellableChatModel extends StreamingChatModel {

    /**
     * Starts a call and returns at once. The handler hears the pieces in order and then exactly one ending: the complete
     * response, or an error, which is a {@link ModelFailure} if the provider is to blame.
     *
     * @param request as {@link #chat} hands it to {@link #doChat}, with the default parameters merged in
     * @return cancels the call; the provider's connection is closed and the handler hears nothing more
     */
    StreamingHandle start(ChatRequest request, StreamingChatResponseHandler handler);

    /** Whether it is a language model, which does what it is told in words. */
    default boolean followsInstructions() {
        return true;
    }

    /** The parameters of a call, as far as this model takes them, or takes them together. */
    default ChatRequestParameters parameters(Generation generation) {
        return ChatRequestParameters.builder()
                .temperature(generation.temperature())
                .topP(generation.topP())
                .maxOutputTokens(generation.maxTokens())
                .build();
    }

    /** How many tokens it takes, question and answer together; a cautious figure where it is not known. */
    default int contextTokens() {
        return 32_000;
    }

    @Override
    default void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        start(request, handler);
    }
}
