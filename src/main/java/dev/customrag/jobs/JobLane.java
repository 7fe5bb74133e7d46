package dev.customrag.jobs;

import com.github.kagkarlsson.scheduler.task.Task;
import java.util.List;

/**
 * Jobs that share a table and workers. A room with jobs offers one as a bean; lanes do not wait for each other, so that a
 * mail is not behind a hundred documents.
 */
public interface JobLane {

    /** The table its jobs stand in, of db-scheduler's schema. */
    String table();

    /** Jobs at work at a time in this process. */
    int workers();

    /** What its jobs do. Their data is text. A recurring one is queued once, by whichever process starts first. */
    List<Task<?>> tasks();
}
