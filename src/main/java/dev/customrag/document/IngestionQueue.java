package dev.customrag.document;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import javax.sql.DataSource;

/** Where ingestions are asked for: the table of the job engine, written in the caller's transaction. */
@ApplicationScoped
class IngestionQueue {

    static final TaskDescriptor<String> TASK = TaskDescriptor.of("ingest-document", String.class);

    /** Task data is one string. Nothing here is worth Java serialization, or reflection in a native image. */
    static final Serializer TEXT = new Serializer() {

        @Override
        public byte[] serialize(Object data) {
            return data.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] serialized) {
            return type.cast(new String(serialized, StandardCharsets.UTF_8));
        }
    };

    /** There is work to do, once the transaction that says so is committed. */
    record Queued() {}

    private final SchedulerClient jobs;
    private final Clock clock;
    private final Event<Queued> queued;

    IngestionQueue(DataSource dataSource, Clock clock, Event<Queued> queued) {
        this.jobs = SchedulerClient.Builder.create(dataSource).serializer(TEXT).build();
        this.clock = clock;
        this.queued = queued;
    }

    /** Queues a run. To be called in the transaction that makes its document {@code queued}. */
    void add(IngestionRun run) {
        jobs.schedule(
                TASK.instance(run.id().toString()).data(run.data()).scheduledTo(clock.instant()),
                ScheduleOptions.WHEN_EXISTS_DO_NOTHING);
        queued.fire(new Queued());
    }
}
