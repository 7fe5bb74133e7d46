package dev.customrag.model.bedrock;

import dev.customrag.testing.FakeBedrock;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
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

    @BeforeAll
    static void connect() {
        bedrock = FakeBedrock.start();
        config = config(Map.of());
        clients = new BedrockClients(config, credentials(FakeBedrock.SECRET_KEY));
    }

    @AfterAll
    static void disconnect() {
        clients.close();
        bedrock.close();
    }

    @AfterEach
    void forget() {
        bedrock.reset();
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
                "model.bedrock.read-timeout",
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
