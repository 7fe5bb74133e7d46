package dev.customrag.model.bedrock;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The AWS clients, made when first needed: a start asks for neither credentials nor a region. Their HTTP clients are
 * named, because a native binary cannot look for them.
 */
@ApplicationScoped
class BedrockClients {

    /** Lists are small; whoever waits for one is looking at an empty page. */
    private static final Duration LIST_TIMEOUT = Duration.ofSeconds(10);

    private final BedrockConfig config;
    private final AwsCredentialsProvider credentials;
    private BedrockRuntimeAsyncClient runtime;
    private BedrockRuntimeAsyncClient passages;
    private BedrockClient control;

    @Inject
    BedrockClients(BedrockConfig config) {
        this(config, DefaultCredentialsProvider.builder().build());
    }

    BedrockClients(BedrockConfig config, AwsCredentialsProvider credentials) {
        this.config = config;
        this.credentials = credentials;
    }

    /**
     * Answers, and embeddings of questions. HTTP/1.1 on purpose: a cancelled answer closes its own connection, no other answer shares
     * it, and nothing depends on ALPN, which a native binary lacks.
     */
    synchronized BedrockRuntimeAsyncClient runtime() {
        if (runtime == null) {
            runtime = runtime(config.maxConnections(), config.maxRetries());
        }
        return runtime;
    }

    /**
     * Embeddings of passages. Without retries of the SDK, which would hide throttling from whoever has to slow down for
     * it, and use up what it allows itself of retries for answers and questions.
     */
    synchronized BedrockRuntimeAsyncClient passages() {
        if (passages == null) {
            passages = runtime(config.embeddingConcurrency(), 0);
        }
        return passages;
    }

    /** The lists of models. */
    synchronized BedrockClient control() {
        if (control == null) {
            control = configured(
                            BedrockClient.builder(),
                            config.controlEndpointOverride(),
                            LIST_TIMEOUT,
                            config.maxRetries())
                    .httpClientBuilder(UrlConnectionHttpClient.builder()
                            .connectionTimeout(config.connectTimeout())
                            .socketTimeout(LIST_TIMEOUT))
                    .build();
        }
        return control;
    }

    @PreDestroy
    synchronized void close() {
        if (runtime != null) {
            runtime.close();
        }
        if (passages != null) {
            passages.close();
        }
        if (control != null) {
            control.close();
        }
        if (credentials instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }

    private BedrockRuntimeAsyncClient runtime(int connections, int retries) {
        return configured(
                        BedrockRuntimeAsyncClient.builder(), config.endpointOverride(), config.totalTimeout(), retries)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .protocol(Protocol.HTTP1_1)
                        .connectionTimeout(config.connectTimeout())
                        .readTimeout(config.readTimeout())
                        .maxConcurrency(connections))
                .build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B configured(
            B builder, Optional<URI> endpoint, Duration timeout, int retries) {
        config.region().map(Region::of).ifPresent(builder::region);
        endpoint.ifPresent(builder::endpointOverride);
        return builder.credentialsProvider(credentials)
                .overrideConfiguration(override -> override.apiCallTimeout(timeout)
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(1 + retries)
                                .build()));
    }
}
