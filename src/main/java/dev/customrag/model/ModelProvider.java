package dev.customrag.model;

import java.util.List;

/**
 * Where foundation models come from. One provider serves the whole process, chosen by {@code model.provider}; the other
 * rooms see this port only.
 */
public interface ModelProvider {

    /** {@code bedrock} or {@code local}, as it appears as {@code source} in {@code GET /models}. */
    String source();

    /** The chat model that answers when the person named none. */
    String defaultChatModelId();

    /**
     * The chat model of an id. Cheap to call: implementations keep one object per id. Its failures reach the handler's
     * {@code onError} as {@link ModelFailure}. Wrap it in a {@link ModelCall} to cancel a call before its first token.
     *
     * @throws ModelFailure of kind {@code UNKNOWN_MODEL} if the provider has no such chat model
     */
    CancellableChatModel chatModel(String modelId);

    /**
     * Finds out whether questions may be put to a chat model, for whoever is about to choose it. May ask the provider, and
     * so take a moment.
     *
     * @throws ModelFailure of kind {@code UNKNOWN_MODEL} if there is no such chat model, or no longer, or this service does
     *     not allow it; {@code DENIED} if the account was never given access to it; and as a question to it would fail
     */
    void check(String modelId);

    /** The model that turns new passages, and questions about them, into vectors. */
    PassageEmbedding embedding();

    /**
     * The model that older passages were embedded with, to ask questions about them. Cheap to call.
     *
     * @throws ModelFailure of kind {@code UNKNOWN_MODEL} if this provider has no such model, or not with vectors of this
     *     length; one that the provider has given up since fails when it is asked
     */
    PassageEmbedding embedding(VectorSpace space);

    /**
     * The models on offer, chat and embedding, in a stable order.
     *
     * @throws ModelFailure if the provider cannot be asked
     */
    List<ModelDescription> models();

    /** What is kept of what models are sent. Never fails: what could not be found out is said. */
    Retention retention();
}
