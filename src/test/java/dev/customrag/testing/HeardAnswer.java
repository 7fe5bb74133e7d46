package dev.customrag.testing;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A listener that keeps what a chat model said, and counts its endings. */
public final class HeardAnswer implements StreamingChatResponseHandler {

    private final List<String> pieces = new CopyOnWriteArrayList<>();
    private final CompletableFuture<ChatResponse> ending = new CompletableFuture<>();
    private final CompletableFuture<Void> firstPiece = new CompletableFuture<>();
    private final AtomicInteger endings = new AtomicInteger();
    private final Consumer<StreamingHandle> onPiece;

    public HeardAnswer() {
        this(handle -> {});
    }

    /** @param onPiece called with each piece's handle, to cancel by it */
    public HeardAnswer(Consumer<StreamingHandle> onPiece) {
        this.onPiece = onPiece;
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        pieces.add(partial.text());
        firstPiece.complete(null);
        onPiece.accept(context.streamingHandle());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        endings.incrementAndGet();
        ending.complete(response);
    }

    @Override
    public void onError(Throwable error) {
        endings.incrementAndGet();
        ending.completeExceptionally(error);
    }

    public List<String> pieces() {
        return List.copyOf(pieces);
    }

    /** The pieces so far as one text. */
    public String text() {
        return String.join("", pieces);
    }

    /** How often the end was announced: once, if all is well. */
    public int endings() {
        return endings.get();
    }

    /** Waits for the first piece. */
    public void begun() {
        firstPiece.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Waits for the complete answer. */
    public ChatResponse complete() {
        return within(Duration.ofSeconds(20)).join();
    }

    /** Waits for the failure, which must be of this type. */
    public <T extends Throwable> T failure(Class<T> type) {
        try {
            ChatResponse response = complete();
            throw new AssertionError("A failure was expected, but the answer completed: " + response.finishReason());
        } catch (CompletionException e) {
            if (type.isInstance(e.getCause())) {
                return type.cast(e.getCause());
            }
            throw new AssertionError("Another failure than " + type.getSimpleName(), e.getCause());
        }
    }

    private CompletableFuture<ChatResponse> within(Duration limit) {
        return ending.copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
