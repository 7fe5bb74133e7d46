package dev.customrag.model.local;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** The models that run within this process. */
@ConfigMapping(prefix = "model.local")
interface LocalConfig {

    /** Threads that embed passages. The runtime spreads one text over the cores by itself, so more gain little. */
    @WithDefault("1")
    @Min(1)
    @Max(64)
    int passageThreads();

    /** Threads that embed questions and judge sentences, apart from those of passages so that nobody waits for them. */
    @WithDefault("2")
    @Min(1)
    @Max(64)
    int questionThreads();
}
