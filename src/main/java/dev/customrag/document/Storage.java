package dev.customrag.document;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.customrag.http.Faults;
import dev.customrag.jobs.JobQueue;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.time.Clock;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Where the bytes of files are kept: brings them there together with the rows that know them, and gives them back.
 *
 * <p>No transaction spans the database and a bucket. So the deletion of an object is a job before the object is written;
 * the transaction that makes the rows takes the job back, and the deletion of the rows, whatever does it, is a trigger that
 * adds it again. An object that no row knows has a job at any time.
 */
@ApplicationScoped
class Storage {

    private static final Logger LOG = Logger.getLogger(Storage.class);

    /** For 200 MB and a slow disk. */
    private static final int WRITING_TIMEOUT_SECONDS = 600;

    private final DocumentChunks chunks;
    private final ObjectStore store;
    private final DocumentObjects objects;
    private final JobQueue jobs;
    private final Clock clock;
    private final DocumentsConfig.S3 config;

    Storage(
            DocumentChunks chunks,
            ObjectStore store,
            DocumentObjects objects,
            JobQueue jobs,
            Clock clock,
            DocumentsConfig config) {
        this.chunks = chunks;
        this.store = store;
        this.objects = objects;
        this.jobs = jobs;
        this.clock = clock;
        this.config = config.s3();
    }

    /**
     * Keeps a file, and makes the rows that know it, both or neither.
     *
     * @param rows makes them in the transaction it is called in, or throws what is thrown here, too
     * @throws StorageUnavailable if the file has to go to a bucket that does not take it
     */
    void keep(UUID owner, NewFile file, Runnable rows) {
        if (store.isChosen()) {
            keepAsObject(file, rows);
        } else {
            keepInDatabase(owner, file, rows);
        }
    }

    private void keepInDatabase(UUID owner, NewFile file, Runnable rows) {
        QuarkusTransaction.requiringNew().timeout(WRITING_TIMEOUT_SECONDS).call(() -> {
            chunks.write(owner, file.id(), file.path());
            rows.run();
            return null;
        });
    }

    private void keepAsObject(NewFile file, Runnable rows) {
        ObjectLocation location = store.locationOf(file.id());
        TaskInstance<String> deletion = StorageJobs.deletion(file.id(), location);
        jobs.addAt(StorageJobs.TABLE, deletion, clock.instant().plus(config.abandonedAfter()));
        boolean kept = false;
        try {
            store.put(location, file.path(), file.content());
            QuarkusTransaction.requiringNew().run(() -> {
                rows.run();
                objects.insert(file.id(), location);
                jobs.cancel(StorageJobs.TABLE, deletion);
            });
            kept = true;
        } finally {
            if (!kept) {
                deleteNow(deletion);
            }
        }
    }

    private void deleteNow(TaskInstance<String> deletion) {
        try {
            jobs.hurry(StorageJobs.TABLE, deletion);
        } catch (RuntimeException e) {
            LOG.warn("An object that is not needed stays for a while: " + Faults.describe(e));
        }
    }

    /**
     * The bytes, to be closed. Reading them ends with an exception, such as {@link ContentGone}, if they are deleted.
     *
     * @throws ContentMissing if they are not where they should be
     * @throws StorageUnavailable if they are in a bucket that cannot be read, now or later
     */
    InputStream open(UUID owner, StoredFile file) {
        return objects.find(file.id()).map(store::open).orElseGet(() -> chunks.open(owner, file));
    }
}
