package dev.customrag.document;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Deletes objects that no row knows and no job will delete. There are none unless the database has forgotten something: a
 * backup was restored that is older than they are.
 */
@ApplicationScoped
class OrphanSweep {

    private static final Logger LOG = Logger.getLogger(OrphanSweep.class);

    private final ObjectStore store;
    private final DocumentObjects objects;
    private final Clock clock;
    private final DocumentsConfig.S3 config;

    OrphanSweep(ObjectStore store, DocumentObjects objects, Clock clock, DocumentsConfig config) {
        this.store = store;
        this.objects = objects;
        this.clock = clock;
        this.config = config.s3();
    }

    /**
     * Looks through the bucket once, if there is one.
     *
     * @param stopped whether to leave the rest for another time
     * @throws StorageUnavailable if it does not answer
     */
    void run(BooleanSupplier stopped) {
        if (!store.isConfigured()) {
            return;
        }
        Instant young = clock.instant().minus(config.orphanAge());
        int deleted = 0;
        Optional<String> from = Optional.empty();
        do {
            ObjectStore.Listing listing = store.list(from);
            for (ObjectStore.Listed orphan : unknown(listing, young)) {
                store.delete(orphan.location());
                deleted++;
            }
            from = listing.next();
        } while (from.isPresent() && !stopped.getAsBoolean());
        if (deleted > 0) {
            LOG.warn("Deleted objects that no document had: " + deleted);
        }
    }

    /** Looked up after they were listed, so that what is young enough to be unknown is also too young. */
    private List<ObjectStore.Listed> unknown(ObjectStore.Listing listing, Instant young) {
        List<ObjectStore.Listed> old = listing.objects().stream()
                .filter(object -> object.modified().isBefore(young))
                .toList();
        Set<UUID> known =
                objects.known(old.stream().map(ObjectStore.Listed::content).toList());
        return old.stream().filter(object -> !known.contains(object.content())).toList();
    }
}
