package dev.customrag.document;

import dev.customrag.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** How much a person may keep. */
@ApplicationScoped
class Quota {

    private static final long MEGABYTE = 1024 * 1024;

    private final DocumentContents contents;
    private final DocumentsConfig.Quota config;

    Quota(DocumentContents contents, DocumentsConfig config) {
        this.contents = contents;
        this.config = config.quota();
    }

    /** What everybody may keep at most. */
    Usage most() {
        return new Usage(config.documents(), config.bytes().asLongValue());
    }

    /**
     * Whether there is room now, before anything is written for nothing; {@link #hold} decides.
     *
     * @throws Problem 413 if so many bytes more are too many, 422 if so many documents are
     */
    void check(UUID owner, long documents, long bytes) {
        check(contents.usage(owner), documents, bytes);
    }

    /**
     * Adds files to what a person keeps, one upload at a time in the whole installation.
     *
     * @param rows makes the rows, in the caller's transaction
     * @throws Problem as {@link #check(UUID, long, long)}; the transaction has to be rolled back
     */
    void hold(UUID owner, Runnable rows) {
        contents.lock(owner);
        Usage before = contents.usage(owner);
        rows.run();
        Usage after = contents.usage(owner);
        check(before, after.documents() - before.documents(), after.bytes() - before.bytes());
    }

    /** Whoever has too much, because the quota was larger once, may still do what does not make it more. */
    private void check(Usage now, long documents, long bytes) {
        Usage most = most();
        if (documents > 0 && now.documents() + documents > most.documents()) {
            throw new Problem(
                    422,
                    "quota-exceeded",
                    "Quota exceeded",
                    "You have %,d documents and may have %,d. Delete one that you do not need."
                            .formatted(now.documents(), most.documents()));
        }
        if (bytes > 0 && now.bytes() + bytes > most.bytes()) {
            throw new Problem(
                    413,
                    "quota-exceeded",
                    "Quota exceeded",
                    "Your documents take %s and may take %s; this would add %s. Delete one that you do not need."
                            .formatted(size(now.bytes()), size(most.bytes()), size(bytes)));
        }
    }

    private static String size(long bytes) {
        return bytes < MEGABYTE ? "%,d bytes".formatted(bytes) : "%,.1f MB".formatted((double) bytes / MEGABYTE);
    }
}
