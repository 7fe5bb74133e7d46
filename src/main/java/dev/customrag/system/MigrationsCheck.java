package dev.customrag.system;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;

/** Not started and not ready until the schema is the one this build was written for. */
@Startup
@Readiness
@ApplicationScoped
class MigrationsCheck implements HealthCheck {

    private final Flyway flyway;
    private volatile String applied;

    MigrationsCheck(Flyway flyway) {
        this.flyway = flyway;
    }

    @Override
    public HealthCheckResponse call() {
        if (applied == null) {
            MigrationInfoService info = flyway.info();
            if (info.pending().length > 0 || info.current() == null) {
                return HealthCheckResponse.named("migrations")
                        .down()
                        .withData("pending", info.pending().length)
                        .build();
            }
            // A schema does not go backwards under a running service: once is enough.
            applied = info.current().getVersion().getVersion();
        }
        return HealthCheckResponse.named("migrations")
                .up()
                .withData("version", applied)
                .build();
    }
}
