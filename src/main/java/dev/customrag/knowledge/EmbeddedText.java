package dev.customrag.knowledge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * What the vector of a passage is made from.
 *
 * @param text for the embedding model
 */
public record EmbeddedText(String text) {

    /** Of a passage below a heading, or null: a part further down its section says too little without it. */
    public static EmbeddedText of(String heading, String text) {
        return new EmbeddedText(heading == null || text.startsWith(heading) ? text : heading + "\n\n" + text);
    }

    /** Tells texts apart: half of SHA-256, in the type that is smallest in an index. */
    public UUID digest() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            ByteBuffer half = ByteBuffer.wrap(hash);
            return new UUID(half.getLong(), half.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has it", e);
        }
    }
}
