package dev.customrag.chat;

import dev.customrag.assistant.Assistant;
import dev.customrag.chat.Answering.Draft;
import dev.customrag.chat.Answering.Result;
import dev.customrag.http.Problem;
import dev.customrag.knowledge.Turn;
import dev.customrag.model.CallReport.StopReason;
import dev.customrag.model.Generation;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.TokenCounts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Answers in conversations that somebody else keeps. Nothing of them is stored. */
@ApplicationScoped
public class Completions {

    private final ModelProvider models;
    private final Answering answering;
    private final ChatConfig config;

    Completions(ModelProvider models, Answering answering, ChatConfig config) {
        this.models = models;
        this.answering = answering;
        this.config = config;
    }

    /** Who said something. */
    public enum Role {
        /** Whoever runs the conversation, after the assistant's own instructions. */
        SYSTEM,
        USER,
        ASSISTANT
    }

    /** One message of a conversation. */
    public record Said(Role role, String text) {}

    /**
     * Answers the last message. What can fail before the model is called fails here; the model is called when the result is
     * subscribed to, which has to happen once. Later failures arrive as {@link Problem}. Cancelling cancels the call.
     *
     * @param messages those of the system, then turns that begin and end with the user
     * @param generation how the answer is to be made, whatever the assistant says about it
     */
    public Multi<CompletionEvent> complete(
            UUID owner, Assistant assistant, List<Said> messages, Generation generation) {
        String modelId = assistant.modelId() == null ? models.defaultChatModelId() : assistant.modelId();
        List<Said> turns =
                messages.stream().filter(said -> said.role() != Role.SYSTEM).toList();
        var task = new Answering.Task(
                owner,
                instructed(assistant, messages),
                assistant.retrieval().enabled(),
                modelId,
                models.chatModel(modelId),
                generation.maxTokens() != null
                        ? generation
                        : new Generation(generation.temperature(), generation.topP(), config.answerTokens()),
                earlier(turns),
                turns.getLast().text());
        Draft draft = answering.draft(task);
        try {
            draft.prepare();
        } catch (Throwable failure) {
            // Also an Error: what was reserved would stay so.
            draft.abandon();
            throw failure;
        }
        return Multi.createFrom().emitter(emitter -> {
            emitter.onTermination(draft::cancel);
            draft.start(new Telling(emitter));
        });
    }

    private static Assistant instructed(Assistant assistant, List<Said> messages) {
        Assistant instructed = assistant;
        for (Said said : messages) {
            if (said.role() == Role.SYSTEM) {
                instructed = instructed.instructed(said.text());
            }
        }
        return instructed;
    }

    /** Newest first. */
    private static List<Turn> earlier(List<Said> turns) {
        var earlier = new ArrayList<Turn>();
        for (int i = turns.size() - 3; i >= 0 && earlier.size() < History.MOST_MESSAGES / 2; i -= 2) {
            earlier.add(new Turn(turns.get(i).text(), turns.get(i + 1).text()));
        }
        return earlier;
    }

    /** Tells whoever subscribed. */
    private record Telling(MultiEmitter<? super CompletionEvent> emitter) implements Answering.Listener {

        @Override
        public void sources(List<Citation> sources) {
            emitter.emit(new CompletionEvent.Sources(sources));
        }

        @Override
        public void token(String text) {
            emitter.emit(new CompletionEvent.Token(text));
        }

        @Override
        public void ended(Result result) {
            emitter.emit(new CompletionEvent.Done(
                    result.content(),
                    result.citations(),
                    stopReason(result.status()),
                    result.usage() == null ? TokenCounts.NONE : result.usage(),
                    result.modelId()));
            emitter.complete();
        }

        @Override
        public void failed(Problem problem, Result partial) {
            emitter.fail(problem);
        }

        private static StopReason stopReason(Message.Status status) {
            return switch (status) {
                case CUT -> StopReason.LENGTH;
                case FILTERED -> StopReason.FILTER;
                default -> StopReason.END;
            };
        }
    }
}
