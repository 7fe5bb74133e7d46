package dev.customrag.jobs;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** Where jobs are asked for: rows of the engine's tables, written in the caller's transaction. */
@ApplicationScoped
public class JobQueue {

    /** Task data is one string. Nothing here is worth Java serialization, or reflection in a native image. */
    public static final Serializer TEXT = new Serializer() {

        @Override
        public byte[] serialize(Object data) {
            return data.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] serialized) {
            return type.cast(new String(serialized, StandardCharsets.UTF_8));
        }
    };

    /** There is work to do in a lane, once the transaction that says so is committed. */
    record Queued(String table) {}

    private final Map<String, SchedulerClient> clients = new ConcurrentHashMap<>();
    private final DataSource dataSource;
    private final Clock clock;
    private final Event<Queued> queued;

    JobQueue(DataSource dataSource, Clock clock, Event<Queued> queued) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.queued = queued;
    }

    /**
     * Asks for a job to be done now, once the caller's transaction is committed. Does nothing if one of that task and id
     * waits already.
     *
     * @param table the {@link JobLane#table} of its lane
     */
    public void add(String table, TaskInstance<String> job) {
        addAt(table, job, clock.instant());
        queued.fire(new Queued(table));
    }

    /** The priority of the job that is next in a lane; empty if none waits. Along the index on the priority. */
    public OptionalInt nextPriority(String table) {
        String sql = "SELECT priority FROM " + table
                + " WHERE NOT picked AND execution_time <= ? ORDER BY priority DESC, execution_time LIMIT 1";
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("A queue could not be read", e);
        }
    }

    /** Asks for a job to be done at a time, unless it is taken back before; else as {@link #add}. */
    public void addAt(String table, TaskInstance<String> job, Instant time) {
        clientOf(table).schedule(job, time, ScheduleOptions.WHEN_EXISTS_DO_NOTHING);
    }

    /** Asks for a job that waits to be done now. Does nothing if there is none. */
    public void hurry(String table, TaskInstanceId job) {
        try {
            clientOf(table).reschedule(job, clock.instant());
            queued.fire(new Queued(table));
        } catch (TaskInstanceNotFoundException | TaskInstanceCurrentlyExecutingException e) {
            // It is over, or has begun.
        }
    }

    /**
     * Takes a job back that waits, once the caller's transaction is committed.
     *
     * @throws TaskInstanceException if it does not wait any more
     */
    public void cancel(String table, TaskInstanceId job) {
        clientOf(table).cancel(job);
    }

    private SchedulerClient clientOf(String table) {
        return clients.computeIfAbsent(table, this::client);
    }

    private SchedulerClient client(String table) {
        return SchedulerClient.Builder.create(dataSource)
                .tableName(table)
                .enablePriority()
                .serializer(TEXT)
                .build();
    }
}
