package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.model.CallReport;
import dev.customrag.model.Generation;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.TokenCounts;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.HeardAnswer;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes over the wire, to a fake that refuses what Bedrock and its models refuse. */
@BesideOthers
class ConverseRequestsTest extends BedrockTestBase {

    private static final String SONNET = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final String RULES = "Answer from the sources. ".repeat(200);
    private static final ChatMessage QUESTION = UserMessage.from("Who?");

    private JsonObject sent(BedrockChat chat, ChatRequest request) {
        var heard = new HeardAnswer();
        chat.chat(request, heard);
        heard.complete();
        return bedrock.requests("converse-stream").getLast().body();
    }

    private JsonObject sent(BedrockChat chat, ChatMessage... messages) {
        return sent(chat, ChatRequest.builder().messages(messages).build());
    }

    private static BedrockChat offered(String modelId) {
        bedrock.offer(modelId);
        return new BedrockChat(modelId, answers);
    }

    private static JsonObject content(JsonObject body, int message) {
        return body.getJsonArray("messages").getJsonObject(message);
    }

    private static List<Boolean> cachePoints(JsonArray blocks) {
        return blocks.stream()
                .map(block -> ((JsonObject) block).containsKey("cachePoint"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "amazon.nova-pro-v1:0, 0.5, 0.75, 10000",
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0, 0.5, , 64000",
        "us.anthropic.claude-3-5-sonnet-20241022-v2:0, 0.5, 0.75, 8192",
        "us.anthropic.claude-opus-4-7, , , 128000",
        "us.meta.llama3-1-70b-instruct-v1:0, 0.5, 0.75, 2048",
        "cohere.command-r-plus-v1:0, 0.5, 0.75, 4000",
        "arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/a1b2c3d4e5f6, , , 200000"
    })
    void everyModelGetsTheSettingsItTakes(String modelId, Double temperature, Double topP, int maxTokens) {
        BedrockChat chat = offered(modelId);
        var wanted = new Generation(0.5, 0.75, 200_000);

        for (ChatRequest request : List.of(
                ChatRequest.builder()
                        .messages(QUESTION)
                        .parameters(chat.parameters(wanted))
                        .build(),
                // As one who does not ask for the parameters first.
                ChatRequest.builder()
                        .messages(QUESTION)
                        .temperature(0.5)
                        .topP(0.75)
                        .maxOutputTokens(200_000)
                        .build())) {
            JsonObject config = sent(chat, request).getJsonObject("inferenceConfig");
            assertThat(config.getDouble("temperature")).isEqualTo(temperature);
            assertThat(config.getDouble("topP")).isEqualTo(topP);
            assertThat(config.getInteger("maxTokens")).isEqualTo(maxTokens);
        }
        assertThat(bedrock.requests("converse-stream").getLast().modelId()).isEqualTo(modelId);
    }

    @Test
    void theRulesOfTheModelBehindAProfileHold() {
        String profile = "arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/a1b2c3d4e5f6";
        bedrock.offer(profile);
        var chat = new BedrockChat(profile, "anthropic.claude-opus-4-1-20250805-v1:0", answers);
        var request = ChatRequest.builder()
                .messages(QUESTION)
                .parameters(chat.parameters(new Generation(0.5, 0.75, 200_000)))
                .build();

        JsonObject config = sent(chat, request).getJsonObject("inferenceConfig");

        assertThat(config.getDouble("temperature")).isEqualTo(0.5);
        assertThat(config.containsKey("topP")).isFalse();
        assertThat(config.getInteger("maxTokens")).isEqualTo(32_000);
        assertThat(chat.contextTokens()).isEqualTo(200_000);
        assertThat(bedrock.requests("converse-stream").getLast().modelId()).isEqualTo(profile);
    }

    @Test
    void nothingWantedIsNothingSent() {
        BedrockChat chat = offered(FakeBedrock.NOVA);
        var request = ChatRequest.builder()
                .messages(QUESTION)
                .parameters(chat.parameters(Generation.DEFAULT))
                .build();

        assertThat(sent(chat, request).getJsonObject("inferenceConfig", new JsonObject()))
                .isEmpty();
    }

    @Test
    void aModelSaysHowMuchItTakes() {
        assertThat(offered(FakeBedrock.NOVA).contextTokens()).isEqualTo(300_000);
        assertThat(offered("us.anthropic.claude-opus-4-7").contextTokens()).isEqualTo(1_000_000);
        assertThat(offered("somebody.else").contextTokens()).isEqualTo(32_000);
    }

    @Test
    void theSystemPromptStandsApart() {
        JsonObject body = sent(offered(SONNET), SystemMessage.from("Be brief."), QUESTION);

        assertThat(body.getJsonArray("system")).containsExactly(new JsonObject().put("text", "Be brief."));
        assertThat(body.getJsonArray("messages")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"amazon.titan-text-express-v1", "mistral.mistral-7b-instruct-v0:2", "mistral.mixtral-8x7b-instruct-v0:1"
    })
    void aModelWithoutSystemPromptsGetsItBeforeTheFirstQuestionAsAPartOfItsOwn(String modelId) {
        JsonObject body = sent(
                offered(modelId),
                SystemMessage.from("Be brief."),
                QUESTION,
                AiMessage.from("Nobody."),
                UserMessage.from("Why?"));

        assertThat(body.getJsonArray("system", new JsonArray())).isEmpty();
        JsonArray first = content(body, 0).getJsonArray("content");
        assertThat(first).hasSize(2);
        assertThat(first.getJsonObject(0).getString("text"))
                .isEqualTo("Follow these instructions in all of this conversation.\n<instructions>\nBe brief.\n"
                        + "</instructions>");
        assertThat(first.getJsonObject(1).getString("text")).isEqualTo("Who?");
        assertThat(content(body, 2).getJsonArray("content")).hasSize(1);
    }

    static Stream<List<ChatMessage>> notInTurns() {
        return Stream.of(
                List.of(QUESTION, QUESTION),
                List.of(QUESTION, AiMessage.from("A."), AiMessage.from("B."), QUESTION),
                List.of(AiMessage.from("A."), QUESTION),
                List.of(QUESTION, AiMessage.from("A.")),
                List.of(QUESTION, AiMessage.from(" "), QUESTION),
                List.of(SystemMessage.from("Be brief.")));
    }

    @ParameterizedTest
    @MethodSource("notInTurns")
    void messagesThatAreNotInTurnsAreNeitherSentNorGlued(List<ChatMessage> messages) {
        var heard = new HeardAnswer();

        new BedrockChat(FakeBedrock.NOVA, answers)
                .chat(ChatRequest.builder().messages(messages).build(), heard);

        ModelFailure failure = heard.failure(ModelFailure.class);
        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.getMessage()).contains("in turns");
        assertThat(bedrock.requests()).isEmpty();
    }

