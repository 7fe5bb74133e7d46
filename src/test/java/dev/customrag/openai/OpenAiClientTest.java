package dev.customrag.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenAI's own client library, pointed here with an API key, as programs are. */
@QuarkusTest
@TestProfile(OnBedrock.class)
class OpenAiClientTest {

    private static final String NOTICE = "The notice period is three months [1].";

    @TestHTTPResource("/v1")
    URI v1;

    FakeBedrock bedrock;

    private OpenAIClient client;
    private String model;

    @BeforeEach
    void begin() {
        bedrock.reset();
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer(NOTICE));
        Person alice = Person.registered();
        alice.uploaded("lease.txt", "The notice period is three months to the end of a month.");
        client = client(alice.withKey().accessToken());
        model = client.models().list().items().getFirst().id();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void assistantsAreItsModels() {
        Model retrieved = client.models().retrieve(model);

        assertThat(retrieved.id()).isEqualTo(model);
        assertThat(retrieved.ownedBy()).isEqualTo("customrag");
        assertThat(retrieved.created()).isPositive();
        assertThatThrownBy(() -> client.models().retrieve("gpt-4o"))
                .isInstanceOfSatisfying(NotFoundException.class, failure -> assertThat(failure.code())
                        .contains("model_not_found"));
    }

    @Test
    void aCompletionIsReadWhole() {
        ChatCompletion answer = client.chat().completions().create(question().build());

        answer.validate();
        ChatCompletion.Choice choice = answer.choices().getFirst();
        assertThat(choice.message().content()).contains(NOTICE);
        assertThat(choice.message().refusal()).isEmpty();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.usage()).hasValueSatisfying(usage -> {
            assertThat(usage.completionTokens()).isEqualTo(7);
            assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + 7);
        });
        assertThat(answer._additionalProperties().get("citations").toString()).contains("lease.txt");
    }

    @Test
    void aCompletionIsReadAsAStream() {
        var accumulator = ChatCompletionAccumulator.create();
        var params = question()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();

        List<ChatCompletionChunk> chunks;
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            chunks = stream.stream()
                    .map(ChatCompletionChunk::validate)
                    .peek(accumulator::accumulate)
                    .toList();
        }

        assertThat(chunks).hasSizeGreaterThan(5);
        ChatCompletion answer = accumulator.chatCompletion();
        assertThat(answer.choices().getFirst().message().content()).contains(NOTICE);
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.usage()).hasValueSatisfying(usage -> assertThat(usage.completionTokens())
                .isEqualTo(7));
        assertThat(chunks)
                .filteredOn(chunk -> chunk._additionalProperties().containsKey("citations"))
                .singleElement()
                .satisfies(chunk -> assertThat(
                                chunk._additionalProperties().get("citations").toString())
                        .contains("lease.txt"));
    }

    @Test
    void itsFailuresAreItsOwn() {
        OpenAIClient stranger = client("sk-of-openai");
        assertThatThrownBy(() -> stranger.chat().completions().create(question().build()))
                .isInstanceOfSatisfying(UnauthorizedException.class, failure -> assertThat(failure.code())
                        .contains("invalid_api_key"));
        stranger.close();
        assertThatThrownBy(
                        () -> client.chat().completions().create(question().n(2).build()))
                .isInstanceOfSatisfying(BadRequestException.class, failure -> {
                    assertThat(failure.param()).contains("n");
                    assertThat(failure.type()).contains("invalid_request_error");
                });
        bedrock.always(FakeBedrock.NOVA, BedrockScript.throttle());
        assertThatThrownBy(() -> client.chat().completions().create(question().build()))
                .isInstanceOfSatisfying(RateLimitException.class, failure -> assertThat(
                                failure.headers().values("Retry-After"))
                        .isNotEmpty());
    }

    @Test
    void aStreamThatBreaksOffIsAFailureToo() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.breakOffAfter(2));

        assertThatThrownBy(() -> {
                    try (var stream = client.chat()
                            .completions()
                            .createStreaming(question().build())) {
                        stream.stream().forEach(ChatCompletionChunk::validate);
                    }
                })
                .isInstanceOf(SseException.class)
                .isInstanceOf(OpenAIServiceException.class);
    }

    @Test
    void membersItDoesNotKnowAreTaken() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(question()
                        .putAdditionalBodyProperty("something_new", JsonValue.from(true))
                        .build());

        assertThat(answer.choices()).hasSize(1);
    }

    private ChatCompletionCreateParams.Builder question() {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addSystemMessage("Answer in one sentence.")
                .addUserMessage("How long is the notice period?");
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(v1.toString())
                .apiKey(key)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(30))
                .build();
    }
}
