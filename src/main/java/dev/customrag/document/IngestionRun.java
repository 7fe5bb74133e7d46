package dev.customrag.document;

import java.util.UUID;

/**
 * One ingestion of one document, with however many tries it takes.
 *
 * @param id names this run; a later one of the same document has another
 */
record IngestionRun(UUID id, UUID owner, UUID document) {

    /** What the job engine keeps beside the id. */
    String data() {
        return owner + "/" + document;
    }

    static IngestionRun of(String id, String data) {
        int slash = data.indexOf('/');
        return new IngestionRun(
                UUID.fromString(id),
                UUID.fromString(data.substring(0, slash)),
                UUID.fromString(data.substring(slash + 1)));
    }
}
