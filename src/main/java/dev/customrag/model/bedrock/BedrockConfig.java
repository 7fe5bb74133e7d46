package dev.customrag.model.bedrock;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** Amazon Bedrock. Credentials come from the AWS SDK's default chain: environment, profile, container or instance role. */
@ConfigMapping(prefix = "model.bedrock")
interface BedrockConfig {

    /** AWS region, such as {@code eu-central-1}. Without it the SDK's default chain: AWS_REGION, profile, instance. */
    Optional<String> region();

    /** Where the runtime (answers, embeddings) is reached, for a VPC endpoint or a test. By default, as the region says. */
    Optional<URI> endpointOverride();

    /** Where the control plane (the lists of models) is reached. By default, as the region says. */
    Optional<URI> controlEndpointOverride();

    /**
     * The model that answers when a person named none: model id, inference profile id or ARN. Amazon's own model needs
     * no separate agreement, and its plain id keeps prompts within the region; where a region offers it through an
     * inference profile only, set that, such as {@code eu.amazon.nova-pro-v1:0}.
     */
    @WithDefault("amazon.nova-pro-v1:0")
    @NotBlank
    String chatModel();

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

    /** The longest silence: before the first token and between two. Large prompts take tens of seconds to begin. */
    @WithDefault("60s")
    @DurationMin(millis = 1)
    Duration readTimeout();

    /** The longest a whole answer may take, retries included. */
    @WithDefault("5m")
    @DurationMin(millis = 1)
    Duration totalTimeout();

    /** Retries of calls that failed before their first token, with the SDK's backoff. More only wait longer. */
    @WithDefault("2")
    @Min(0)
    @Max(10)
    int maxRetries();

    /** Connections to the runtime. Over HTTP/1.1 each answer on its way holds one. */
    @WithDefault("200")
    @Min(1)
    @Max(10_000)
    int maxConnections();

    /** How long a list of models is good for. New models are rare, the control plane's quotas small. */
    @WithDefault("5m")
    @DurationMin(millis = 1)
    Duration catalogAge();
}
