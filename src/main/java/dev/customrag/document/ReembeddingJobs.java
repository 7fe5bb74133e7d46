package dev.customrag.document;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.customrag.http.Faults;
import dev.customrag.jobs.Backoff;
import dev.customrag.jobs.JobLane;
import dev.customrag.jobs.JobQueue;
import dev.customrag.jobs.Rounds;
import dev.customrag.knowledge.PassageVectors;
import dev.customrag.knowledge.PassageVectors.OwnedDocument;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.VectorSpace;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Looks for documents of another embedding model than the configured one, and has each re-embedded. In a lane of its own,
 * so that uploads do not queue behind it.
 */
@ApplicationScoped
class ReembeddingJobs implements JobLane {

    static final String TABLE = "reembedding_tasks";

    static final TaskDescriptor<String> DOCUMENT = TaskDescriptor.of("reembed-document", String.class);

    private static final Logger LOG = Logger.getLogger(ReembeddingJobs.class);

    private static final TaskDescriptor<String> ROUND = TaskDescriptor.of("find-outdated-documents", String.class);

    /** Documents queued a round; what is left is found by the next. */
    private static final int MOST_QUEUED = 1000;

    /** Rounds without a sign of a configuration, after which another may have its way. */
    private static final int ROUNDS_OF_PATIENCE = 3;

    /** What the model refuses it will refuse again, unless its operator does something about it. */
    private static final Duration AFTER_REFUSAL = Duration.ofHours(1);

    private final Reembedding reembedding;
    private final ReembeddingTarget target;
    private final PassageVectors vectors;
    private final ModelProvider models;
    private final JobQueue queue;
    private final Clock clock;
    private final DocumentsConfig.Reembedding config;
    private final Backoff backoff;
    private volatile Left left = new Left(0, Instant.EPOCH);

    /** What a round found. */
    private record Left(long documents, Instant at) {}

    ReembeddingJobs(
            Reembedding reembedding,
            ReembeddingTarget target,
            PassageVectors vectors,
            ModelProvider models,
            JobQueue queue,
            Clock clock,
            DocumentsConfig config,
            MeterRegistry metrics) {
        this.reembedding = reembedding;
        this.target = target;
        this.vectors = vectors;
        this.models = models;
        this.queue = queue;
        this.clock = clock;
        this.config = config.reembedding();
        this.backoff =
                new Backoff(config.ingestion().backoff(), config.ingestion().maxBackoff());
        Gauge.builder("documents.reembedding.left", this, ReembeddingJobs::left)
                .description("Documents of another embedding model than the configured one")
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        target.claim(models.embedding().space());
    }

    @Override
    public String table() {
        return TABLE;
    }

    @Override
    public int workers() {
        return config.workers();
    }

    @Override
    public List<Task<?>> tasks() {
        return List.of(
                Rounds.every(
                        config.interval(),
                        ROUND,
                        e -> LOG.error("Looking for outdated documents failed: " + Faults.describe(e)),
                        stopped -> round()),
                Tasks.oneTime(DOCUMENT).onFailure(this::afterFailure).execute((job, context) -> run(job)));
    }

    /** Queues the documents of another model, unless another configuration has its way. */
    void round() {
        VectorSpace configured = models.embedding().space();
        if (!hasItsWay(configured)) {
            return;
        }
        Set<VectorSpace> outdated = vectors.spaces();
        outdated.remove(configured);
        long documents = outdated.stream().mapToLong(vectors::countDocumentsIn).sum();
        left = new Left(documents, clock.instant());
        if (documents == 0) {
            return;
        }
        LOG.infof(
                "%d documents are of another embedding model than %s (%d) and will be re-embedded",
                documents, configured.model(), configured.dimensions());
        int room = MOST_QUEUED;
        for (VectorSpace space : outdated) {
            List<OwnedDocument> some = vectors.documentsIn(space, room);
            some.forEach(this::add);
            room -= some.size();
        }
    }

    private void add(OwnedDocument document) {
        queue.add(
                TABLE,
                DOCUMENT.instance(document.document().toString())
                        .data(document.owner().toString())
                        .build());
    }

    private boolean hasItsWay(VectorSpace configured) {
        return target.confirm(configured, config.interval().multipliedBy(ROUNDS_OF_PATIENCE));
    }

    private void run(TaskInstance<String> job) {
        // Where another configuration has its way, its processes look for documents, and queue them anew.
        if (!hasItsWay(models.embedding().space())) {
            return;
        }
        try {
            reembedding.run(UUID.fromString(job.getData()), UUID.fromString(job.getId()));
        } catch (InterruptedException e) {
            throw new ProcessStops();
        }
    }

    /** Never gives up: the document is found by its old vectors meanwhile, or by its words. */
    private void afterFailure(ExecutionComplete complete, ExecutionOperations<String> job) {
        Instant now = clock.instant();
        Duration pause = backoff.after(complete.getExecution().consecutiveFailures + 1);
        switch (complete.getCause().orElse(null)) {
            case ProcessStops stops -> job.reschedule(complete, now);
            case ModelFailure failure when failure.mayPass() -> job.reschedule(complete, now.plus(pause));
            case ModelFailure failure -> {
                LOG.warnf("A document could not be re-embedded: %s", failure.kind());
                job.reschedule(complete, now.plus(AFTER_REFUSAL));
            }
            case null -> job.reschedule(complete, now.plus(pause));
            case Throwable fault -> {
                LOG.error("A re-embedding broke off: " + Faults.describe(fault));
                job.reschedule(complete, now.plus(pause));
            }
        }
    }

    /** Unknown where the last round was another process's. */
    private double left() {
        Left last = left;
        boolean isFresh = last.at().plus(config.interval().multipliedBy(2)).isAfter(clock.instant());
        return isFresh ? last.documents() : Double.NaN;
    }
}
