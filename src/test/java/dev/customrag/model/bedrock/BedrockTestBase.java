package dev.customrag.model.bedrock;

import dev.customrag.testing.BedrockLists;
import dev.customrag.testing.FakeBedrock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The real AWS SDK against a fake Bedrock over HTTP. */
abstract class BedrockTestBase {

    static FakeBedrock bedrock;
    static BedrockConfig config;
    static BedrockClients clients;
    static BedrockAnswers answers;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void connect() {
        bedrock = FakeBedrock.start();
        config = config(Map.of());
        clients = new BedrockClients(config, credentials(FakeBedrock.SECRET_KEY));
        answers = new BedrockAnswers(config, clients, new SimpleMeterRegistry());
        // The last client that closes takes the threads of all with it, which takes two seconds.
        clients.answers();
    }

    @AfterAll
    static void disconnect() {
        answers.close();
        clients.close();
        bedrock.close();
    }

    @AfterEach
    void forget() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        bedrock.reset();
    }

    /** A model with settings of its own, until the end of the test. */
    BedrockChat chat(String modelId, Map<String, String> settings) {
        return new BedrockChat(modelId, answers(config(settings), credentials(FakeBedrock.SECRET_KEY)));
    }

    BedrockAnswers answers(BedrockConfig settings, AwsCredentialsProvider credentials) {
        return answers(settings, credentials, new SimpleMeterRegistry());
    }

    BedrockAnswers answers(BedrockConfig settings, AwsCredentialsProvider credentials, MeterRegistry metrics) {
        var own = new BedrockClients(settings, credentials);
        var made = new BedrockAnswers(settings, own, metrics);
        opened.add(made);
        opened.add(own::close);
        return made;
    }

    static AwsCredentialsProvider credentials(String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(FakeBedrock.ACCESS_KEY, secret));
    }

    /** The defaults, pointed at the fake, with short timeouts; and what is given. */
    static BedrockConfig config(Map<String, String> settings) {
        return config(bedrock, settings);
    }

    static BedrockConfig config(FakeBedrock bedrock, Map<String, String> settings) {
        var all = new HashMap<>(Map.of(
                "model.bedrock.region",
                FakeBedrock.REGION,
                "model.bedrock.endpoint-override",
                bedrock.endpoint().toString(),
                "model.bedrock.control-endpoint-override",
                bedrock.endpoint().toString(),
                "model.bedrock.control-endpoint-overrides." + BedrockLists.OTHER_REGION,
                bedrock.endpoint().toString(),
                "model.bedrock.require-zero-retention",
                "false",
                "model.bedrock.first-token-timeout",
                "2s",
                "model.bedrock.idle-timeout",
                "2s",
                "model.bedrock.embedding-timeout",
                "2s",
                "model.bedrock.total-timeout",
                "10s"));
        settings.forEach((key, value) -> all.put("model.bedrock." + key, value));
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(BedrockConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 500))
                .build()
                .getConfigMapping(BedrockConfig.class);
    }
}
