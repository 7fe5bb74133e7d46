package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.customrag.model.CallReport;
import dev.customrag.model.CallReport.StopReason;
import dev.customrag.model.Generation;
import dev.customrag.model.ModelCall;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.HeardAnswer;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How answers end, are tried again, wait and are stopped. */
@Timeout(60)
@BesideOthers
class AnswerCallTest extends BedrockTestBase {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final HeardAnswer heard = new HeardAnswer();

    /** The first call of a process takes longer than the timeouts here. */
    @BeforeAll
    static void warmUp() {
        var first = new HeardAnswer();
        ask(new BedrockChat(FakeBedrock.NOVA, answers), first);
        first.complete();
        bedrock.reset();
    }

    private BedrockAnswers counted(Map<String, String> settings) {
        return answers(config(settings), credentials(FakeBedrock.SECRET_KEY), metrics);
    }

    private double attempts(String outcome) {
        return metrics.find("model.answer.attempts").tag("outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static int requests() {
        return bedrock.requests("converse-stream").size();
    }

    private static void ask(BedrockChat chat, HeardAnswer listener) {
        chat.chat("Hello, fake", listener);
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, END",
        "stop_sequence, END",
        "max_tokens, LENGTH",
        "content_filtered, FILTER",
        "guardrail_intervened, GUARDRAIL",
        "a_reason_of_next_year, END"
    })
    void theStopReasonIsPassedOn(String wire, StopReason reason) {
        bedrock.next(BedrockScript.stopped("Some words", wire));

        ask(chat(FakeBedrock.NOVA, Map.of()), heard);

        CallReport report = CallReport.of(heard.complete());
        assertThat(report.stopReason()).isEqualTo(reason);
        assertThat(report.region()).isEqualTo(FakeBedrock.REGION);
        assertThat(report.tokens().input()).isEqualTo(2);
        assertThat(report.tokens().output()).isEqualTo(2);
        assertThat(report.guardrail()).isNull();
        assertThat(heard.text()).isEqualTo("Some words");
    }

