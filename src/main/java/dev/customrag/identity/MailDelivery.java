package dev.customrag.identity;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import jakarta.enterprise.context.ApplicationScoped;

/** Sends the mails that {@link Mails} wrote down. */
@ApplicationScoped
class MailDelivery {

    Task<String> task() {
        return Tasks.oneTime(Mails.TASK).execute((mail, context) -> {});
    }
}
