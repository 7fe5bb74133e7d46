package dev.customrag.knowledge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * What the vector of a passage is made from.
 *
 * @param digest tells texts apart: half of SHA-256, in the type that is smallest in an index
 * @param text for the embedding model
 */
public record EmbeddedText(UUID digest, String text) {

    /** Of a passage below a heading, or null: a part further down its section says too little without it. */
    public static EmbeddedText of(String heading, String text) {
        String embedded = embedded(heading, text);
        return new EmbeddedText(digest(embedded), embedded);
    }

    /** Of a passage that is indexed under this digest, by whatever rule it was made. */
    static EmbeddedText stored(UUID digest, String heading, String text) {
        return new EmbeddedText(digest, embedded(heading, text));
    }

    private static String embedded(String heading, String text) {
        return heading == null || text.startsWith(heading) ? text : heading + "\n\n" + text;
    }

    private static UUID digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            ByteBuffer half = ByteBuffer.wrap(hash);
            return new UUID(half.getLong(), half.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has it", e);
        }
    }
}
