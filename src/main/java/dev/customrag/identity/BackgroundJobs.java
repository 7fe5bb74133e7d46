package dev.customrag.identity;

import com.github.kagkarlsson.scheduler.task.Task;
import dev.customrag.jobs.JobLane;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What identity does when nobody waits for it. */
@ApplicationScoped
class BackgroundJobs implements JobLane {

    static final String TABLE = "background_tasks";

    private static final int WORKERS = 2;

    private final MailDelivery mails;
    private final SecretRotation secrets;
    private final CleanUp cleanUp;

    BackgroundJobs(MailDelivery mails, SecretRotation secrets, CleanUp cleanUp) {
        this.mails = mails;
        this.secrets = secrets;
        this.cleanUp = cleanUp;
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
        return List.of(mails.task(), secrets.task(), cleanUp.task());
    }
}
