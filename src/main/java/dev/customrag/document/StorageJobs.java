package dev.customrag.document;

import com.github.kagkarlsson.scheduler.task.CompletionHandler.OnCompleteRemove;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.customrag.http.Faults;
import dev.customrag.jobs.Backoff;
import dev.customrag.jobs.JobLane;
import dev.customrag.jobs.Rounds;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Deletes objects that no file is any more: each by a job of its own, tried until it is done, and all by a sweep. */
@ApplicationScoped
class StorageJobs implements JobLane {

    static final String TABLE = "storage_tasks";

    private static final Logger LOG = Logger.getLogger(StorageJobs.class);

    /** V8__contents.sql knows the name, too. */
    private static final TaskDescriptor<String> DELETION = TaskDescriptor.of("delete-object", String.class);

    private static final TaskDescriptor<String> SWEEP = TaskDescriptor.of("sweep-objects", String.class);

    /** They wait for the network. */
    private static final int WORKERS = 4;

    private final ObjectStore store;
    private final DocumentObjects objects;
    private final OrphanSweep sweep;
    private final Clock clock;
    private final Backoff backoff;
    private final Duration sweepInterval;

    StorageJobs(ObjectStore store, DocumentObjects objects, OrphanSweep sweep, Clock clock, DocumentsConfig config) {
        this.store = store;
        this.objects = objects;
        this.sweep = sweep;
        this.clock = clock;
        this.backoff =
                new Backoff(config.ingestion().backoff(), config.ingestion().maxBackoff());
        this.sweepInterval = config.s3().sweepInterval();
    }

    /** The job that deletes the object of a file. */
    static TaskInstance<String> deletion(UUID content, ObjectLocation location) {
        return DELETION.instance(content.toString()).data(location.data()).build();
    }

    @Override
    public String table() {
        return TABLE;
    }

    @Override
    public int workers() {
        return WORKERS;
    }

    @Override
    public List<Task<?>> tasks() {
        return List.of(deletions(), sweeps());
    }

    private Task<String> deletions() {
        return Tasks.custom(DELETION)
                .onFailure((complete, job) -> {
                    int failures = complete.getExecution().consecutiveFailures + 1;
                    job.reschedule(complete, clock.instant().plus(backoff.after(failures)));
                })
                .onDeadExecution((complete, job) -> job.reschedule(complete, clock.instant()))
                .execute((job, context) -> {
                    // What a document has stays, whoever asked.
                    if (objects.find(UUID.fromString(job.getId())).isEmpty()) {
                        store.delete(ObjectLocation.of(job.getData()));
                    }
                    return new OnCompleteRemove<>();
                });
    }

    private Task<String> sweeps() {
        return Rounds.every(
                sweepInterval,
                SWEEP,
                e -> LOG.error("Objects could not be looked through: " + Faults.describe(e)),
                sweep::run);
    }
}
