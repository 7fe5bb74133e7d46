package dev.customrag.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** The service on Amazon Bedrock, played by a {@link FakeBedrock}, which test classes get into a field of that type. */
public final class OnBedrock implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Server.class));
    }

    /** Starts the fake and points the service, its credentials included, at it. */
    public static final class Server implements QuarkusTestResourceLifecycleManager {

        private FakeBedrock bedrock;

        @Override
        public Map<String, String> start() {
            bedrock = FakeBedrock.start();
            // The SDK's default chain looks here first; the service has no credentials of its own in its settings.
            System.setProperty("aws.accessKeyId", FakeBedrock.ACCESS_KEY);
            System.setProperty("aws.secretAccessKey", FakeBedrock.SECRET_KEY);
            String endpoint = bedrock.endpoint().toString();
            return Map.of(
                    "model.provider",
                    "bedrock",
                    "model.bedrock.region",
                    FakeBedrock.REGION,
                    "model.bedrock.endpoint-override",
                    endpoint,
                    "model.bedrock.control-endpoint-override",
                    endpoint,
                    "model.bedrock.control-endpoint-overrides." + BedrockLists.OTHER_REGION,
                    endpoint,
                    "model.bedrock.chat-model",
                    FakeBedrock.NOVA,
                    "model.bedrock.first-token-timeout",
                    "2s",
                    "model.bedrock.idle-timeout",
                    "2s",
                    "model.bedrock.max-retries",
                    "1",
                    // One test's failures are none of the next one's.
                    "model.bedrock.breaker-failures",
                    "1000");
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(bedrock, new TestInjector.MatchesType(FakeBedrock.class));
        }

        @Override
        public void stop() {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
            bedrock.close();
        }
    }
}
