package dev.customrag.model.bedrock;

import dev.customrag.model.ModelProvider;
import dev.customrag.testing.FakeBedrock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.Map;

/** Bedrock as the service reaches it, for tests of other rooms that go from one setting to another. */
public final class BedrockAt {

    private BedrockAt() {}

    /**
     * Models at a fake.
     *
     * @param settings below {@code model.bedrock}, such as {@code embedding-model}
     */
    public static ModelProvider of(FakeBedrock bedrock, Map<String, String> settings) {
        BedrockConfig config = BedrockTestBase.config(bedrock, settings);
        var clients = new BedrockClients(config, BedrockTestBase.credentials(FakeBedrock.SECRET_KEY));
        return new BedrockModels(config, clients, new SimpleMeterRegistry(), Clock.systemUTC());
    }
}