    @Test
    void rolesAlternateAndEachMessageStaysWhatItWas() {
        JsonObject body = sent(
                new BedrockChat(FakeBedrock.NOVA, answers),
                UserMessage.from("One"),
                AiMessage.from("Two"),
                UserMessage.from("Three"),
                AiMessage.from("Four"),
                UserMessage.from("Five"));

        assertThat(body.getJsonArray("messages").stream()
                        .map(JsonObject.class::cast)
                        .map(message -> message.getString("role") + " "
                                + message.getJsonArray("content")
                                        .getJsonObject(0)
                                        .getString("text")))
                .containsExactly("user One", "assistant Two", "user Three", "assistant Four", "user Five");
    }

    private static ChatMessage[] conversation(int turns) {
        Stream<ChatMessage> system = Stream.of(SystemMessage.from(RULES));
        Stream<ChatMessage> history = Stream.iterate(1, i -> i + 1)
                .limit(turns)
                .flatMap(i -> Stream.of(UserMessage.from("Question " + i), AiMessage.from("Answer " + i)));
        Stream<ChatMessage> last = Stream.of(UserMessage.from("Now? " + "A source. ".repeat(1_000)));
        return Stream.of(system, history, last).flatMap(part -> part).toArray(ChatMessage[]::new);
    }

    @ParameterizedTest
    @CsvSource({FakeBedrock.NOVA, SONNET})
    void cachePointsStandAfterTheSystemPromptAndTheLastTwoAnswers(String modelId) {
        JsonObject body = sent(new BedrockChat(modelId, answers), conversation(3));

        assertThat(cachePoints(body.getJsonArray("system"))).containsExactly(false, true);
        List<List<Boolean>> points = body.getJsonArray("messages").stream()
                .map(message -> cachePoints(((JsonObject) message).getJsonArray("content")))
                .toList();
        assertThat(points)
                .containsExactly(
                        List.of(false),
                        List.of(false),
                        List.of(false),
                        List.of(false, true),
                        List.of(false),
                        List.of(false, true),
                        List.of(false));
        assertThat(body.getJsonArray("system").getJsonObject(1).getJsonObject("cachePoint"))
                .isEqualTo(new JsonObject().put("type", "default"));
    }

    @Test
    void theNextQuestionReadsWhatTheOneBeforeWrote() {
        var chat = new BedrockChat(SONNET, answers);
        sent(chat, conversation(1));
        var heard = new HeardAnswer();

        chat.chat(ChatRequest.builder().messages(conversation(2)).build(), heard);

        TokenCounts tokens = CallReport.of(heard.complete()).tokens();
        // 4 words a time of the rules; 2 of each question and answer.
        assertThat(tokens.cacheRead()).isEqualTo(800 + 4);
        assertThat(tokens.cacheWrite()).isEqualTo(4);
        assertThat(tokens.input()).isEqualTo(2_001);
        assertThat(tokens.output()).isPositive();
        assertThat(tokens.total())
                .isEqualTo(tokens.input() + tokens.output() + tokens.cacheRead() + tokens.cacheWrite());
    }

