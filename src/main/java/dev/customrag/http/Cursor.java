package dev.customrag.http;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * A place in a list ordered by time, then id: where the next page begins. Opaque to clients, and good for ever: rows
 * added or removed in between neither repeat nor skip others.
 *
 * @param at the time of the last row seen, in microseconds as PostgreSQL keeps them
 * @param id the id of the last row seen
 */
public record Cursor(Instant at, UUID id) {

    private static final int BYTES = 8 + 4 + 16;

    /** The end of the year 9999: later instants are none of ours, and the latest would be beyond what PostgreSQL keeps. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /**
     * Reads what {@link #encoded} wrote.
     *
     * @throws Problem 400 if it is not one of ours
     */
    public static Cursor decode(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length == BYTES) {
                var buffer = ByteBuffer.wrap(bytes);
                long seconds = buffer.getLong();
                int nanos = buffer.getInt();
                if (seconds >= 0 && seconds <= LAST_SECOND && nanos >= 0 && nanos < 1_000_000_000) {
                    var at = Instant.ofEpochSecond(seconds, nanos);
                    return new Cursor(at, new UUID(buffer.getLong(), buffer.getLong()));
                }
            }
        } catch (IllegalArgumentException e) {
            // falls through: one answer for every kind of damage
        }
        throw Problem.badRequest("bad-cursor", "The cursor is not valid. Start again without one.");
    }

    /** URL-safe text for {@code next_cursor}. */
    public String encoded() {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .putLong(at.getEpochSecond())
                .putInt(at.getNano())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
