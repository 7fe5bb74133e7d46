package dev.customrag.document;

import dev.customrag.http.Faults;
import dev.customrag.jobs.Backoff;
import dev.customrag.tenancy.DatabaseAway;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** How work on documents waits: between two tries, and for a database that is away. It ends when this process stops. */
@ApplicationScoped
class Patience {

    private static final Logger LOG = Logger.getLogger(Patience.class);

    /** Tries of one statement or transaction that breaks off with its connection. */
    private static final int STATEMENT_TRIES = 5;

    /** A restart takes seconds, a failover a minute. */
    private static final Duration LONGEST_WAIT_FOR_THE_DATABASE = Duration.ofSeconds(5);

    private final RunWatch watch;
    private final Backoff backoff;
    private final CountDownLatch stopping = new CountDownLatch(1);

    Patience(RunWatch watch, DocumentsConfig config) {
        this.watch = watch;
        this.backoff = new Backoff(config.ingestion().backoff(), LONGEST_WAIT_FOR_THE_DATABASE);
    }

    /** Lets go of all work under way: it breaks off at its next wait. */
    void stop() {
        stopping.countDown();
    }

    /**
     * Waits, which is a sign of life.
     *
     * @throws InterruptedException if this process stops
     */
    void pause(Duration time) throws InterruptedException {
        watch.signOfLife();
        if (stopping.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException();
        }
    }

    /**
     * Does it again as long as the database is away: that says nothing about a document, and what is embedded already
     * need not be embedded again. Not for ever if it is this that ends the connection each time.
     *
     * @throws InterruptedException if this process stops
     */
    <T> T outlasting(Supplier<T> call) throws InterruptedException {
        int broken = 0;
        for (int failures = 1; ; failures++) {
            try {
                return call.get();
            } catch (RuntimeException e) {
                if (!DatabaseAway.isUnreachable(e) && (!DatabaseAway.isBehind(e) || ++broken == STATEMENT_TRIES)) {
                    throw e;
                }
                LOG.warn("Work on a document waits for the database: " + Faults.describe(e));
            }
            pause(backoff.after(failures));
        }
    }

    /** As {@link #outlasting(Supplier)}. */
    void outlasting(Runnable call) throws InterruptedException {
        outlasting(() -> {
            call.run();
            return null;
        });
    }
}