    static Stream<Arguments> withoutCachePoints() {
        ChatMessage[] tooShort = {
            SystemMessage.from("Be brief."), QUESTION, AiMessage.from("Nobody."), UserMessage.from(RULES.repeat(10))
        };
        return Stream.of(
                Arguments.of(FakeBedrock.NOVA, true, tooShort),
                Arguments.of("global.anthropic.claude-haiku-4-5-20251001-v1:0", true, conversation(2)),
                Arguments.of("us.meta.llama3-1-70b-instruct-v1:0", true, conversation(2)),
                Arguments.of("us.anthropic.claude-3-5-sonnet-20241022-v2:0", true, conversation(2)),
                Arguments.of(
                        "arn:aws:bedrock:eu-central-1:111122223333:provisioned-model/a1b2c3d4e5f6",
                        true,
                        conversation(2)),
                Arguments.of(FakeBedrock.NOVA, false, conversation(2)));
    }

    @ParameterizedTest
    @MethodSource("withoutCachePoints")
    void noCachePointsWhereTheyAreRefusedOrTooShortOrNotWanted(String modelId, boolean wanted, ChatMessage[] messages) {
        bedrock.offer(modelId);

        JsonObject body = sent(chat(modelId, Map.of("prompt-caching", Boolean.toString(wanted))), messages);

        assertThat(body.encode()).doesNotContain("cachePoint");
    }

    @Test
    void theGuardrailGoesAlongAndHoldsTextBack() {
        var guarded = chat(FakeBedrock.NOVA, Map.of("guardrail-id", "gr123abc", "guardrail-version", "3"));

        JsonObject body = sent(guarded, QUESTION);

        assertThat(body.getJsonObject("guardrailConfig"))
                .isEqualTo(new JsonObject()
                        .put("guardrailIdentifier", "gr123abc")
                        .put("guardrailVersion", "3")
                        .put("streamProcessingMode", "sync")
                        .put("trace", "enabled"));
    }

    @Test
    void withoutOneThereIsNoGuardrail() {
        assertThat(sent(new BedrockChat(FakeBedrock.NOVA, answers), QUESTION).containsKey("guardrailConfig"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"guardrail-id, gr123abc", "guardrail-version, DRAFT"})
    void halfAGuardrailStopsTheStart(String key, String value) {
        var half = config(Map.of(key, value));

        assertThatThrownBy(() -> new ConverseRequests(half))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("guardrail-id and model.bedrock.guardrail-version belong together");
    }

    @ParameterizedTest
    @CsvSource({
        "My guardrail, 1, guardrail-id is 'My guardrail'",
        "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/a1, 1, guardrail-id is 'arn",
        "gr123abc, latest, guardrail-version is 'latest'",
        "gr123abc, 0, guardrail-version is '0'"
    })
    void aGuardrailThatCannotBeNamedStopsTheStart(String id, String version, String message) {
        var wrong = config(Map.of("guardrail-id", id, "guardrail-version", version));

        assertThatThrownBy(() -> new ConverseRequests(wrong))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anArnNamesAGuardrailToo() {
        String arn = "arn:aws:bedrock:eu-central-1:111122223333:guardrail/gr123abc";
        var guarded = chat(FakeBedrock.NOVA, Map.of("guardrail-id", arn, "guardrail-version", "DRAFT"));

        assertThat(sent(guarded, QUESTION).getJsonObject("guardrailConfig").getString("guardrailIdentifier"))
                .isEqualTo(arn);
    }

    @Test
    void aQuestionOfTwoHundredThousandTokensIsRefusedWithItsFigures() {
        bedrock.always(BedrockScript.window(200_000));
        var heard = new HeardAnswer();

        new BedrockChat(SONNET, answers).chat("word ".repeat(215_123), heard);

        ModelFailure failure = heard.failure(ModelFailure.class);
        assertThat(failure.kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(failure.body()).containsEntry("tokens", 215_123).containsEntry("max_tokens", 200_000);
        assertThat(bedrock.requests("converse-stream")).hasSize(1);
    }

    @Test
    void aQuestionOfTwoHundredThousandTokensIsAnsweredByAModelThatTakesIt() {
        bedrock.always(BedrockScript.window(300_000));
        var heard = new HeardAnswer();

        new BedrockChat(FakeBedrock.NOVA, answers).chat("word ".repeat(200_000), heard);

        assertThat(CallReport.of(heard.complete()).tokens().input()).isEqualTo(200_000);
    }
}
