package dev.customrag.bench;

import dev.customrag.testing.BedrockLists;
import dev.customrag.testing.FakeBedrock;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;

/** The Bedrock of the tests, for a packaged service and for the bare SDK. */
final class BedrockOnLoopback {

    /** More than any benchmark has under way; the SDK's default is 50. */
    private static final int CONNECTIONS = 200;

    private BedrockOnLoopback() {}

    /** Settings of a service that asks it. */
    static Map<String, String> settings(FakeBedrock bedrock) {
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
                "aws.accessKeyId",
                FakeBedrock.ACCESS_KEY,
                "aws.secretAccessKey",
                FakeBedrock.SECRET_KEY);
    }

    /** A client of the SDK with nothing around it. */
    static BedrockRuntimeAsyncClient sdk(FakeBedrock bedrock) {
        return BedrockRuntimeAsyncClient.builder()
                .region(Region.of(FakeBedrock.REGION))
                .endpointOverride(bedrock.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(FakeBedrock.ACCESS_KEY, FakeBedrock.SECRET_KEY)))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .protocol(Protocol.HTTP1_1)
                        .maxConcurrency(CONNECTIONS))
                .build();
    }
}
