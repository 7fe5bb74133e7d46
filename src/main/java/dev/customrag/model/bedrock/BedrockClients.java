package dev.customrag.model.bedrock;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.endpoints.BedrockEndpointProvider;
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

    /** How much longer than {@link AnswerCall} the SDK waits for an answer: the former knows whose fault it is. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final BedrockConfig config;
    private final AwsCredentialsProvider credentials;
    private BedrockRuntimeAsyncClient answers;
    private BedrockRuntimeAsyncClient questions;
    private BedrockRuntimeAsyncClient passages;
    private Region home;
    private final Map<Region, BedrockClient> controls = new HashMap<>();
    private SdkHttpClient http;
    private volatile Optional<Consumer<String>> admission = Optional.empty();

    @Inject
    BedrockClients(BedrockConfig config) {
        this(config, DefaultCredentialsProvider.builder().build());
    }

    BedrockClients(BedrockConfig config, AwsCredentialsProvider credentials) {
        this.config = config;
        this.credentials = credentials;
    }

    /**
     * Answers. HTTP/1.1 on purpose: a cancelled answer closes its own connection, no other answer shares it, and nothing
     * depends on ALPN, which a native binary lacks. Without retries of the SDK, which would multiply with those of
     * {@link AnswerCall}, the only one to know whether a token was heard.
     */
    synchronized BedrockRuntimeAsyncClient answers() {
        if (answers == null) {
            answers = runtime(config.maxAnswers(), config.totalTimeout().plus(SLACK), 0);
        }
        return answers;
    }

    /** Embeddings of questions. */
    synchronized BedrockRuntimeAsyncClient questions() {
        if (questions == null) {
            questions = runtime(config.maxAnswers(), config.embeddingTimeout(), config.maxRetries());
        }
        return questions;
    }

    /**
     * Embeddings of passages. Without retries of the SDK, which would hide throttling from whoever has to slow down for
     * it, and use up what it allows itself of retries for questions.
     */
    synchronized BedrockRuntimeAsyncClient passages() {
        if (passages == null) {
            passages = runtime(config.embeddingConcurrency(), config.embeddingTimeout(), 0);
        }
        return passages;
    }

    /**
     * Lets somebody say no to calls of models, by the id of the model, before anything of the call leaves this process:
     * answers and embeddings alike. Until then no call is made where zero retention is required.
     */
    void admitBy(Consumer<String> check) {
        admission = Optional.of(check);
    }

    /**
     * The Region of the service, in which all calls of models begin.
     *
     * @throws SdkClientException if there is none
     */
    synchronized Region home() {
        if (home == null) {
            home = config.region().map(Region::of).orElseGet(() -> DefaultAwsRegionProviderChain.builder()
                    .build()
                    .getRegion());
        }
        return home;
    }

    /** The control plane of the service's Region: the lists of models. */
    BedrockClient control() {
        return control(home());
    }

    /** The control plane of a Region. */
    synchronized BedrockClient control(Region region) {
        return controls.computeIfAbsent(region, each -> configured(
                        BedrockClient.builder(), controlOverride(each), LIST_TIMEOUT, config.maxRetries())
                .region(each)
                .httpClient(http())
                .build());
    }

    /** For calls of the control plane that the SDK does not know. */
    synchronized SdkHttpClient http() {
        if (http == null) {
            http = UrlConnectionHttpClient.builder()
                    .connectionTimeout(config.connectTimeout())
                    .socketTimeout(LIST_TIMEOUT)
                    .build();
        }
        return http;
    }

    /** Where the control plane of a Region is. */
    URI controlEndpoint(Region region) {
        return controlOverride(region).orElseGet(() -> BedrockEndpointProvider.defaultProvider()
                .resolveEndpoint(endpoint -> endpoint.region(region))
                .join()
                .url());
    }

    /**
     * Who calls.
     *
     * @throws SdkClientException if that is not known
     */
    AwsCredentialsIdentity identity() {
        return credentials.resolveCredentials();
    }

    private Optional<URI> controlOverride(Region region) {
        return Optional.ofNullable(config.controlEndpointOverrides().get(region.id()))
                .or(() -> region.equals(home()) ? config.controlEndpointOverride() : Optional.empty());
    }

    @PreDestroy
    synchronized void close() {
        if (answers != null) {
            answers.close();
        }
        if (questions != null) {
            questions.close();
        }
        if (passages != null) {
            passages.close();
        }
        controls.values().forEach(BedrockClient::close);
        if (http != null) {
            http.close();
        }
        if (credentials instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }

    private BedrockRuntimeAsyncClient runtime(int connections, Duration timeout, int retries) {
        return configured(
                        BedrockRuntimeAsyncClient.builder(),
                        config.endpointOverride(),
                        timeout,
                        retries,
                        new Admission())
                .region(home())
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .protocol(Protocol.HTTP1_1)
                        .connectionTimeout(config.connectTimeout())
                        // Silence is AnswerCall's to judge, by what it has heard before.
                        .readTimeout(timeout)
                        .maxConcurrency(connections))
                .build();
    }

    /** Of every call of every client of the runtime, before its first try. */
    private final class Admission implements ExecutionInterceptor {

        @Override
        public void beforeExecution(Context.BeforeExecution call, ExecutionAttributes attributes) {
            String model = call.request()
                    .getValueForField("modelId", String.class)
                    .orElseThrow(() -> new IllegalStateException("A call that names no model"));
            if (admission.isPresent()) {
                admission.get().accept(model);
            } else if (config.requireZeroRetention()) {
                throw new IllegalStateException("Nobody says what may be called");
            }
        }
    }

    private <B extends AwsClientBuilder<B, C>, C> B configured(
            B builder, Optional<URI> endpoint, Duration timeout, int retries, ExecutionInterceptor... interceptors) {
        endpoint.ifPresent(builder::endpointOverride);
        return builder.credentialsProvider(credentials)
                .overrideConfiguration(override -> override.apiCallTimeout(timeout)
                        .executionInterceptors(List.of(interceptors))
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(1 + retries)
                                .build()));
    }
}
