package dev.customrag.model.bedrock;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What the answers of all chat models of this process share: places, a clock, and the figures of how they go. */
final class BedrockAnswers implements AutoCloseable {

    private final BedrockConfig config;
    private final BedrockClients clients;
    private final MeterRegistry metrics;
    private final ConverseRequests requests;
    private final ScheduledThreadPoolExecutor timer;
    private final AnswerPlaces places;

    /**
     * @throws IllegalStateException if the settings contradict each other
     */
    BedrockAnswers(BedrockConfig config, BedrockClients clients, MeterRegistry metrics) {
        this.config = config;
        this.clients = clients;
        this.metrics = metrics;
        this.requests = new ConverseRequests(config);
        this.timer = timer();
        this.places = new AnswerPlaces(config.maxAnswers(), config.answerWait(), timer);
        Gauge.builder("model.answers", places, AnswerPlaces::taken)
                .description("Answers of chat models under way")
                .register(metrics);
        Gauge.builder("model.answers.waiting", places, AnswerPlaces::waiting)
                .description("Answers that wait for a place")
                .register(metrics);
    }

    /** Its one thread only hands work over. Who is late, after the stop of the process, waits in vain. */
    private static ScheduledThreadPoolExecutor timer() {
        var timer = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name("bedrock-timer").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    BedrockConfig config() {
        return config;
    }

    BedrockClients clients() {
        return clients;
    }

    ConverseRequests requests() {
        return requests;
    }

    AnswerPlaces places() {
        return places;
    }

    /** Runs it on a thread of its own after a while. */
    Future<?> later(Duration wait, Runnable task) {
        return timer.schedule(() -> Thread.startVirtualThread(task), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    CircuitBreaker breaker() {
        return new CircuitBreaker(
                config.breakerFailures(), config.breakerWindow(), config.breakerPause(), System::nanoTime);
    }

    /**
     * Counts a call to the provider that is over.
     *
     * @param outcome {@code answered}, {@code stopped}, or the kind of its failure
     */
    void attempted(ModelFamily family, String outcome) {
        metrics.counter("model.answer.attempts", "family", family.name(), "outcome", outcome)
                .increment();
    }

    /** Notes how long the first token of an answer took, from when it was asked for. */
    void firstToken(ModelFamily family, Duration taken) {
        metrics.timer("model.answer.first.token", "family", family.name()).record(taken);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
