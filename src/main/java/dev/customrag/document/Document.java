package dev.customrag.document;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * An uploaded file and how far its ingestion is.
 *
 * @param progress of the ingestion, from 0 to 1
 * @param pageCount null where the format has no pages, or they are not counted yet
 * @param pagesWithoutText pages on which nothing can be read, from 1, in order
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
        Integer pageCount,
        List<Integer> pagesWithoutText,
        int passageCount,
        String error,
        Instant createdAt,
        Instant updatedAt,
        Instant readyAt) {

    /** What the person should know though the document is ready; null if there is nothing. */
    String warning() {
        if (status != Status.READY || pagesWithoutText.isEmpty()) {
            return null;
        }
        boolean one = pagesWithoutText.size() == 1;
        return "%s %s %s no readable text, so that nothing on %s can be found. "
                        .formatted(
                                one ? "Page" : "Pages",
                                PageRanges.inWords(pagesWithoutText),
                                one ? "holds" : "hold",
                                one ? "it" : "them")
                + "If %s scanned, run text recognition (OCR) on the file and upload the result."
                        .formatted(one ? "it is" : "they are");
    }

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

        /** Whether nothing happens to it any more by itself. */
        boolean isFinal() {
            return this == READY || this == FAILED;
        }

        static Status of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }
}
