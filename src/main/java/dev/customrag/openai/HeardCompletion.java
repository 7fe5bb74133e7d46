package dev.customrag.openai;

import dev.customrag.chat.CompletionEvent;
import dev.customrag.http.Problem;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Hears a completion on a thread that can wait. What is heard and not yet asked for is kept, as much as an answer is long:
 * a client that reads slowly holds nobody else up.
 */
final class HeardCompletion implements AutoCloseable {

    /** What may come next: an event, a failure, or nothing any more. */
    private sealed interface Heard {}

    private record Event(CompletionEvent event) implements Heard {}

    private record Failure(Throwable failure) implements Heard {}

    private record Closed() implements Heard {}

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final Cancellable subscription;

    HeardCompletion(Multi<CompletionEvent> completion) {
        subscription = completion
                .subscribe()
                .with(event -> heard.add(new Event(event)), failure -> heard.add(new Failure(failure)), () -> {});
    }

    /**
     * The next event, as soon as there is one. None comes after {@link CompletionEvent.Done}.
     *
     * @throws Problem what the completion failed with; of status 499 if it was closed, by whatever thread
     */
    CompletionEvent next() {
        try {
            return switch (heard.take()) {
                case Event(CompletionEvent event) -> event;
                case Failure(Problem problem) -> throw problem;
                case Failure(Throwable failure) -> throw new IllegalStateException(failure);
                case Closed() -> throw gone();
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw gone();
        }
    }

    /** The call of the model is of no use any more. Idempotent. */
    @Override
    public void close() {
        subscription.cancel();
        heard.add(new Closed());
    }

    /** Nobody reads it: the status is what proxies write in their logs for a client that went away. */
    private static Problem gone() {
        return new Problem(499, "client-gone", "Client gone", "The client closed the connection.");
    }
}