    @Test
    void anAnswerThatOutgrowsTheWindowIsTooLong() {
        bedrock.next(BedrockScript.stopped("Some words", "model_context_window_exceeded"));

        ask(chat(FakeBedrock.NOVA, Map.of()), heard);

        ModelFailure failure = heard.failure(ModelFailure.class);
        assertThat(failure.kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(failure.status()).isEqualTo(422);
        assertThat(heard.text()).isEqualTo("Some words");
        assertThat(heard.endings()).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadIsAskedForAgain() {
        bedrock.next(BedrockScript.stopped("", "malformed_model_output"));

        ask(chat(FakeBedrock.NOVA, Map.of()), heard);

        assertThat(heard.complete().aiMessage().text()).isEqualTo("You asked: Hello, fake");
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void aGuardrailsInterventionIsToldWithoutWhatMatched() {
        bedrock.next(BedrockScript.guarded("I cannot talk about that.", """
                {"inputAssessment": {"gr123abc": {
                   "topicPolicy": {"topics": [{"name": "secret plan", "type": "DENY", "action": "BLOCKED"}]},
                   "wordPolicy": {"customWords": [{"match": "plutonium", "action": "BLOCKED"}],
                                  "managedWordLists": [{"match": "damn", "type": "PROFANITY", "action": "BLOCKED"}]}}},
                 "outputAssessments": {"gr123abc": [{
                   "contentPolicy": {"filters": [{"type": "HATE", "confidence": "LOW", "action": "NONE"},
                                                 {"type": "VIOLENCE", "confidence": "HIGH", "action": "BLOCKED"}]},
                   "sensitiveInformationPolicy": {
                     "piiEntities": [{"match": "ada@example.org", "type": "EMAIL", "action": "ANONYMIZED"}],
                     "regexes": [{"name": "badge", "match": "A-17", "regex": "A-\\\\d+", "action": "ANONYMIZED"}]},
                   "contextualGroundingPolicy": {"filters": [
                     {"type": "GROUNDING", "threshold": 0.5, "score": 0.1, "action": "BLOCKED"}]}}]},
                 "modelOutput": ["what the model had said"]}
                """));

        ask(chat(FakeBedrock.NOVA, Map.of("guardrail-id", "gr123abc", "guardrail-version", "DRAFT")), heard);

        CallReport report = CallReport.of(heard.complete());
        assertThat(report.stopReason()).isEqualTo(StopReason.GUARDRAIL);
        assertThat(report.guardrail())
                .isEqualTo("question: topic blocked, word blocked; answer: content blocked, sensitive information"
                        + " anonymized, grounding blocked");
        assertThat(heard.text()).isEqualTo("I cannot talk about that.");
    }

    @Test
    void aGuardrailThatDidNothingIsNotMentioned() {
        bedrock.next(new BedrockScript.Stopped("Some words", "end_turn", """
                {"inputAssessment": {"gr123abc": {"contentPolicy": {"filters": [
                   {"type": "HATE", "confidence": "LOW", "action": "NONE"}]}}}}
                """));

        ask(chat(FakeBedrock.NOVA, Map.of()), heard);

        assertThat(CallReport.of(heard.complete()).guardrail()).isNull();
    }

    static Stream<BedrockScript> failuresBeforeTheFirstToken() {
        return Stream.of(
                BedrockScript.throttle(),
                BedrockScript.unavailable(),
                BedrockScript.fault(),
                BedrockScript.modelTimeout(),
                BedrockScript.silence(),
                BedrockScript.stallAfter(0),
                BedrockScript.breakOffAfter(0),
                BedrockScript.endEarlyAfter(0),
                BedrockScript.damageAfter(0),
                BedrockScript.exceptionAfter(0, "throttlingException", ""),
                BedrockScript.exceptionAfter(0, "modelStreamErrorException", ""),
                BedrockScript.exceptionAfter(0, "internalServerException", ""),
                BedrockScript.exceptionAfter(0, "serviceUnavailableException", ""));
    }

    @ParameterizedTest
    @MethodSource("failuresBeforeTheFirstToken")
    void whatFailsBeforeTheFirstTokenIsAskedAgain(BedrockScript failure) {
        bedrock.next(failure);

        ask(new BedrockChat(FakeBedrock.NOVA, counted(Map.of("first-token-timeout", "500ms"))), heard);

        assertThat(heard.complete().aiMessage().text()).isEqualTo("You asked: Hello, fake");
        assertThat(heard.text()).isEqualTo("You asked: Hello, fake");
        assertThat(heard.endings()).isEqualTo(1);
        assertThat(requests()).isEqualTo(2);
        assertThat(attempts("answered")).isEqualTo(1);
        assertThat(metrics.find("model.answer.attempts").counters()).hasSize(2);
    }

    static Stream<BedrockScript> failuresForGood() {
        return Stream.of(
                BedrockScript.deny(),
                BedrockScript.unknown(),
                BedrockScript.tooLong(),
                BedrockScript.invalid("Something else."),
                new BedrockScript.Refusal(403, "ExpiredTokenException", ""),
                BedrockScript.exceptionAfter(0, "validationException", ""));
    }

    @ParameterizedTest
    @MethodSource("failuresForGood")
    void whatWillFailAgainIsNotAskedAgain(BedrockScript failure) {
        bedrock.always(failure);

        ask(chat(FakeBedrock.NOVA, Map.of()), heard);

        heard.failure(ModelFailure.class);
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void retriesAreCounted() {
        bedrock.always(BedrockScript.unavailable());

        ask(new BedrockChat(FakeBedrock.NOVA, counted(Map.of("max-retries", "3", "breaker-failures", "100"))), heard);

        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(requests()).isEqualTo(4);
        assertThat(attempts("unavailable")).isEqualTo(4);
        assertThat(heard.endings()).isEqualTo(1);
    }

    @Test
    void retriesEndWithTheirTime() {
        bedrock.always(BedrockScript.silence());

        ask(
                chat(
                        FakeBedrock.NOVA,
                        Map.of("max-retries", "10", "first-token-timeout", "400ms", "retry-within", "900ms")),
                heard);

        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(requests()).isBetween(1, 2);
    }

    @Test
    void theTotalHoldsOverAllRetries() {
        bedrock.always(BedrockScript.silence());
        long began = System.nanoTime();

        ask(
                chat(
                        FakeBedrock.NOVA,
                        Map.of("max-retries", "10", "first-token-timeout", "500ms", "total-timeout", "1200ms")),
                heard);

        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(1_000), Duration.ofSeconds(5));
    }

    @Test
    void aThrottledAnswerSaysWhenToTryAgain() {
        bedrock.next(BedrockScript.throttle(), BedrockScript.throttle(37));
        var once = chat(FakeBedrock.NOVA, Map.of("max-retries", "0"));

        ask(once, heard);
        assertThat(heard.failure(ModelFailure.class).body()).containsEntry("retry_after", 10L);

        var again = new HeardAnswer();
        ask(once, again);
        assertThat(again.failure(ModelFailure.class).body()).containsEntry("retry_after", 37L);
    }

    @Test
    void aModelThatKeepsFailingIsLeftAloneAndThenTried() {
        bedrock.always(BedrockScript.unavailable());
        var chat =
                chat(FakeBedrock.NOVA, Map.of("max-retries", "0", "breaker-failures", "3", "breaker-pause", "1500ms"));
        for (int i = 0; i < 3; i++) {
            var each = new HeardAnswer();
            ask(chat, each);
            each.failure(ModelFailure.class);
        }
        assertThat(chat.isLeftAlone()).isTrue();

        ask(chat, heard);
        ModelFailure failure = heard.failure(ModelFailure.class);
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure.getMessage()).contains("left alone");
        assertThat((long) failure.body().get("retry_after")).isBetween(1L, 2L);
        assertThat(requests()).isEqualTo(3);

        bedrock.always(BedrockScript.answer(null));
        await().until(() -> {
            var trial = new HeardAnswer();
            ask(chat, trial);
            await().until(() -> trial.endings() == 1);
            return !trial.pieces().isEmpty();
        });
        assertThat(chat.isLeftAlone()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("failuresForGood")
    void refusalsNeverLeaveAModelAlone(BedrockScript refusal) {
        bedrock.always(refusal);
        var chat = chat(FakeBedrock.NOVA, Map.of("breaker-failures", "1"));

        for (int i = 0; i < 3; i++) {
            var each = new HeardAnswer();
            ask(chat, each);
            each.failure(ModelFailure.class);
        }

        assertThat(chat.isLeftAlone()).isFalse();
        assertThat(requests()).isEqualTo(3);
    }

    @Test
    void throttlingNeverLeavesAModelAlone() {
        bedrock.always(BedrockScript.throttle());
        var chat = chat(FakeBedrock.NOVA, Map.of("breaker-failures", "1", "max-retries", "0"));

        ask(chat, heard);
        heard.failure(ModelFailure.class);

        assertThat(chat.isLeftAlone()).isFalse();
    }

    @Test
    void oneModelThatFailsLeavesTheOthers() {
        bedrock.always("amazon.nova-lite-v1:0", BedrockScript.unavailable());
        BedrockAnswers shared = counted(Map.of("max-retries", "0", "breaker-failures", "1"));
        var failing = new BedrockChat("amazon.nova-lite-v1:0", shared);
        ask(failing, heard);
        heard.failure(ModelFailure.class);

        var other = new HeardAnswer();
        ask(new BedrockChat(FakeBedrock.NOVA, shared), other);

        assertThat(failing.isLeftAlone()).isTrue();
        assertThat(other.complete().aiMessage().text()).isEqualTo("You asked: Hello, fake");
    }

    @Test
    void aLongAnswerThatIsCutByTheTotalIsNoFaultOfTheModel() {
        bedrock.always(BedrockScript.slowly("word ".repeat(100), Duration.ofMillis(50)));
        var chat = chat(FakeBedrock.NOVA, Map.of("total-timeout", "700ms", "breaker-failures", "1"));

        ask(chat, heard);
        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.TIMEOUT);

        assertThat(heard.pieces()).isNotEmpty();
        assertThat(chat.isLeftAlone()).isFalse();
    }

    @Test
    void whoFindsNoPlaceIsRefusedAfterAWhile() {
        bedrock.always(BedrockScript.stallAfter(1));
        BedrockAnswers one = counted(Map.of("max-answers", "1", "answer-wait", "300ms", "idle-timeout", "1m"));
        var chat = new BedrockChat(FakeBedrock.NOVA, one);
        var first = new HeardAnswer();
        var running = new ModelCall(chat, Generation.DEFAULT);
        running.chat("Hello, fake", first);
        first.begun();

        ask(chat, heard);

        ModelFailure failure = heard.failure(ModelFailure.class);
        assertThat(failure.kind()).isEqualTo(Kind.BUSY);
        assertThat(failure.status()).isEqualTo(503);
        assertThat(failure.body()).containsEntry("retry_after", 1L);
        assertThat(requests()).isEqualTo(1);
        assertThat(metrics.get("model.answers").gauge().value()).isEqualTo(1);
        running.cancel();
        assertThat(metrics.get("model.answers").gauge().value()).isZero();
    }

    @Test
    void aPlaceThatBecomesFreeIsTaken() {
        bedrock.next(BedrockScript.slowly("One two three.", Duration.ofMillis(150)));
        BedrockAnswers one = counted(Map.of("max-answers", "1", "answer-wait", "10s"));
        var chat = new BedrockChat(FakeBedrock.NOVA, one);
        var first = new HeardAnswer();
        ask(chat, first);

        ask(chat, heard);

        assertThat(heard.complete().aiMessage().text()).isEqualTo("You asked: Hello, fake");
        assertThat(first.complete().aiMessage().text()).isEqualTo("One two three.");
        assertThat(one.places().taken()).isZero();
    }

    /** However an answer ends, its place is free. */
    @Test
    void placesAreFreedByEveryEnding() {
        BedrockAnswers one = counted(Map.of("max-answers", "1", "answer-wait", "0s", "max-retries", "0"));
        var chat = new BedrockChat(FakeBedrock.NOVA, one);
        for (BedrockScript script : List.of(
                BedrockScript.answer("Fine."),
                BedrockScript.deny(),
                BedrockScript.breakOffAfter(2),
                BedrockScript.exceptionAfter(0, "throttlingException", ""),
                BedrockScript.stopped("", "end_turn"))) {
            bedrock.next(script);
            var each = new HeardAnswer();
            ask(chat, each);
            await().until(() -> each.endings() == 1);
            assertThat(one.places().taken()).isZero();
        }
        var broken = new HeardAnswer(handle -> {
            throw new IllegalArgumentException("a fault of ours");
        });
        ask(chat, broken);
        broken.failure(IllegalArgumentException.class);
        assertThat(one.places().taken()).isZero();
    }

    @Test
    void whoIsStoppedInTheLineNeverAsks() throws InterruptedException {
        bedrock.next(BedrockScript.slowly("One two three.", Duration.ofMillis(100)));
        BedrockAnswers one = counted(Map.of("max-answers", "1", "answer-wait", "10s"));
        var chat = new BedrockChat(FakeBedrock.NOVA, one);
        var first = new HeardAnswer();
        ask(chat, first);
        var call = new ModelCall(chat, Generation.DEFAULT);
        call.chat("Hello, fake", heard);
        assertThat(one.places().waiting()).isEqualTo(1);

        call.cancel();

        assertThat(one.places().waiting()).isZero();
        first.complete();
        Thread.sleep(300);
        assertThat(requests()).isEqualTo(1);
        assertThat(heard.endings()).isZero();
    }

    @Test
    void whoIsStoppedBetweenRetriesNeverAsksAgain() throws InterruptedException {
        bedrock.always(BedrockScript.throttle());
        BedrockAnswers shared = counted(Map.of());
        var call = new ModelCall(new BedrockChat(FakeBedrock.NOVA, shared), Generation.DEFAULT);
        call.chat("Hello, fake", heard);
        await().until(() -> attempts("throttled") == 1);

        call.cancel();

        assertThat(shared.places().taken()).isZero();
        Thread.sleep(1_500);
        assertThat(requests()).isEqualTo(1);
        assertThat(heard.endings()).isZero();
    }

    @Test
    void whoIsStoppedDuringARetryClosesItsConnection() {
        bedrock.next(BedrockScript.unavailable());
        bedrock.always(BedrockScript.silence());
        var call = new ModelCall(new BedrockChat(FakeBedrock.NOVA, counted(Map.of())), Generation.DEFAULT);
        call.chat("Hello, fake", heard);
        await().until(() -> requests() == 2);
        BedrockRequest second = bedrock.requests("converse-stream").getLast();

        call.cancel();

        assertThat(second.closesWithin(SECOND)).isTrue();
        assertThat(heard.endings()).isZero();
        assertThat(attempts("stopped")).isEqualTo(1);
    }

    @Test
    void aStoppedAnswerIsNeitherFailureNorTimeoutLater() throws InterruptedException {
        bedrock.always(BedrockScript.stallAfter(1));
        var once = new HeardAnswer(StreamingHandle::cancel);
        var chat = new BedrockChat(FakeBedrock.NOVA, counted(Map.of("idle-timeout", "300ms", "breaker-failures", "1")));

        ask(chat, once);
        once.begun();
        Thread.sleep(700);

        assertThat(once.endings()).isZero();
        assertThat(attempts("stopped")).isEqualTo(1);
        assertThat(attempts("timeout")).isZero();
        assertThat(chat.isLeftAlone()).isFalse();
    }

    @Test
    void aStoppedTrialLeavesTheNextOneToDecide() {
        bedrock.next(BedrockScript.unavailable());
        var chat =
                chat(FakeBedrock.NOVA, Map.of("max-retries", "0", "breaker-failures", "1", "breaker-pause", "100ms"));
        ask(chat, heard);
        heard.failure(ModelFailure.class);
        bedrock.next(BedrockScript.silence());
        var call = new ModelCall(chat, Generation.DEFAULT);
        await().until(() -> {
            call.chat("Hello, fake", new HeardAnswer());
            return requests() == 2;
        });

        call.cancel();

        var next = new HeardAnswer();
        ask(chat, next);
        assertThat(next.complete().aiMessage().text()).isEqualTo("You asked: Hello, fake");
    }

    @Test
    void theTimeToTheFirstTokenIsMeasured() {
        ask(new BedrockChat(FakeBedrock.NOVA, counted(Map.of())), heard);
        heard.complete();

        assertThat(metrics.get("model.answer.first.token")
                        .tag("family", "nova")
                        .timer()
                        .count())
                .isEqualTo(1);
    }
}
