package dev.customrag.document;

import com.github.kagkarlsson.scheduler.task.CompletionHandler.OnCompleteRemove;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.customrag.http.Faults;
import dev.customrag.jobs.Backoff;
import dev.customrag.jobs.JobLane;
import dev.customrag.model.ModelFailure;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/** Runs queued ingestions on this process, and decides what becomes of one that broke off. */
@ApplicationScoped
class IngestionJobs implements JobLane {

    private static final Logger LOG = Logger.getLogger(IngestionJobs.class);

    private static final String FAULTY = "The file could not be processed: something went wrong on our side.";
    private static final String EMBEDDING_REFUSED =
            "The text could not be made searchable: the embedding model of this service refused it. Tell its operator.";
    private static final String MODEL_AWAY = "The embedding model could not be reached for a long time.";
    private static final String STORAGE_AWAY = "The file could not be fetched for a long time.";
    private static final String AGAIN = "Try again with reingest.";
    private static final String AGAIN_LATER = "Try again later with reingest.";

    /** How long a document waits that may not run beside another. */
    private static final Duration TURN = Duration.ofSeconds(5);

    private final Ingestion ingestion;
    private final Documents documents;
    private final Backoff backoff;
    private final Clock clock;
    private final RunWatch watch;
    private final Patience patience;
    private final DocumentsConfig.Ingestion config;

    /**
     * Documents whose last try broke off are tried one at a time: of those that were in work when a process died, one may
     * have killed it, and will not take the others along each time.
     */
    private final Semaphore suspects = new Semaphore(1);

    IngestionJobs(
            Ingestion ingestion,
            Documents documents,
            RunWatch watch,
            Patience patience,
            Clock clock,
            DocumentsConfig config) {
        this.ingestion = ingestion;
        this.documents = documents;
        this.watch = watch;
        this.patience = patience;
        this.clock = clock;
        this.config = config.ingestion();
        this.backoff = new Backoff(this.config.backoff(), this.config.maxBackoff());
    }

    @Override
    public String table() {
        return IngestionQueue.TABLE;
    }

    @Override
    public int workers() {
        return config.workers();
    }

    @Override
    public List<Task<?>> tasks() {
        return List.of(task());
    }

    /** While requests are finished, so are the batches under way. */
    void breakOff(@Observes ShutdownDelayInitiatedEvent event) {
        patience.stop();
    }

    /** Before the engine waits for its jobs. */
    void stop(@Observes @Priority(Interceptor.Priority.APPLICATION - 1) ShutdownEvent event) {
        patience.stop();
    }

    private CustomTask<String> task() {
        return Tasks.custom(IngestionQueue.TASK)
                .onFailure(this::afterFailure)
                .onDeadExecution(this::afterDeath)
                .execute((instance, context) -> {
                    if (run(IngestionRun.of(instance.getId(), instance.getData()))) {
                        return new OnCompleteRemove<>();
                    }
                    return (complete, job) ->
                            job.reschedule(complete, clock.instant().plus(TURN));
                });
    }

    /** Runs it, or says that it is not its turn. */
    private boolean run(IngestionRun run) {
        try {
            Optional<Integer> faults = patience.outlasting(() -> documents.faults(run));
            if (faults.isEmpty()) {
                return true;
            }
            boolean suspect = faults.get() > 0;
            if (suspect && !suspects.tryAcquire()) {
                return false;
            }
            try {
                watch.run(run, () -> ingestion.run(run));
                return true;
            } finally {
                if (suspect) {
                    suspects.release();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new ProcessStops();
        }
    }

    private void afterFailure(ExecutionComplete complete, ExecutionOperations<String> job) {
        try {
            patience.outlasting(() -> decide(run(complete), complete, job));
        } catch (InterruptedException e) {
            // The database is away, and so is this process in a moment. Another one will find the job.
            LOG.warn("An ingestion could not be handed on");
        }
    }

    private void decide(IngestionRun run, ExecutionComplete complete, ExecutionOperations<String> job) {
        switch (complete.getCause().orElse(null)) {
            case ProcessStops stops -> {
                documents.excuse(run);
                job.reschedule(complete, clock.instant());
            }
            case ModelFailure failure when failure.mayPass() -> afterOutage(run, MODEL_AWAY, complete, job);
            case ModelFailure failure -> {
                LOG.error("The embedding model refused a document: " + failure.kind());
                giveUp(run, EMBEDDING_REFUSED, AGAIN, job);
            }
            case UncheckedIOException failure -> {
                LOG.warn("A document could not be read: " + Faults.describe(failure));
                afterOutage(run, STORAGE_AWAY, complete, job);
            }
            case StorageUnavailable failure -> afterOutage(run, STORAGE_AWAY, complete, job);
            case null -> afterFault(run, complete, job);
            case Throwable fault -> {
                LOG.error("An ingestion broke off: " + Faults.describe(fault));
                afterFault(run, complete, job);
            }
        }
    }

    /** The process that had it is gone, or was cut off from the database for longer than is worth waiting. */
    private void afterDeath(ExecutionComplete complete, ExecutionOperations<String> job) {
        IngestionRun run = run(complete);
        if (!watch.isRunning(run)) {
            afterFault(run, complete, job);
        }
    }

    private void afterOutage(
            IngestionRun run, String error, ExecutionComplete complete, ExecutionOperations<String> job) {
        int failures = complete.getExecution().consecutiveFailures + 1;
        if (failures >= config.maxProviderFailures()) {
            giveUp(run, error, AGAIN_LATER, job);
        } else {
            documents.excuse(run);
            job.reschedule(complete, clock.instant().plus(backoff.after(failures)));
        }
    }

    /** A crash or a fault of ours may be the file's doing: it may not happen for ever. */
    private void afterFault(IngestionRun run, ExecutionComplete complete, ExecutionOperations<String> job) {
        Optional<Integer> faults = documents.faults(run);
        int failures = complete.getExecution().consecutiveFailures + 1;
        if (faults.isEmpty()) {
            job.remove();
        } else if (faults.get() >= config.maxFaults() || failures >= config.maxProviderFailures()) {
            giveUp(run, FAULTY, AGAIN, job);
        } else {
            job.reschedule(complete, clock.instant().plus(backoff.after(failures)));
        }
    }

    private void giveUp(IngestionRun run, String error, String advice, ExecutionOperations<String> job) {
        ingestion.fail(run, error, advice);
        job.remove();
    }

    private static IngestionRun run(ExecutionComplete complete) {
        TaskInstance<?> instance = complete.getExecution().taskInstance;
        return IngestionRun.of(instance.getId(), (String) instance.getData());
    }
}
