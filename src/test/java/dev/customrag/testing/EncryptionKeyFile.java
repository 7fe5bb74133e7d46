package dev.customrag.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A key for the secrets of a packaged service, which makes none for itself. */
public final class EncryptionKeyFile {

    private EncryptionKeyFile() {}

    /** Writes a new key as openssl would, and gives the file. */
    public static Path write(Path file) {
        try {
            return Files.writeString(file, key() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new key as it is configured. */
    public static String key() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
