package dev.customrag.identity;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.customrag.http.Ids;
import dev.customrag.http.RequestOrigin;
import dev.customrag.http.RequestOrigins;
import dev.customrag.jobs.JobQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** Mails to be sent, written down in the caller's transaction: what is announced has happened, and nothing is forgotten. */
@ApplicationScoped
class Mails {

    static final TaskDescriptor<String> TASK = TaskDescriptor.of("send-mail", String.class);

    private final JobQueue jobs;
    private final RequestOrigins origins;
    private final Clock clock;

    Mails(JobQueue jobs, RequestOrigins origins, Clock clock) {
        this.jobs = jobs;
        this.origins = origins;
        this.clock = clock;
    }

    /**
     * Writes to the address of an account.
     *
     * @param about the session, key or other thing the mail is about; null if none
     */
    @Transactional(TxType.MANDATORY)
    void send(Mail mail, UUID userId, UUID about) {
        queue(mail, Optional.of(userId), Optional.ofNullable(about), Optional.empty());
    }

    /** Writes about an account to an address that is not, or no longer, the account's. */
    @Transactional(TxType.MANDATORY)
    void sendTo(String address, Mail mail, UUID userId) {
        queue(mail, Optional.of(userId), Optional.empty(), Optional.of(address));
    }

    /** Writes to the address of an account if there is one, and does the same work if there is none. */
    @Transactional(TxType.MANDATORY)
    void sendIfAny(Mail mail, Optional<UUID> userId) {
        queue(mail, userId, Optional.empty(), Optional.empty());
    }

    private void queue(Mail mail, Optional<UUID> userId, Optional<UUID> about, Optional<String> address) {
        RequestOrigin origin = origins.current();
        var job = new MailJob(
                mail,
                userId,
                about,
                address,
                clock.instant(),
                Device.named(origin.userAgent()),
                origin.addressPrefix());
        jobs.add(
                BackgroundJobs.TABLE,
                TASK.instance(Ids.next().toString()).data(job.data()).build());
    }
}
