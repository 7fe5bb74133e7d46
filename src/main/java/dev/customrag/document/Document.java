package dev.customrag.document;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * An uploaded file and how far its ingestion is.
 *
 * @param progress of the ingestion, from 0 to 1
 * @param passageCount how many passages can be found now
 * @param error what the person can do, null unless failed
 * @param readyAt when its passages were last complete, null while they are not
 */
record Document(
        UUID id,
        String filename,
        String mediaType,
        long sizeBytes,
        String sha256,
        Status status,
        float progress,
        int passageCount,
        String error,
        Instant createdAt,
        Instant readyAt) {

    /** The stages of ingestion. */
    enum Status {
        QUEUED,
        PARSING,
        EMBEDDING,
        READY,
        FAILED;

        /** As the table and the API write it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }
}
