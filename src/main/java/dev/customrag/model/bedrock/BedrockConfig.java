package dev.customrag.model.bedrock;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Amazon Bedrock. Credentials come from the AWS SDK's default chain: environment, profile, container or instance role. */
@ConfigMapping(prefix = "model.bedrock")
interface BedrockConfig {

    /** AWS region, such as {@code eu-central-1}. Without it the SDK's default chain: AWS_REGION, profile, instance. */
    Optional<String> region();

    /** Where the runtime (answers, embeddings) is reached, for a VPC endpoint or a test. By default, as the region says. */
    Optional<URI> endpointOverride();

    /** Where the control plane (lists of models, settings of the account) is reached. By default, as the region says. */
    Optional<URI> controlEndpointOverride();

    /**
     * Where the control planes of other regions are reached, by region: those that inference profiles send questions to
     * are asked for what the account keeps there. By default, as each region says.
     */
    Map<String, URI> controlEndpointOverrides();

    /**
     * The model that answers when a person named none: model id, inference profile id or ARN. Amazon's own model needs
     * no separate agreement, and its plain id keeps prompts within the region; where a region offers it through an
     * inference profile only, set that, such as {@code eu.amazon.nova-pro-v1:0}.
     */
    @WithDefault("amazon.nova-pro-v1:0")
    @NotBlank
    String chatModel();

    /**
     * The chat models that may be used: ids of models and inference profiles, ARNs, with {@code *} for any characters. An
     * ARN that names no model is allowed as well where it stays within the region and its foundation model is allowed.
     */
    @WithDefault("*")
    @NotEmpty
    List<@NotBlank String> allowedModels();

    /**
     * The embedding model: Titan Text Embeddings V2, Cohere Embed v3 (English or multilingual) or v4, by model id,
     * inference profile or ARN. Another one than before makes all vectors anew: docs/operations.md.
     */
    @WithDefault("amazon.titan-embed-text-v2:0")
    @NotBlank
    String embeddingModel();

    /**
     * Length of its vectors. Titan V2 offers 256, 512 and 1024, Cohere v3 1024 only, v4 256, 512, 1024 and 1536. Shorter
     * ones take less space and find a little less. Another length counts as another model.
     */
    @WithDefault("1024")
    @Min(256)
    @Max(1536)
    int embeddingDimensions();

    /**
     * Calls that embed passages under way in this process at most; fewer while Bedrock throttles. Titan takes one text a
     * call, Cohere 96.
     */
    @WithDefault("8")
    @Min(1)
    @Max(100)
    int embeddingConcurrency();

    /** How long a connection may take to open. AWS answers within milliseconds, or not at all. */
    @WithDefault("5s")
    @DurationMin(millis = 1)
    Duration connectTimeout();

    /** How long a model may take to begin its answer. Large prompts take tens of seconds. */
    @WithDefault("60s")
    @DurationMin(millis = 1)
    Duration firstTokenTimeout();

    /** The longest silence in an answer that has begun. Models that think send signs of it. */
    @WithDefault("30s")
    @DurationMin(millis = 1)
    Duration idleTimeout();

    /** The longest a whole answer may take: waiting, retries and all its tokens. */
    @WithDefault("5m")
    @DurationMin(millis = 1)
    Duration totalTimeout();

    /** The longest an embedding may take, retries included. It takes a second or two. */
    @WithDefault("60s")
    @DurationMin(millis = 1)
    Duration embeddingTimeout();

    /** Retries of a call that failed; of an answer only before its first token. More only wait longer. */
    @WithDefault("2")
    @Min(0)
    @Max(10)
    int maxRetries();

    /** How long after an answer was asked for a retry may begin. Who has waited longer had better be told. */
    @WithDefault("20s")
    @DurationMin(millis = 0)
    Duration retryWithin();

    /** Answers under way in this process at most, and questions being embedded. Over HTTP/1.1 each holds a connection. */
    @WithDefault("200")
    @Min(1)
    @Max(10_000)
    int maxAnswers();

    /** How long an answer waits for its turn when there are as many, before it is refused. */
    @WithDefault("2s")
    @DurationMin(millis = 0)
    Duration answerWait();

    /**
     * A model is left alone for {@link #breakerPause} after so many failures of its own within {@link #breakerWindow}, if they
     * are half of its calls or more. Refusals, throttling among them, are answers of a model that works.
     */
    @WithDefault("5")
    @Min(1)
    @Max(1_000)
    int breakerFailures();

    /** Older failures are forgotten. */
    @WithDefault("1m")
    @DurationMin(millis = 1)
    Duration breakerWindow();

    /** How long a failing model is left alone, before one call tries it. */
    @WithDefault("15s")
    @DurationMin(millis = 1)
    Duration breakerPause();

    /**
     * The guardrail that all answers go through: id or ARN. Its words take the place of what it blocks. Together with
     * {@link #guardrailVersion}, or neither.
     */
    Optional<String> guardrailId();

    /** Its version: a number, or {@code DRAFT}. */
    Optional<String> guardrailVersion();

    /**
     * Whether models that can keep the beginning of a prompt for five minutes do so: the next question of a conversation
     * costs less and begins sooner. It stays in the account and Region, or in those of an inference profile.
     */
    @WithDefault("true")
    boolean promptCaching();

    /** How long a list of models is good for. New models are rare, the control plane's quotas small. */
    @WithDefault("5m")
    @DurationMin(millis = 1)
    Duration catalogAge();

    /**
     * Whether models are only called where the account demonstrably keeps nothing: data-retention mode {@code none} and no
     * invocation logging, in every region a call may reach. On unless said otherwise; in dev and test it is off.
     */
    @WithDefault("true")
    boolean requireZeroRetention();

    /** The pause between two looks at these settings. What was seen three such pauses ago counts as unknown. */
    @WithDefault("5m")
    @DurationMin(seconds = 10)
    @DurationMax(hours = 1)
    Duration retentionInterval();
}
