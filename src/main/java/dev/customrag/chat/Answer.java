package dev.customrag.chat;

import dev.customrag.http.Problem;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * An answer on its way in this process: what there is of it so far, and who listens. Whoever comes later, or comes back,
 * hears from where they ask for, without a second call of the model.
 */
final class Answer {

    private final UUID owner;
    private final UUID session;
    private final UUID id;
    private final boolean inBackground;
    private final boolean kept;
    private final long patience;
    private final StringBuilder content = new StringBuilder();
    /** Where each piece ends. */
    private final List<Integer> pieces = new ArrayList<>();

    private final List<MultiEmitter<? super AnswerEvent>> listeners = new ArrayList<>();
    private List<Citation> sources;
    private AnswerEvent ending;
    private Consumer<Problem> stop = why -> {};
    private boolean stopping;
    /** Why it is to stop, null if it is not, or if it is wanted no more. */
    private Problem why;
    /** Since when nobody listens, or from when on nobody would come any more; by {@link System#nanoTime}. */
    private long deserted;

    /**
     * @param inBackground whether it goes on while nobody listens
     * @param kept whether it is written down, so that other processes know of it
     * @param patience how long it waits for its first listener once its sources are found, in nanoseconds
     */
    Answer(UUID owner, UUID session, UUID id, boolean inBackground, boolean kept, long patience) {
        this.owner = owner;
        this.session = session;
        this.id = id;
        this.inBackground = inBackground;
        this.kept = kept;
        this.patience = patience;
    }

    UUID owner() {
        return owner;
    }

    UUID session() {
        return session;
    }

    UUID id() {
        return id;
    }

    boolean isKept() {
        return kept;
    }

    synchronized String content() {
        return content.toString();
    }

    /** Null until they are found. */
    synchronized List<Citation> sources() {
        return sources;
    }

    synchronized int length() {
        return content.length();
    }

    /** Whoever asked waits for these without a way to listen; from now on they can. */
    synchronized void sources(List<Citation> found) {
        sources = found;
        deserted = System.nanoTime() + patience;
        tell(new AnswerEvent.Sources(found));
    }

    synchronized void token(String text) {
        content.append(text);
        pieces.add(content.length());
        tell(new AnswerEvent.Token(content.length(), text));
    }

    /** Nothing more will come. Later endings are not heard. */
    synchronized void end(AnswerEvent last) {
        if (ending == null) {
            ending = last;
            tell(last);
            List<MultiEmitter<? super AnswerEvent>> all = List.copyOf(listeners);
            listeners.clear();
            all.forEach(MultiEmitter::complete);
        }
    }

    /**
     * What stops it. Runs at once if it was to stop before.
     *
     * @param action given what it then failed of, null if it is wanted no more
     */
    void onStop(Consumer<Problem> action) {
        synchronized (this) {
            stop = action;
            if (!stopping) {
                return;
            }
        }
        action.accept(why);
    }

    /** Asks for no more of it; whoever makes it ends it. */
    void stop() {
        stop((Problem) null);
    }

    /** Has it fail with what there is of it, as its process ends. */
    void interrupt() {
        stop(interrupted());
    }

    private void stop(Problem because) {
        Consumer<Problem> action;
        synchronized (this) {
            if (stopping || ending != null) {
                return;
            }
            stopping = true;
            why = because;
            action = stop;
        }
        action.accept(because);
    }

    /** For how long nobody has listened who would have to, in nanoseconds; negative while that is not so. */
    synchronized long desertedFor() {
        boolean missed = !inBackground && sources != null && listeners.isEmpty() && ending == null;
        return missed ? System.nanoTime() - deserted : -1;
    }

    /**
     * What happens from now on, after what has happened since.
     *
     * @param after the number of the last event heard; empty for everything
     */
    Multi<AnswerEvent> follow(Optional<Long> after) {
        return Multi.createFrom().emitter(emitter -> {
            emitter.onTermination(() -> leave(emitter));
            join(emitter, after);
        });
    }

    private synchronized void join(MultiEmitter<? super AnswerEvent> emitter, Optional<Long> after) {
        if (after.isEmpty() && sources != null) {
            emitter.emit(new AnswerEvent.Sources(sources));
        }
        // As they came: whoever listens from the beginning is too late by a moment at most, and hears no difference.
        int from = place(content, after);
        for (int end : pieces) {
            if (end > from) {
                emitter.emit(new AnswerEvent.Token(end, content.substring(from, end)));
                from = end;
            }
        }
        if (ending != null) {
            emitter.emit(ending);
            emitter.complete();
        } else if (!emitter.isCancelled()) {
            listeners.add(emitter);
        }
    }

    private synchronized void leave(MultiEmitter<? super AnswerEvent> emitter) {
        if (listeners.remove(emitter) && listeners.isEmpty()) {
            deserted = System.nanoTime();
        }
    }

    private void tell(AnswerEvent event) {
        // One of them may leave while it is told.
        List.copyOf(listeners).forEach(listener -> listener.emit(event));
    }

    /** What there is behind an event as one, nothing if that was the last. */
    static Optional<AnswerEvent> rest(String content, Optional<Long> after) {
        int from = place(content, after);
        return from == content.length()
                ? Optional.empty()
                : Optional.of(new AnswerEvent.Token(content.length(), content.substring(from)));
    }

    /** Where what was not heard begins. A number that is none of ours is as the nearest, not between halves of a character. */
    private static int place(CharSequence content, Optional<Long> after) {
        int from = Math.clamp(after.orElse(0L), 0, content.length());
        boolean within = from > 0 && from < content.length() && Character.isLowSurrogate(content.charAt(from));
        return within ? from - 1 : from;
    }

    /** What is said of an answer whose process ended before it did. */
    static Problem interrupted() {
        return new Problem(
                503, "answer-interrupted", "Answer interrupted", "The service stopped while it answered. Ask again.");
    }
}
