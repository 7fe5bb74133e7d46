package dev.customrag.chat;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.customrag.http.Faults;
import dev.customrag.jobs.JobLane;
import dev.customrag.jobs.Rounds;
import dev.customrag.tenancy.DatabaseAway;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Ends answers whose process died before they were over. */
@ApplicationScoped
class ChatJobs implements JobLane {

    private static final Logger LOG = Logger.getLogger(ChatJobs.class);

    private static final TaskDescriptor<String> SWEEP = TaskDescriptor.of("end-abandoned-answers", String.class);

    private static final Duration PAUSE = Duration.ofSeconds(20);

    private final RunningAnswers running;
    private final StoredSessions sessions;

    ChatJobs(RunningAnswers running, StoredSessions sessions) {
        this.running = running;
        this.sessions = sessions;
    }

    @Override
    public String table() {
        return "chat_tasks";
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public List<Task<?>> tasks() {
        return List.of(Rounds.every(
                PAUSE,
                SWEEP,
                e -> LOG.error("Abandoned answers could not be ended: " + Faults.describe(e)),
                this::sweep));
    }

    /** Ends those there are. */
    void sweep(BooleanSupplier stopping) {
        try {
            for (RunningAnswers.Abandoned abandoned : running.abandoned()) {
                if (stopping.getAsBoolean()) {
                    return;
                }
                end(abandoned);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Abandoned answers could not be read", e);
        }
    }

    /** One that cannot be ended keeps none behind it from its end. */
    private void end(RunningAnswers.Abandoned abandoned) {
        try {
            sessions.endAbandoned(abandoned.owner(), abandoned.session(), abandoned.answer());
        } catch (RuntimeException e) {
            if (DatabaseAway.isBehind(e)) {
                throw e;
            }
            LOG.error("An abandoned answer could not be ended: " + Faults.describe(e));
        }
    }
}
