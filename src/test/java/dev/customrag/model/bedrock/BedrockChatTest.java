package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.model.Generation;
import dev.customrag.model.ModelCall;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.NumberedSources;
import dev.customrag.model.NumberedSources.Source;
import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.HeardAnswer;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.SdkClientException;

@BesideOthers
class BedrockChatTest extends BedrockTestBase {

    private static final String SECRET_OF_THE_PROVIDER = "prompt quoted by the provider";

    private final BedrockChat chat = new BedrockChat(FakeBedrock.NOVA, answers);
    private final HeardAnswer heard = new HeardAnswer();

    @Test
    void piecesArriveInOrderAndEndWithUsage() {
        bedrock.always(BedrockScript.answer("One two three four."));

        chat.chat("Count.", heard);
        ChatResponse response = heard.complete();

        assertThat(heard.pieces()).containsExactly("One ", "two ", "three ", "four.");
        assertThat(heard.endings()).isEqualTo(1);
        assertThat(response.aiMessage().text()).isEqualTo("One two three four.");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.modelName()).isEqualTo(FakeBedrock.NOVA);
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(4);
        assertThat(response.tokenUsage().inputTokenCount()).isPositive();
    }

    @Test
    void theFirstPieceArrivesLongBeforeTheLast() {
        bedrock.always(BedrockScript.slowly("One two three four.", Duration.ofMillis(300)));

        chat.chat("Count.", heard);
        heard.begun();

        assertThat(heard.pieces()).hasSizeLessThan(3);
        assertThat(heard.endings()).isZero();
        assertThat(heard.complete().aiMessage().text()).isEqualTo("One two three four.");
    }

    @Test
    void systemPromptHistoryAndSettingsAreSent() {
        var request = ChatRequest.builder()
                .messages(
                        SystemMessage.from("Answer from the sources."),
                        UserMessage.from("Who?"),
                        AiMessage.from("Nobody."),
                        UserMessage.from("Why is that so?"))
                .temperature(0.25)
                .maxOutputTokens(3)
                .build();

        chat.chat(request, heard);
        ChatResponse response = heard.complete();

        BedrockRequest sent = bedrock.awaitRequest("converse-stream");
        assertThat(sent.modelId()).isEqualTo(FakeBedrock.NOVA);
        assertThat(sent.system()).isEqualTo("Answer from the sources.");
        assertThat(sent.lastMessage()).isEqualTo("Why is that so?");
        assertThat(sent.body().getJsonArray("messages")).hasSize(3);
        assertThat(sent.body().getJsonObject("inferenceConfig").getDouble("temperature"))
                .isEqualTo(0.25);
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(heard.pieces()).hasSize(3);
    }

    @Test
    void theFakeCitesTheFirstSource() {
        var sources = List.of(new Source(1, "a.txt", "The seal lasts a year. The motor does not."));

        chat.chat(NumberedSources.write("How long?", sources), heard);

        assertThat(heard.complete().aiMessage().text())
                .isEqualTo("According to your documents: The seal lasts a year. [1]");
    }

    @Test
    void inferenceProfileIdsWork() {
        var profile = new BedrockChat("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", answers);

        profile.chat("Hello", heard);

        assertThat(heard.complete().aiMessage().text()).isEqualTo("You asked: Hello");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(BedrockScript.throttle(), Kind.THROTTLED),
                Arguments.of(BedrockScript.deny(), Kind.DENIED),
                Arguments.of(new BedrockScript.Refusal(403, "ExpiredTokenException", ""), Kind.NOT_SET_UP),
                Arguments.of(new BedrockScript.Refusal(403, "UnrecognizedClientException", ""), Kind.NOT_SET_UP),
                Arguments.of(BedrockScript.unknown(), Kind.UNKNOWN_MODEL),
                Arguments.of(BedrockScript.invalidModelId(), Kind.UNKNOWN_MODEL),
                Arguments.of(BedrockScript.tooLong(), Kind.TOO_LONG),
                Arguments.of(BedrockScript.modelTimeout(), Kind.TIMEOUT),
                Arguments.of(BedrockScript.fault(), Kind.UNAVAILABLE),
                Arguments.of(BedrockScript.unavailable(), Kind.UNAVAILABLE),
                Arguments.of(new BedrockScript.Refusal(418, "TeapotException", ""), Kind.UNAVAILABLE),
                Arguments.of(new BedrockScript.Refusal(429, "NewKindOfLimitException", ""), Kind.THROTTLED),
                Arguments.of(
                        BedrockScript.exceptionAfter(2, "throttlingException", SECRET_OF_THE_PROVIDER), Kind.THROTTLED),
                Arguments.of(
                        BedrockScript.exceptionAfter(2, "modelStreamErrorException", SECRET_OF_THE_PROVIDER),
                        Kind.UNAVAILABLE),
                Arguments.of(
                        BedrockScript.exceptionAfter(2, "validationException", SECRET_OF_THE_PROVIDER), Kind.REFUSED),
                Arguments.of(BedrockScript.breakOffAfter(0), Kind.UNAVAILABLE),
                Arguments.of(BedrockScript.breakOffAfter(2), Kind.UNAVAILABLE),
                Arguments.of(BedrockScript.endEarlyAfter(2), Kind.UNAVAILABLE),
                Arguments.of(BedrockScript.damageAfter(2), Kind.UNAVAILABLE));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureEndsTheAnswerOnceAndInOurWords(BedrockScript script, Kind kind) throws InterruptedException {
        bedrock.always(script);

        chat(FakeBedrock.NOVA, Map.of("max-retries", "1")).chat("Hello, fake", heard);
        ModelFailure failure = heard.failure(ModelFailure.class);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.getMessage()).doesNotContain(SECRET_OF_THE_PROVIDER).endsWith(".");
        assertThat(failure.getCause()).isNull();
        Thread.sleep(100);
        assertThat(heard.endings()).isEqualTo(1);
    }

    @Test
    void aThrottledRequestIsTriedAgain() {
        bedrock.next(BedrockScript.throttle(), BedrockScript.unavailable());

        chat.chat("Hello", heard);

        assertThat(heard.complete().aiMessage().text()).isEqualTo("You asked: Hello");
        assertThat(bedrock.requests("converse-stream")).hasSize(3);
    }

    static Stream<BedrockScript> interruptions() {
        return Stream.of(
                BedrockScript.breakOffAfter(2),
                BedrockScript.endEarlyAfter(2),
                BedrockScript.stallAfter(2),
                BedrockScript.damageAfter(2),
                BedrockScript.exceptionAfter(2, "throttlingException", ""));
    }

    @ParameterizedTest
    @MethodSource("interruptions")
    void anAnswerThatHasBegunIsNeverToldTwice(BedrockScript interruption) throws InterruptedException {
        bedrock.next(interruption);
        bedrock.always(BedrockScript.answer("Never told"));

        chat.chat("Hello, fake", heard);
        heard.failure(ModelFailure.class);
        Thread.sleep(1_000);

        assertThat(heard.text()).isEqualTo("You asked: ");
        assertThat(bedrock.requests("converse-stream")).hasSize(1);
    }

    @Test
    void silenceBeforeTheFirstTokenTimesOut() {
        bedrock.always(BedrockScript.silence());

        chat(FakeBedrock.NOVA, Map.of("first-token-timeout", "300ms", "max-retries", "0"))
                .chat("Hello", heard);

        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(1)))
                .isTrue();
    }

    /** Models that think long for a large prompt begin the message at once. */
    @Test
    void aBegunMessageWithoutATokenIsStillSilence() {
        bedrock.always(BedrockScript.stallAfter(0));

        chat(FakeBedrock.NOVA, Map.of("first-token-timeout", "600ms", "idle-timeout", "100ms", "max-retries", "0"))
                .chat("Hello", heard);

        long began = System.nanoTime();
        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(400));
    }

    @Test
    void aSlowFirstTokenIsWaitedFor() {
        bedrock.next(BedrockScript.slowStart(Duration.ofMillis(800)));

        chat(FakeBedrock.NOVA, Map.of("idle-timeout", "200ms")).chat("Hello", heard);

        assertThat(heard.complete().aiMessage().text()).isEqualTo("You asked: Hello");
        assertThat(bedrock.requests("converse-stream")).hasSize(1);
    }

    @Test
    void silenceInTheMiddleTimesOut() {
        bedrock.always(BedrockScript.stallAfter(2));

        chat(FakeBedrock.NOVA, Map.of("idle-timeout", "300ms", "first-token-timeout", "10s"))
                .chat("Hello, fake", heard);

        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(heard.pieces()).hasSize(2);
        assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(1)))
                .isTrue();
    }

    @Test
    void aSteadyAnswerMayTakeLongerThanAnySilence() {
        bedrock.always(BedrockScript.slowly("word ".repeat(15), Duration.ofMillis(100)));

        chat(FakeBedrock.NOVA, Map.of("idle-timeout", "700ms", "first-token-timeout", "1s"))
                .chat("Hello", heard);

        assertThat(heard.complete().aiMessage().text()).hasSize(15 * 5);
    }

    @Test
    void anAnswerThatNeverEndsTimesOutInTotal() {
        bedrock.always(BedrockScript.slowly("word ".repeat(100), Duration.ofMillis(100)));

        chat(FakeBedrock.NOVA, Map.of("total-timeout", "700ms")).chat("Hello", heard);

        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(1)))
                .isTrue();
    }

    @Test
    void cancellingByTheHandleOfAPieceClosesTheConnectionWithinASecond() {
        bedrock.always(BedrockScript.slowly("word ".repeat(200), Duration.ofMillis(50)));
        var once = new HeardAnswer(StreamingHandle::cancel);

        chat.chat("Hello", once);
        once.begun();

        assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(1)))
                .isTrue();
        assertThat(once.pieces()).hasSize(1);
        assertThat(once.endings()).isZero();
    }

    @Test
    void cancellingDuringAStallClosesTheConnectionWithinASecond() {
        bedrock.always(BedrockScript.stallAfter(1));
        var call = new ModelCall(chat, Generation.DEFAULT);
        call.chat("Hello, fake", heard);
        heard.begun();

        call.cancel();

        assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(1)))
                .isTrue();
        assertThat(heard.endings()).isZero();
    }

    @Test
    void cancellingBeforeTheFirstTokenClosesTheConnectionWithinASecond() {
        bedrock.always(BedrockScript.silence());
        var call = new ModelCall(chat, Generation.DEFAULT);
        call.chat("Hello", heard);
        BedrockRequest request = bedrock.awaitRequest("converse-stream");

        call.cancel();

        assertThat(request.closesWithin(Duration.ofSeconds(1))).isTrue();
        assertThat(heard.endings()).isZero();
        assertThat(bedrock.requests("converse-stream")).hasSize(1);
    }

    @Test
    void aCancelledCallLeavesTheClientUsable() {
        bedrock.next(BedrockScript.stallAfter(1));
        var call = new ModelCall(chat, Generation.DEFAULT);
        var first = new HeardAnswer();
        call.chat("Hello, fake", first);
        first.begun();
        call.cancel();

        chat.chat("Again", heard);

        assertThat(heard.complete().aiMessage().text()).isEqualTo("You asked: Again");
    }

    @Test
    void manyAnswersStreamAtOnce() {
        bedrock.always(BedrockScript.slowly("One two three four.", Duration.ofMillis(50)));
        List<HeardAnswer> all = Stream.generate(HeardAnswer::new).limit(60).toList();

        all.forEach(each -> chat.chat("Count.", each));

        assertThat(all)
                .allSatisfy(
                        each -> assertThat(each.complete().aiMessage().text()).isEqualTo("One two three four."));
    }

    @Test
    void aWrongSecretIsRefused() {
        new BedrockChat(FakeBedrock.NOVA, answers(config, credentials("not the secret"))).chat("Hello", heard);

        ModelFailure failure = heard.failure(ModelFailure.class);
        assertThat(failure.kind()).isEqualTo(Kind.NOT_SET_UP);
        assertThat(failure.getMessage()).contains("credentials");
        assertThat(bedrock.requests()).isEmpty();
    }

    @Test
    void missingCredentialsAreSaidSo() {
        var nobody = answers(config, () -> {
            throw SdkClientException.create("Unable to load credentials from any of the providers in the chain");
        });

        new BedrockChat(FakeBedrock.NOVA, nobody).chat("Hello", heard);

        ModelFailure failure = heard.failure(ModelFailure.class);
        assertThat(failure.kind()).isEqualTo(Kind.NOT_SET_UP);
        assertThat(failure.getMessage()).contains("credentials");
    }

    @Test
    void anUnreachableProviderIsSaidSo() {
        chat(FakeBedrock.NOVA, Map.of("endpoint-override", "http://127.0.0.1:1", "max-retries", "0"))
                .chat("Hello", heard);

        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void aFaultOfTheListenerIsNotTakenForOneOfTheProvider() {
        var broken = new HeardAnswer(handle -> {
            throw new IllegalArgumentException("a fault of ours");
        });

        chat.chat("Hello, fake", broken);

        assertThat(broken.failure(IllegalArgumentException.class)).hasMessage("a fault of ours");
    }
}
