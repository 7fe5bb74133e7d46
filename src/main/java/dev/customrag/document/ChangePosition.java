package dev.customrag.document;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far somebody has heard of changes, as the id of an event: of all that committed before a transaction.
 *
 * @param transaction its number, PostgreSQL's {@code xid8}
 * @param at when that was, in seconds
 */
record ChangePosition(long transaction, Instant at) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,11})");

    /** Reads what {@link #id} wrote; empty if it is none of ours. */
    static Optional<ChangePosition> of(String id) {
        Matcher parts = FORM.matcher(id == null ? "" : id);
        return parts.matches()
                ? Optional.of(new ChangePosition(
                        Long.parseLong(parts.group(1)), Instant.ofEpochSecond(Long.parseLong(parts.group(2)))))
                : Optional.empty();
    }

    /** For {@code Last-Event-ID}. */
    String id() {
        return transaction + "-" + at.getEpochSecond();
    }
}
