package dev.customrag.document;

import dev.customrag.document.DocumentNews.Item;
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
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of changed documents, whichever process changed them: triggers on their tables notify, and one connection of each
 * process listens. What is heard only says that it is time to look; {@link DocumentNews} finds what is new.
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

    /** What the triggers write. */
    private static final Pattern PAYLOAD = Pattern.compile("(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})/.*");

    private final DataSource dataSource;
    private final Documents documents;
    private final Clock clock;
    private final Duration lookEvery;
    private final ExecutorService looking = Executors.newVirtualThreadPerTaskExecutor();
    private final BroadcastProcessor<Change> changes = BroadcastProcessor.create();
    private final Thread listener = Thread.ofVirtual().name("document-changes").unstarted(this::listenAlways);
    private volatile boolean stopping;

    DocumentChanges(DataSource dataSource, Documents documents, Clock clock, DocumentsConfig config) {
        this.dataSource = dataSource;
        this.documents = documents;
        this.clock = clock;
        this.lookEvery = config.events().signOfLife();
    }

    /** @param owner null if it may concern everybody */
    private record Change(UUID owner) {

        /** Whoever has a login can notify anything; then it may have been a change of anybody's. */
        static Change of(String payload) {
            Matcher parts = PAYLOAD.matcher(payload);
            return new Change(parts.matches() ? UUID.fromString(parts.group(1)) : null);
        }

        boolean concerns(UUID person) {
            return owner == null || owner.equals(person);
        }
    }

    /**
     * What happens to the owner's documents: those in work, or all that changed since {@code from}, then each change. Has an
     * item now and again even if there is nothing new. Ends when this process is to stop.
     */
    Multi<Item> of(UUID owner, Optional<ChangePosition> from) {
        var news = new DocumentNews(documents, owner, clock, from);
        Multi<Boolean> heard = changes.select()
                .where(change -> change.concerns(owner))
                .map(change -> true)
                .onOverflow()
                .dropPreviousItems()
                .onCompletion()
                .failWith(Stopped::new);
        Multi<Boolean> timed =
                Multi.createFrom().ticks().every(lookEvery).onOverflow().drop().map(tick -> true);
        // However often it is time while a look is taken, one more look finds everything.
        return Multi.createBy()
                .merging()
                .streams(heard, timed)
                .onOverflow()
                .dropPreviousItems()
                .emitOn(looking, 1)
                .onItem()
                .transformToIterable(time -> news.look())
                .onFailure(Stopped.class)
                .recoverWithCompletion();
    }

    private static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1L;
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
        looking.shutdown();
        listener.join(Duration.ofMillis(2 * LISTEN_MILLIS));
    }

    private void endStreams() {
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
        // Changes while nobody listened.
        changes.onNext(new Change(null));
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
