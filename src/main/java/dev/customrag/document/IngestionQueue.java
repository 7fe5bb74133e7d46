package dev.customrag.document;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.customrag.jobs.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;

/** Where ingestions are asked for. */
@ApplicationScoped
class IngestionQueue {

    static final String TABLE = "scheduled_tasks";

    /** The column is a smallint. */
    private static final int FIRST_TURN = Short.MAX_VALUE;

    private static final int LAST_TURN = Short.MIN_VALUE;

    static final TaskDescriptor<String> TASK = TaskDescriptor.of("ingest-document", String.class);

    private final JobQueue jobs;
    private final Documents documents;

    IngestionQueue(JobQueue jobs, Documents documents) {
        this.jobs = jobs;
        this.documents = documents;
    }

    /** Queues a run. To be called in the transaction that makes its document {@code queued}. */
    void add(IngestionRun run) {
        jobs.add(
                TABLE,
                TASK.instance(run.id().toString())
                        .data(run.data())
                        .priority(priority(run))
                        .build());
    }

    /**
     * Owners take turns: a document comes as many turns after the one that is next as its owner has before it. Whoever
     * uploads thousands waits for themselves, others hardly for them, and nobody is overtaken for ever, as newcomers
     * start at the present turn and not at the first (Goyal, Vin and Cheng, "Start-time Fair Queueing", 1996). Turns
     * begin anew when the queue is empty; should they ever run out, first come, first served.
     */
    private int priority(IngestionRun run) {
        int next = jobs.nextPriority(TABLE).orElse(FIRST_TURN);
        return Math.max(next - documents.othersInWork(run.owner(), run.document()), LAST_TURN);
    }
}
