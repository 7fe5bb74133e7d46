package dev.customrag.usage;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.customrag.http.Faults;
import dev.customrag.jobs.JobLane;
import dev.customrag.jobs.Rounds;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;

/**
 * Removes what the ledger need not know any more, and what calls have reserved whose processes died. The latter does not
 * count since it has expired; only its row is left.
 */
@ApplicationScoped
class UsageJobs implements JobLane {

    private static final Logger LOG = Logger.getLogger(UsageJobs.class);

    private static final TaskDescriptor<String> TASK = TaskDescriptor.of("forget-usage", String.class);

    private static final int BATCH = 1000;

    private final UsageRows rows;
    private final UsageConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;

    UsageJobs(UsageRows rows, UsageConfig config, MeterRegistry metrics, Clock clock) {
        this.rows = rows;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public String table() {
        return "usage_tasks";
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public List<Task<?>> tasks() {
        return List.of(Rounds.every(
                config.cleanUpInterval(),
                TASK,
                e -> LOG.error("Forgetting old usage failed: " + Faults.describe(e)),
                this::run));
    }

    /**
     * One round.
     *
     * @param stopped whether to leave the rest for the next one
     */
    void run(BooleanSupplier stopped) {
        Instant now = clock.instant();
        exhaust("usage-reservation", () -> rows.forgetReservations(now, BATCH), stopped);
        exhaust("model-call", () -> rows.forgetCalls(now.minus(config.callsKept()), BATCH), stopped);
        exhaust("usage-total", () -> rows.forgetTotals(now.minus(config.totalsKept()), BATCH), stopped);
    }

    /** @param batch removes one batch, and tells how many rows that were */
    private void exhaust(String kind, IntSupplier batch, BooleanSupplier stopped) {
        int removed = BATCH;
        while (removed == BATCH && !stopped.getAsBoolean()) {
            removed = batch.getAsInt();
            metrics.counter("clean.up.removed", "kind", kind).increment(removed);
        }
    }
}
