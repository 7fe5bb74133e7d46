package dev.customrag.identity;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What a program signs in with: {@code cra_}, 43 random digits of base 62, which are 256 bits, and 6 more with their
 * CRC-32. Made like GitHub's tokens: scanners of source code find a key by its prefix, and know by the checksum that it
 * is no accident; so do we, without asking the database.
 */
record KeyText(String value) {

    static final String PREFIX = "cra_";

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECKSUM_DIGITS = 6;
    private static final int HINT_LENGTH = PREFIX.length() + 4;
    private static final Pattern SHAPE =
            Pattern.compile(PREFIX + "[0-9A-Za-z]{" + (RANDOM_DIGITS + CHECKSUM_DIGITS) + "}");

    /** A key nobody has. */
    static KeyText random(SecureRandom source) {
        var random = new StringBuilder();
        for (int i = 0; i < RANDOM_DIGITS; i++) {
            random.append(DIGITS.charAt(source.nextInt(DIGITS.length())));
        }
        return new KeyText(PREFIX + random + checksum(random.toString()));
    }

    /** The key that a text is; empty if it cannot be one of ours. */
    static Optional<KeyText> read(String text) {
        if (!SHAPE.matcher(text).matches()) {
            return Optional.empty();
        }
        int end = PREFIX.length() + RANDOM_DIGITS;
        return text.substring(end).equals(checksum(text.substring(PREFIX.length(), end)))
                ? Optional.of(new KeyText(text))
                : Optional.empty();
    }

    /** What is stored of it: SHA-256, as for {@link RefreshToken#tokenHash}. */
    byte[] hash() {
        return Sha256.of(value);
    }

    /** Its first characters, for people to recognise it by: too few to be of help in guessing the rest. */
    String hint() {
        return value.substring(0, HINT_LENGTH);
    }

    /** Not the key: it might end up in a log. */
    @Override
    public String toString() {
        return hint() + "…";
    }

    private static String checksum(String random) {
        var crc = new CRC32();
        crc.update(random.getBytes(StandardCharsets.US_ASCII));
        var digits = new StringBuilder();
        for (long rest = crc.getValue(); digits.length() < CHECKSUM_DIGITS; rest /= DIGITS.length()) {
            digits.append(DIGITS.charAt((int) (rest % DIGITS.length())));
        }
        return digits.reverse().toString();
    }
}
