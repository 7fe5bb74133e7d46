package dev.customrag.model;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which models serve this process. */
@ConfigMapping(prefix = "model")
interface ModelConfig {

    /** {@code bedrock}, or {@code local} for a run without a cloud account: no language model, quotations only. */
    @WithDefault("local")
    String provider();
}
