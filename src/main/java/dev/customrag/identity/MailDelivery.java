package dev.customrag.identity;

import com.github.kagkarlsson.scheduler.task.CompletionHandler.OnCompleteRemove;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.customrag.http.Faults;
import dev.customrag.identity.MailWriter.Written;
import dev.customrag.jobs.Backoff;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.mail.SMTPException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * Sends the mails that {@link Mails} wrote down, each until the SMTP server has taken it, says that it never will, or a
 * day is over. A mail may arrive twice, if the answer of the server is lost; then the link of the second is the one that
 * works.
 */
@ApplicationScoped
class MailDelivery {

    private static final Logger LOG = Logger.getLogger(MailDelivery.class);

    /** What became of one try. */
    private enum Outcome {
        SENT,
        /** There was nothing to say any more. */
        VOID,
        REJECTED,
        FAILED,
        GIVEN_UP
    }

    private final MailWriter writer;
    private final MailConfig config;
    private final Backoff backoff;
    private final MeterRegistry metrics;
    private final Clock clock;

    MailDelivery(MailWriter writer, MailConfig config, MeterRegistry metrics, Clock clock) {
        this.writer = writer;
        this.config = config;
        this.backoff = new Backoff(config.backoff(), config.maxBackoff());
        this.metrics = metrics;
        this.clock = clock;
    }

    Task<String> task() {
        return Tasks.custom(Mails.TASK).onFailure(this::afterFailure).execute((instance, context) -> {
            count(send(MailJob.of(instance.getData())));
            return new OnCompleteRemove<>();
        });
    }

    private Outcome send(MailJob job) {
        Optional<Written> written = writer.write(job);
        if (written.isEmpty()) {
            return Outcome.VOID;
        }
        Optional<String> recipient = Recipient.of(written.get().address());
        return recipient.isPresent() ? send(written.get(), recipient.get()) : Outcome.REJECTED;
    }

    private Outcome send(Written mail, String recipient) {
        // Made by a program, and so not to be answered by one: RFC 3834, section 5.
        var message = new io.quarkus.mailer.Mail().addHeader("Auto-Submitted", "auto-generated");
        try {
            mail.text()
                    .mail(message)
                    .to(recipient)
                    .subject(mail.subject())
                    .send()
                    .await()
                    .atMost(config.timeout());
            return Outcome.SENT;
        } catch (CompletionException e) {
            if (e.getCause() instanceof SMTPException reply && Recipient.isRejectedBy(reply)) {
                return Outcome.REJECTED;
            }
            throw e;
        }
    }

    private void afterFailure(ExecutionComplete complete, ExecutionOperations<String> job) {
        MailJob mail = MailJob.of((String) complete.getExecution().taskInstance.getData());
        int failures = complete.getExecution().consecutiveFailures + 1;
        Instant now = clock.instant();
        if (mail.at().plus(config.giveUpAfter()).isBefore(now)) {
            LOG.warnf(
                    "A mail (%s) could not be sent for %s and is dropped. %s",
                    mail.mail(), config.giveUpAfter(), cause(complete));
            count(Outcome.GIVEN_UP);
            job.remove();
            return;
        }
        if (failures == 1) {
            LOG.warnf("A mail (%s) could not be sent and will be tried again. %s", mail.mail(), cause(complete));
        }
        count(Outcome.FAILED);
        job.reschedule(complete, now.plus(backoff.after(failures)));
    }

    /** The server's words stay out of the log: they quote the address. */
    private static String cause(ExecutionComplete complete) {
        Throwable fault = complete.getCause().orElseThrow();
        return fault.getCause() instanceof SMTPException reply
                ? "The SMTP server said " + reply.getReplyCode() + "."
                : Faults.describe(fault);
    }

    private void count(Outcome outcome) {
        metrics.counter("identity.mails", "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
