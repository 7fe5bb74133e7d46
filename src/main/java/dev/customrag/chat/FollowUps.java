package dev.customrag.chat;

import dev.customrag.http.Faults;
import dev.customrag.knowledge.Turn;
import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.ModelCall;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Has a language model say what a follow-up asks in words that stand alone, for the search only: the model that answers
 * gets the question as it was typed. Whatever goes wrong, the question stays as it is.
 */
@ApplicationScoped
class FollowUps {

    private static final Logger LOG = Logger.getLogger(FollowUps.class);

    /** What older turns were about has seldom to do with the question. */
    private static final int MOST_TURNS = 4;

    private static final int LONGEST_PART = 800;

    /** A question is a sentence or two. A longer answer is none, and costs time. */
    private static final int MOST_TOKENS = 150;

    private static final int LONGEST_QUESTION = 1_000;

    private final Prompts prompts;
    private final ChatConfig config;

    FollowUps(Prompts prompts, ChatConfig config) {
        this.prompts = prompts;
        this.config = config;
    }

    /**
     * The question, complete in itself. Asks no model where nothing was said before, where the model is none that could,
     * or where the configuration says so.
     *
     * @param earlier the turns before it, oldest first
     */
    String standingAlone(CancellableChatModel model, List<Turn> earlier, String question) {
        if (earlier.isEmpty() || !model.followsInstructions() || !config.rewriteFollowUps()) {
            return question;
        }
        var call = new ModelCall(model);
        var answer = new Answer();
        try {
            call.chat(request(earlier, question), answer);
            String rewritten = answer.text.get(config.rewriteTimeLimit().toMillis(), TimeUnit.MILLISECONDS);
            return isQuestion(rewritten) ? rewritten.strip() : question;
        } catch (TimeoutException e) {
            LOG.debug("A follow-up was not rewritten in time");
            return question;
        } catch (ExecutionException e) {
            LOG.debug("A follow-up was not rewritten: " + Faults.describe(e.getCause()));
            return question;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return question;
        } finally {
            call.cancel();
        }
    }

    private ChatRequest request(List<Turn> earlier, String question) {
        var conversation = new StringBuilder("<conversation>\n");
        for (Turn turn : earlier.subList(Math.max(0, earlier.size() - MOST_TURNS), earlier.size())) {
            conversation.append("Person: ").append(beginning(turn.question())).append('\n');
            conversation.append("Assistant: ").append(beginning(turn.answer())).append('\n');
        }
        conversation.append("</conversation>\n\nQuestion: ").append(beginning(question));
        return ChatRequest.builder()
                .messages(SystemMessage.from(prompts.followUp()), UserMessage.from(conversation.toString()))
                .maxOutputTokens(MOST_TOKENS)
                .build();
    }

    private static boolean isQuestion(String text) {
        return !text.isBlank() && text.length() <= LONGEST_QUESTION;
    }

    private static String beginning(String text) {
        return text.length() <= LONGEST_PART
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_PART / 2)) + " …";
    }

    private static final class Answer implements StreamingChatResponseHandler {

        final CompletableFuture<String> text = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String piece) {
            // The whole is what counts.
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            String whole = response.aiMessage().text();
            text.complete(whole == null ? "" : whole);
        }

        @Override
        public void onError(Throwable failure) {
            text.completeExceptionally(failure);
        }
    }
}
