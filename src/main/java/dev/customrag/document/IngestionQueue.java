package dev.customrag.document;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.customrag.jobs.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;

/** Where ingestions are asked for. */
@ApplicationScoped
class IngestionQueue {

    static final String TABLE = "scheduled_tasks";

    static final TaskDescriptor<String> TASK = TaskDescriptor.of("ingest-document", String.class);

    private final JobQueue jobs;

    IngestionQueue(JobQueue jobs) {
        this.jobs = jobs;
    }

    /** Queues a run. To be called in the transaction that makes its document {@code queued}. */
    void add(IngestionRun run) {
        jobs.add(TABLE, TASK.instance(run.id().toString()).data(run.data()).build());
    }
}
