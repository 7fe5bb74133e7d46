package dev.customrag.identity;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.customrag.audit.AuditTrail;
import dev.customrag.http.Faults;
import dev.customrag.http.RateLimits;
import dev.customrag.jobs.Rounds;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Removes what nobody can use any more. Each batch is a statement and a transaction of its own, takes only rows that
 * nobody else holds, and so keeps nobody waiting. The statements about tokens, sign-ins and factors are here together,
 * though other classes write these tables: they are one rule, and all alike.
 *
 * <p>API keys stay when they have expired: their owner is to see why a program is let in no more. Revoked ones stay for a
 * while, so that it is known when somebody comes with them.
 */
@ApplicationScoped
class CleanUp {

    private static final Logger LOG = Logger.getLogger(CleanUp.class);

    private static final TaskDescriptor<String> TASK = TaskDescriptor.of("clean-up", String.class);

    private static final int BATCH = 1000;

    /** Clocks differ, and who comes a little late is told so rather than that their link never was. */
    static final Duration GRACE = Duration.ofDays(1);

    /**
     * A sign-in that was not ended is over when its last refresh token is; the tokens go with it. A person's latest stays,
     * so that it is known when they were last here, and that another device is a new one. The table is read as a whole.
     */
    private static final String FORGOTTEN = """
            coalesce(ended_at, last_used_at) < ? AND EXISTS (
                SELECT FROM sign_in_sessions later
                WHERE later.user_id = sign_in_sessions.user_id
                    AND (later.created_at, later.id) > (sign_in_sessions.created_at, sign_in_sessions.id))
            """;

    private static final String UNCONFIRMED = "confirmed_at IS NULL AND created_at < ?";

    private final DataSource database;
    private final AuditTrail trail;
    private final SignInFailures failures;
    private final RateLimits rates;
    private final SessionLimits limits;
    private final CleanUpConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;

    CleanUp(
            DataSource database,
            AuditTrail trail,
            SignInFailures failures,
            RateLimits rates,
            SessionLimits limits,
            CleanUpConfig config,
            MeterRegistry metrics,
            Clock clock) {
        this.database = database;
        this.trail = trail;
        this.failures = failures;
        this.rates = rates;
        this.limits = limits;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Goes on a round now and again; the engine sees to it that there is one at a time. */
    Task<String> task() {
        return Rounds.every(
                config.interval(),
                TASK,
                e -> LOG.error("A round of the clean-up failed: " + Faults.describe(e)),
                this::run);
    }

    /**
     * One round. A kind that cannot be removed keeps no other from its turn.
     *
     * @param stopped whether to leave the rest for the next one
     * @throws IllegalStateException in the end, if there was one such
     */
    void run(BooleanSupplier stopped) {
        Instant now = clock.instant();
        OffsetDateTime expired = now.minus(GRACE).atOffset(ZoneOffset.UTC);
        OffsetDateTime forgotten =
                limits.oldestUse(now).minus(config.sessionMemory()).atOffset(ZoneOffset.UTC);
        var sweeps = List.of(
                new Sweep("refresh-token", () -> delete("refresh_tokens", "id", "expires_at < ?", expired)),
                new Sweep("session", () -> delete("sign_in_sessions", "id", FORGOTTEN, forgotten)),
                new Sweep("one-time-token", () -> delete("one_time_tokens", "id", "expires_at < ?", expired)),
                new Sweep("provider-attempt", () -> delete("provider_attempts", "id", "expires_at < ?", expired)),
                new Sweep("api-key", () -> delete("api_keys", "id", "revoked_at < ?", forgotten)),
                new Sweep("second-factor", () -> delete("second_factors", "user_id", UNCONFIRMED, expired)),
                new Sweep("sign-in-failure", () -> failures.forget(BATCH)),
                new Sweep("rate-limit", () -> rates.forget(BATCH)),
                new Sweep("audit-event", () -> trail.forget(BATCH)));
        List<String> failed = new ArrayList<>();
        for (Sweep sweep : sweeps) {
            try {
                exhaust(sweep, stopped);
            } catch (RuntimeException e) {
                LOG.error("The clean-up of kind " + sweep.kind() + " failed: " + Faults.describe(e));
                failed.add(sweep.kind());
            }
        }
        if (!failed.isEmpty()) {
            throw new IllegalStateException("Could not clean up: " + String.join(", ", failed));
        }
    }

    /** @param batch removes one batch, and tells how many rows that were */
    private record Sweep(String kind, IntSupplier batch) {}

    private void exhaust(Sweep sweep, BooleanSupplier stopped) {
        int removed = BATCH;
        while (removed == BATCH && !stopped.getAsBoolean()) {
            removed = sweep.batch().getAsInt();
            metrics.counter("clean.up.removed", "kind", sweep.kind()).increment(removed);
        }
    }

    /** The array makes PostgreSQL choose the rows once; joined to the choice, it may choose again and again. */
    private int delete(String table, String key, String condition, OffsetDateTime before) {
        String sql = """
                DELETE FROM %1$s WHERE %2$s = ANY (ARRAY (
                    SELECT %2$s FROM %1$s WHERE %3$s LIMIT %4$d FOR UPDATE SKIP LOCKED))
                """.formatted(table, key, condition, BATCH);
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, before);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot clean up " + table, e);
        }
    }
}
