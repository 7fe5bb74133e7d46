package dev.customrag.jobs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** The job engine. */
@ConfigMapping(prefix = "jobs")
interface JobsConfig {

    /** How often a queue is asked. What this process adds starts at once; this is for other processes' work. */
    @WithDefault("5s")
    @DurationMin(millis = 10)
    Duration pollInterval();

    /** Sign of life of a running job. Six missed ones and another process takes over: a minute by default. */
    @WithDefault("10s")
    @DurationMin(millis = 100)
    Duration heartbeat();

    /** How long a stopping process waits for running jobs; what is left another process takes over. */
    @WithDefault("15s")
    @DurationMin(millis = 0)
    Duration shutdownWait();
}
