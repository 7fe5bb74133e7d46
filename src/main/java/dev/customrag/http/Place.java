package dev.customrag.http;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A place in a list that can be ordered and filtered in several ways, or is not ordered by time: where the next page
 * begins. Opaque to clients. It stays good while rows come and go, but for the same order and filter only.
 *
 * @param keys what the list is ordered by, of the last row seen; without NUL, which PostgreSQL does not store either
 */
public record Place(List<String> keys) {

    private static final int NAME_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,100}(\\.\\d{1,100})?");

    /** The end of the year 9999, in microseconds: later times are none of ours. */
    private static final long LAST_MICROSECOND = 253_402_300_799_999_999L;

    /** A place after a row with these keys: texts, numbers, ids or times of microseconds, as PostgreSQL keeps them. */
    public static Place after(Object... keys) {
        return new Place(List.of(keys).stream()
                .map(key -> key instanceof Instant at
                        ? String.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, at))
                        : key.toString())
                .toList());
    }

    /**
     * Reads what {@link #encoded} wrote.
     *
     * @param list names the list with its order and filter
     * @throws Problem 400 if it is not one of ours, 422 if it is of another list, order or filter
     */
    static Place decode(String text, String list) {
        byte[] bytes = Place.<byte[]>orRefuse(() -> Base64.getUrlDecoder().decode(text));
        int end = bytes.length - CHECKSUM_BYTES;
        if (end < NAME_BYTES || ByteBuffer.wrap(bytes).getInt(end) != checksum(bytes, end)) {
            throw refusal();
        }
        if (!ByteBuffer.wrap(bytes, 0, NAME_BYTES).equals(ByteBuffer.wrap(name(list)))) {
            throw Problem.invalid("cursor", "belongs to another order or filter: start again without one");
        }
        String keys = new String(bytes, NAME_BYTES, end - NAME_BYTES, StandardCharsets.UTF_8);
        return new Place(List.of(keys.split("\0", -1)));
    }

    /** URL-safe text for {@code next_cursor}. */
    String encoded(String list) {
        byte[] of = String.join("\0", keys).getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(NAME_BYTES + of.length + CHECKSUM_BYTES);
        bytes.put(name(list)).put(of).putInt(checksum(bytes.array(), NAME_BYTES + of.length));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** A key that is text. */
    public String text(int key) {
        return orRefuse(() -> keys.get(key));
    }

    /** A key that is a number, 0 or more. */
    public long number(int key) {
        long number = orRefuse(() -> Long.parseLong(keys.get(key)));
        if (number < 0) {
            throw refusal();
        }
        return number;
    }

    /** A key that is a decimal number, 0 or more, written plainly. */
    public BigDecimal decimal(int key) {
        String text = text(key);
        // Others would be numbers too, some of which take a page each to write.
        if (!DECIMAL.matcher(text).matches()) {
            throw refusal();
        }
        return new BigDecimal(text);
    }

    /** A key that is an id. */
    public UUID id(int key) {
        return orRefuse(() -> UUID.fromString(keys.get(key)));
    }

    /** A key that is a time. */
    public Instant time(int key) {
        long micros = number(key);
        if (micros > LAST_MICROSECOND) {
            throw refusal();
        }
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static <T> T orRefuse(Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw refusal();
        }
    }

    private static Problem refusal() {
        return Problem.badRequest("bad-cursor", "The cursor is not valid. Start again without one.");
    }

    private static byte[] name(String list) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(list.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(NAME_BYTES).put(hash, 0, NAME_BYTES).array();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tells our own from any other text; forging one gains nothing. */
    private static int checksum(byte[] bytes, int end) {
        var crc = new CRC32();
        crc.update(bytes, 0, end);
        return (int) crc.getValue();
    }
}
