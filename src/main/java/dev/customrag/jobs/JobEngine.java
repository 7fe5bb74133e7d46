package dev.customrag.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import dev.customrag.jobs.JobQueue.Queued;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.interceptor.Interceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Runs the jobs of all lanes on this process: docs/decisions/0003-job-engine.md. A row stands for each until it is over; a
 * process that dies stops sending signs of life, and another one, or the same after a restart, finds the row.
 */
@ApplicationScoped
class JobEngine {

    private static final int MISSED_HEARTBEATS = 6;

    /** More is asked for once half of the workers are free; nobody takes more than it has workers. */
    private static final double FETCH_BELOW = 0.5;

    private static final double FETCH_UP_TO = 1;

    private final Map<String, Scheduler> schedulers;

    JobEngine(@All List<JobLane> lanes, JobsConfig config, DataSource dataSource) {
        schedulers =
                lanes.stream().collect(Collectors.toMap(JobLane::table, lane -> scheduler(lane, config, dataSource)));
    }

    void start(@Observes StartupEvent event) {
        schedulers.values().forEach(Scheduler::start);
    }

    /** Before running jobs are broken off: what they hand on is for other processes. */
    void takeNoMore(@Observes @Priority(Interceptor.Priority.APPLICATION - 1) ShutdownDelayInitiatedEvent event) {
        schedulers.values().forEach(Scheduler::pause);
    }

    void stop(@Observes ShutdownEvent event) {
        schedulers.values().parallelStream().forEach(Scheduler::stop);
    }

    /** What this process queued it need not wait for. */
    void wakeUp(@Observes(during = TransactionPhase.AFTER_SUCCESS) Queued queued) {
        schedulers.get(queued.table()).triggerCheckForDueExecutions();
    }

    private static Scheduler scheduler(JobLane lane, JobsConfig config, DataSource dataSource) {
        List<Task<?>> onDemand = new ArrayList<>();
        List<RecurringTask<?>> recurring = new ArrayList<>();
        for (Task<?> task : lane.tasks()) {
            if (task instanceof RecurringTask<?> one) {
                recurring.add(one);
            } else {
                onDemand.add(task);
            }
        }
        return Scheduler.create(dataSource, onDemand)
                .startTasks(recurring)
                .tableName(lane.table())
                .serializer(JobQueue.TEXT)
                .threads(lane.workers())
                .enablePriority()
                .pollingInterval(config.pollInterval())
                .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
                .heartbeatInterval(config.heartbeat())
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .shutdownMaxWait(config.shutdownWait())
                // Its log would carry the messages of exceptions.
                .failureLogging(LogLevel.OFF, false)
                .build();
    }
}
