package dev.customrag.jobs;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Jobs that are done now and again, one round at a time in the whole installation. */
public final class Rounds {

    private Rounds() {}

    /**
     * A job that is done anew so long after its last round. A round that fails keeps none from coming.
     *
     * @param failed told why a round failed, where that is known
     * @param round does it; given whether this process stops and the rest is for the next round
     */
    public static Task<String> every(
            Duration pause, TaskDescriptor<String> job, Consumer<Throwable> failed, Consumer<BooleanSupplier> round) {
        FixedDelay rounds = FixedDelay.of(pause);
        return Tasks.recurring(job, rounds)
                .initialData("")
                .onFailure((complete, next) -> {
                    complete.getCause().ifPresent(failed);
                    next.reschedule(complete, rounds.getNextExecutionTime(complete));
                })
                .execute((instance, context) -> round.accept(context.getSchedulerState()::isShuttingDown));
    }
}
