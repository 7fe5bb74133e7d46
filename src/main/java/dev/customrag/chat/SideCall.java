package dev.customrag.chat;

import dev.customrag.http.Faults;
import dev.customrag.http.Problem;
import dev.customrag.model.CallReport;
import dev.customrag.model.Generation;
import dev.customrag.model.ModelCall;
import dev.customrag.model.TokenCounts;
import dev.customrag.usage.Ledger;
import dev.customrag.usage.Purpose;
import dev.customrag.usage.Reservation;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * One short call of a model beside the answer, counted in the ledger. Nothing depends on it: what does not come in time, or
 * not whole, is left out.
 */
final class SideCall {

    private static final Logger LOG = Logger.getLogger(SideCall.class);

    /**
     * The texts are a line. What is beyond that is for models that think first, which some cannot be kept from: it counts as
     * written (Bedrock User Guide, "Adaptive thinking"). One that thinks for longer is too slow for this.
     */
    private static final int MOST_TOKENS = 1_000;

    private final Ledger ledger;
    private final Purpose purpose;
    private final Answering.Task task;
    private final ModelCall call;
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private final AtomicInteger heard = new AtomicInteger();

    /**
     * @param task whose question it is about, and which model is asked
     */
    SideCall(Ledger ledger, Purpose purpose, Answering.Task task) {
        this.ledger = ledger;
        this.purpose = purpose;
        this.task = task;
        this.call = new ModelCall(task.model(), new Generation(null, null, MOST_TOKENS));
    }

    /**
     * A piece of data for {@link #text}, between tags which nothing in it can close or open.
     *
     * @param tag of letters
     */
    static String data(String tag, String text) {
        String defused = Pattern.compile("<(?=\\s*/?\\s*" + tag + "\\b)", Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .replaceAll("‹");
        return "<%1$s>\n%2$s\n</%1$s>".formatted(tag, defused);
    }

    /**
     * What the model writes, which this waits for. Empty if it fails, takes longer than {@code patience}, is cancelled, does
     * not end by itself (cut, or with the words of a guardrail in its place), or the person's budget does not allow it. Not
     * within a transaction.
     */
    Optional<String> text(String rules, String data, Duration patience) {
        if (text.isDone()) {
            return Optional.empty();
        }
        int input = History.estimatedTokens(rules) + History.estimatedTokens(data);
        Reservation reservation;
        try {
            reservation = ledger.reserve(task.owner(), purpose, task.modelId(), input, MOST_TOKENS);
        } catch (Problem e) {
            LOG.debugf("No call for %s: %s", purpose, e.slug());
            return Optional.empty();
        }
        try {
            call.chat(
                    ChatRequest.builder()
                            .messages(SystemMessage.from(rules), UserMessage.from(data))
                            .build(),
                    new Whole());
            return Optional.of(text.get(patience.toMillis(), TimeUnit.MILLISECONDS))
                    .filter(whole -> call.report().stopReason() == CallReport.StopReason.END);
        } catch (TimeoutException | CancellationException e) {
            LOG.debugf("The call for %s was not over in time", purpose);
            return Optional.empty();
        } catch (ExecutionException e) {
            LOG.debugf("The call for %s failed: %s", purpose, Faults.describe(e.getCause()));
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            call.cancel();
            settle(reservation, input);
        }
    }

    /** Ends the call, and the waiting for it, at once; also before it is made. Idempotent. */
    void cancel() {
        text.cancel(false);
        call.cancel();
    }

    /** The provider counts only in the end, and takes its price for what it read and wrote all the same. */
    private void settle(Reservation reservation, int input) {
        CallReport report = call.report();
        if (report != null && report.tokens().total() > 0) {
            reservation.settle(report.tokens());
        } else if (call.wasStarted()) {
            reservation.settle(new TokenCounts(input, Math.ceilDiv(heard.get(), 4), 0, 0));
        } else {
            reservation.release();
        }
    }

    private final class Whole implements StreamingChatResponseHandler {

        @Override
        public void onPartialResponse(String piece) {
            heard.addAndGet(piece.length());
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
