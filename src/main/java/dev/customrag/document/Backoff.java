package dev.customrag.document;

import dev.customrag.model.ModelFailure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before something is tried again: doubling, bounded, and not all at the same time. */
@ApplicationScoped
class Backoff {

    private static final int MAX_DOUBLINGS = 30;

    private final DocumentsConfig.Ingestion config;

    Backoff(DocumentsConfig config) {
        this.config = config.ingestion();
    }

    /** Whether a model that failed so may do better later. */
    static boolean helps(ModelFailure failure) {
        return switch (failure.kind()) {
            case THROTTLED, TIMEOUT, UNAVAILABLE, NOT_SET_UP -> true;
            case UNKNOWN_MODEL, DENIED, REFUSED -> false;
        };
    }

    /** The wait after so many failures in a row: half of it fixed, half by chance. */
    Duration after(int failures) {
        long first = config.backoff().toMillis();
        long full = Math.min(
                first << Math.min(failures - 1, MAX_DOUBLINGS),
                config.maxBackoff().toMillis());
        return Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
    }
}
