package dev.customrag.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** The record of security events. */
@ConfigMapping(prefix = "audit")
interface AuditConfig {

    /** For how long events are kept. The database itself refuses to forget what is younger than 30 days. */
    @WithDefault("365d")
    @DurationMin(days = 30)
    Duration retention();
}
