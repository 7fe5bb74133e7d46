package dev.customrag.model.local;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Optional;

/** The models that run within this process. */
@ConfigMapping(prefix = "model.local")
interface LocalConfig {

    /**
     * Threads that embed passages; by default one for each core, as the library's own bulk embedding has. Texts of several
     * documents take turns on them.
     */
    Optional<@Min(1) @Max(64) Integer> passageThreads();

    /** Threads that embed questions and judge sentences, apart from those of passages so that nobody waits for them. */
    @WithDefault("2")
    @Min(1)
    @Max(64)
    int questionThreads();
}
