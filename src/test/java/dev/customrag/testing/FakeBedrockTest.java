package dev.customrag.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;

/** The fake is as strict as the service: tests would prove nothing otherwise. */
class FakeBedrockTest {

    private static final String BODY = "{\"inputText\":\"Hello\"}";

    private static FakeBedrock bedrock;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        bedrock = FakeBedrock.start();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        bedrock.close();
    }

    @Test
    void takesWhatIsSignedAsItShouldBe() throws Exception {
        assertThat(send(signed(FakeBedrock.SECRET_KEY, Duration.ZERO), BODY, null))
                .isEqualTo(200);
    }

    @Test
    void refusesAnUnsignedRequest() throws Exception {
        var request = HttpRequest.newBuilder(uri()).POST(HttpRequest.BodyPublishers.ofString(BODY));

        assertThat(http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void refusesAnotherSecret() throws Exception {
        assertThat(send(signed("another", Duration.ZERO), BODY, null)).isEqualTo(403);
    }

    @Test
    void refusesABodyThatWasChanged() throws Exception {
        assertThat(send(signed(FakeBedrock.SECRET_KEY, Duration.ZERO), BODY.replace('H', 'J'), null))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(ints = {-6, 6})
    void refusesAnOldOrAFutureDate(int minutes) throws Exception {
        assertThat(send(signed(FakeBedrock.SECRET_KEY, Duration.ofMinutes(minutes)), BODY, null))
                .isEqualTo(403);
    }

    @Test
    void refusesAHeaderThatWasChanged() throws Exception {
        assertThat(send(
                        signed(FakeBedrock.SECRET_KEY, Duration.ZERO),
                        BODY,
                        Map.entry("X-Amz-Date", "20260101T000000Z")))
                .isEqualTo(403);
    }

    @Test
    void answersConverseWithoutAStreamToo() {
        var client = BedrockRuntimeClient.builder()
                .region(Region.of(FakeBedrock.REGION))
                .endpointOverride(bedrock.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(FakeBedrock.ACCESS_KEY, FakeBedrock.SECRET_KEY)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
                .build();
        try (client) {
            ConverseResponse response = converse(client);
            assertThat(response.output().message().content().getFirst().text()).isEqualTo("You asked: Hello");
            assertThat(response.usage().outputTokens()).isEqualTo(3);

            bedrock.next(BedrockScript.throttle());
            assertThatThrownBy(() -> converse(client)).isInstanceOf(ThrottlingException.class);
        }
    }

    private static ConverseResponse converse(BedrockRuntimeClient client) {
        return client.converse(request -> request.modelId(FakeBedrock.NOVA)
                .messages(Message.builder()
                        .role(ConversationRole.USER)
                        .content(ContentBlock.fromText("Hello"))
                        .build()));
    }

    private static URI uri() {
        return bedrock.endpoint().resolve("/model/" + FakeBedrock.TITAN.replace(":", "%3A") + "/invoke");
    }

    /** Signed by the SDK's own signer, whose clock is off by {@code skew}. */
    private static SignedRequest signed(String secret, Duration skew) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(uri())
                .putHeader("Content-Type", "application/json")
                .build();
        return AwsV4HttpSigner.create().sign(sign -> sign.request(request)
                .identity(AwsBasicCredentials.create(FakeBedrock.ACCESS_KEY, secret))
                .payload(ContentStreamProvider.fromUtf8String(BODY))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "bedrock")
                .putProperty(AwsV4HttpSigner.REGION_NAME, FakeBedrock.REGION)
                .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.offset(Clock.systemUTC(), skew)));
    }

    private static int send(SignedRequest signed, String body, Map.Entry<String, String> changed) throws Exception {
        var request = HttpRequest.newBuilder(uri()).POST(HttpRequest.BodyPublishers.ofString(body));
        signed.request().forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
                values.forEach(value -> request.setHeader(name, value));
            }
        });
        Optional.ofNullable(changed).ifPresent(header -> request.setHeader(header.getKey(), header.getValue()));
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
