package dev.customrag.document;

import dev.customrag.http.Problem;
import jakarta.ws.rs.core.HttpHeaders;

/** The bucket does not answer, or refuses: 503. It may pass. */
final class StorageUnavailable extends Problem {

    private static final long serialVersionUID = 1L;

    private static final String SECONDS = "30";

    StorageUnavailable() {
        super(
                503,
                "storage-unavailable",
                "Storage unavailable",
                "Files cannot be stored or fetched right now. Try again in a while.");
        header(HttpHeaders.RETRY_AFTER, SECONDS);
    }
}
