package dev.customrag.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What is forgotten, and when. Security events have their own: {@code audit.retention}. */
@ConfigMapping(prefix = "clean-up")
interface CleanUpConfig {

    /** The pause between two rounds. Only one process of all goes on a round at a time. */
    @WithDefault("1h")
    @DurationMin(seconds = 1)
    @DurationMax(days = 7)
    Duration interval();

    /**
     * For how long a sign-in that is over is remembered. A device that was not used for so long is announced as a new one
     * when it comes back. Everybody's last sign-in stays.
     */
    @WithDefault("90d")
    @DurationMin(days = 1)
    @DurationMax(days = 3650)
    Duration sessionMemory();
}
