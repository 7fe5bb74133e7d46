package dev.customrag.identity;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.customrag.http.Ids;
import dev.customrag.jobs.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.UUID;

/** Mails to be sent, written down in the caller's transaction: what is announced has happened, and nothing is forgotten. */
@ApplicationScoped
class Mails {

    static final TaskDescriptor<String> TASK = TaskDescriptor.of("send-mail", String.class);

    private final JobQueue jobs;

    Mails(JobQueue jobs) {
        this.jobs = jobs;
    }

    /**
     * Writes to the address of an account.
     *
     * @param about the session, key or other thing the mail is about; null if none
     */
    @Transactional(TxType.MANDATORY)
    void send(Mail mail, UUID userId, UUID about) {
        String data = mail + " " + userId + (about == null ? "" : " " + about);
        jobs.add(
                BackgroundJobs.TABLE,
                TASK.instance(Ids.next().toString()).data(data).build());
    }
}
