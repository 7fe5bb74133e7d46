package dev.customrag.document;

import dev.customrag.http.Faults;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of changed documents, whichever process changed them: a trigger on their table notifies, and one connection of
 * each process listens.
 */
@ApplicationScoped
class DocumentChanges {

    private static final Logger LOG = Logger.getLogger(DocumentChanges.class);

    /** Bounds how long a stop waits for the listener. */
    private static final int LISTEN_MILLIS = 500;

    private static final int RECONNECT_MILLIS = 1000;

    /** How long changes may go unheard because the connection is dead. */
    private static final Duration CHECK_EVERY = Duration.ofSeconds(30);

    private static final int CHECK_SECONDS = 5;

    /** What a slow client may be behind. Beyond that its stream breaks off, and it starts again from the present. */
    private static final int BUFFERED = 1000;

    private final DataSource dataSource;
    private final Documents documents;
    private final ExecutorService loading = Executors.newVirtualThreadPerTaskExecutor();
    private volatile BroadcastProcessor<Change> changes = BroadcastProcessor.create();
    private final Thread listener = Thread.ofVirtual().name("document-changes").unstarted(this::listenAlways);
    private volatile boolean stopping;

    DocumentChanges(DataSource dataSource, Documents documents) {
        this.dataSource = dataSource;
        this.documents = documents;
    }

    private record Change(UUID owner, UUID document) {

        static Change of(String payload) {
            int slash = payload.indexOf('/');
            return new Change(
                    UUID.fromString(payload.substring(0, slash)), UUID.fromString(payload.substring(slash + 1)));
        }
    }

    /**
     * The owner's documents that are in work, then each as it changes. Completes when changes may have been missed: ask
     * for the list, and listen again.
     */
    Multi<Document> of(UUID owner) {
        Multi<Change> all = Multi.createFrom().item(new Change(owner, null));
        Multi<Change> theirs = changes.select()
                .where(change -> change.owner().equals(owner))
                .onOverflow()
                .buffer(BUFFERED)
                .onCompletion()
                .failWith(MissedChanges::new);
        // Loaded one after the other, so that what is sent last is what is there.
        return Multi.createBy()
                .merging()
                .streams(theirs, all)
                .emitOn(loading)
                .onItem()
                .transformToIterable(this::load)
                .onFailure(MissedChanges.class)
                .recoverWithCompletion();
    }

    private static final class MissedChanges extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private List<Document> load(Change change) {
        return change.document() == null
                ? documents.inWork(change.owner())
                : documents.find(change.owner(), change.document()).stream().toList();
    }

    void start(@Observes StartupEvent event) {
        listener.start();
    }

    /** Requests are waited for before the rest stops, and a stream would be one for minutes. New ones end at once. */
    void endStreams(@Observes ShutdownDelayInitiatedEvent event) {
        endStreams();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        endStreams();
        loading.shutdown();
        listener.join(Duration.ofMillis(2 * LISTEN_MILLIS));
    }

    private synchronized void startStreamsAnew() {
        if (!stopping) {
            BroadcastProcessor<Change> ended = changes;
            changes = BroadcastProcessor.create();
            ended.onComplete();
        }
    }

    private synchronized void endStreams() {
        stopping = true;
        changes.onComplete();
    }

    private void listenAlways() {
        while (!stopping) {
            try {
                listen();
            } catch (SQLException | RuntimeException | Error e) {
                // An error too, such as a lack of memory that passes: nobody would hear of changes any more.
                if (stopping) {
                    return;
                }
                LOG.warn("Changes of documents are not heard of: " + Faults.describe(e));
                startStreamsAnew();
                pause();
            }
        }
    }

    private void listen() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            try {
                hear(connection);
            } finally {
                stopListening(connection);
            }
        }
    }

    private void hear(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN document");
        }
        // Streams that began while nobody listened may have missed changes.
        startStreamsAnew();
        var listening = connection.unwrap(PGConnection.class);
        long checked = System.nanoTime();
        while (!stopping) {
            PGNotification[] heard = listening.getNotifications(LISTEN_MILLIS);
            for (PGNotification notification : heard == null ? new PGNotification[0] : heard) {
                changes.onNext(Change.of(notification.getParameter()));
            }
            // Silence is no sign: a connection whose other end is gone without a word stays silent for ever.
            if (System.nanoTime() - checked > CHECK_EVERY.toNanos()) {
                if (!connection.isValid(CHECK_SECONDS)) {
                    throw new SQLTransientConnectionException("The database does not answer");
                }
                checked = System.nanoTime();
            }
        }
    }

    /** Back in the pool, a connection that listens would collect notifications that nobody fetches. */
    private static void stopListening(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("UNLISTEN document");
        } catch (SQLException e) {
            connection.abort(Runnable::run);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RECONNECT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
