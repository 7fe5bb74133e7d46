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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Runs queued ingestions on this process, and decides what becomes of one that broke off. */
@ApplicationScoped
class IngestionJobs implements JobLane {

    private static final Logger LOG = Logger.getLogger(IngestionJobs.class);

    private static final String FAULTY =
            "The file could not be processed: something went wrong on our side. Try again with reingest.";
    private static final String MODEL_AWAY =
            "The embedding model could not be reached for a long time. Try again later with reingest.";

    private final Ingestion ingestion;
    private final Documents documents;
    private final Backoff backoff;
    private final Clock clock;
    private final DocumentsConfig.Ingestion config;
    private final AtomicInteger underWay = new AtomicInteger();

    IngestionJobs(Ingestion ingestion, Documents documents, Clock clock, DocumentsConfig config) {
        this.ingestion = ingestion;
        this.documents = documents;
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
        ingestion.stop();
    }

    /** Before the engine waits for its jobs. */
    void stop(@Observes @Priority(Interceptor.Priority.APPLICATION - 1) ShutdownEvent event) {
        ingestion.stop();
    }

    private CustomTask<String> task() {
        return Tasks.custom(IngestionQueue.TASK)
                .onFailure(this::afterFailure)
                .onDeadExecution((complete, job) -> afterFault(run(complete), complete, job))
                .execute((instance, context) -> {
                    run(instance);
                    return new OnCompleteRemove<>();
                });
    }

    /** Documents this process is ingesting. */
    int underWay() {
        return underWay.get();
    }

    private void run(TaskInstance<String> instance) {
        underWay.incrementAndGet();
        try {
            ingestion.run(IngestionRun.of(instance.getId(), instance.getData()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new Stopped();
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** This process stops. */
    private static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private void afterFailure(ExecutionComplete complete, ExecutionOperations<String> job) {
        IngestionRun run = run(complete);
        switch (complete.getCause().orElse(null)) {
            case Stopped stopped -> job.reschedule(complete, clock.instant());
            case ModelFailure failure when failure.mayPass() -> afterModelFailure(run, complete, job);
            case ModelFailure failure -> giveUp(run, failure.getMessage(), job);
            case null -> afterFault(run, complete, job);
            case Throwable fault -> {
                LOG.error("An ingestion broke off: " + Faults.describe(fault));
                afterFault(run, complete, job);
            }
        }
    }

    private void afterModelFailure(IngestionRun run, ExecutionComplete complete, ExecutionOperations<String> job) {
        int failures = complete.getExecution().consecutiveFailures + 1;
        if (failures >= config.maxProviderFailures()) {
            giveUp(run, MODEL_AWAY, job);
        } else {
            job.reschedule(complete, clock.instant().plus(backoff.after(failures)));
        }
    }

    /** A crash or a fault of ours may be the file's doing: it may not happen for ever. */
    private void afterFault(IngestionRun run, ExecutionComplete complete, ExecutionOperations<String> job) {
        Optional<Integer> faults = documents.countFault(run);
        if (faults.isEmpty()) {
            job.remove();
        } else if (faults.get() >= config.maxFaults()) {
            giveUp(run, FAULTY, job);
        } else {
            job.reschedule(complete, clock.instant().plus(backoff.after(faults.get())));
        }
    }

    private void giveUp(IngestionRun run, String error, ExecutionOperations<String> job) {
        documents.fail(run, error);
        job.remove();
    }

    private static IngestionRun run(ExecutionComplete complete) {
        TaskInstance<?> instance = complete.getExecution().taskInstance;
        return IngestionRun.of(instance.getId(), (String) instance.getData());
    }
}
