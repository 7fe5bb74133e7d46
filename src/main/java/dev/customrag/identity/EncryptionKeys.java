package dev.customrag.identity;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The AES-256 keys behind secrets in the database: one encrypts, and it and any number of others decrypt, so that a key
 * can be replaced while the one before is still needed. A key is named by the first bytes of its SHA-256: they say which
 * key it takes, and nothing about it. Read early in the start, beside {@link SigningKeys}.
 */
@Startup(1)
@ApplicationScoped
class EncryptionKeys {

    /** Bytes of a key's name. */
    static final int NAME_BYTES = Long.BYTES;

    private static final int KEY_BYTES = 32;

    private static final String HOW_TO_MAKE_ONE = "Make one with: openssl rand -base64 32 > encryption-key"
            + " and set IDENTITY_ENCRYPTION_KEY_FILE to its path, or IDENTITY_ENCRYPTION_KEY to its text.";

    /** No Base64: a developer's key that finds its way into production is refused there. */
    private static final String DEVELOPMENT = "development:";

    private final long current;
    private final Map<Long, SecretKey> keys = new LinkedHashMap<>();

    @Inject
    EncryptionKeys(IdentityConfig config) {
        this(config, LaunchMode.current());
    }

    EncryptionKeys(IdentityConfig config, LaunchMode mode) {
        current = add(configured(config).orElseGet(() -> generated(mode)));
        Stream.concat(
                        config.previousEncryptionKeys().stream()
                                .flatMap(List::stream)
                                .map(text -> decoded(text, "identity.previous-encryption-keys")),
                        config.previousEncryptionKeyFiles().stream()
                                .flatMap(List::stream)
                                .map(file -> decoded(file, "identity.previous-encryption-key-files")))
                .forEach(this::add);
    }

    /** The name of the key that encrypts. */
    long current() {
        return current;
    }

    /** The key of that name, if it is configured. */
    Optional<SecretKey> named(long name) {
        return Optional.ofNullable(keys.get(name));
    }

    /** The names of the keys that only decrypt. */
    Set<Long> previous() {
        return keys.keySet().stream().filter(name -> name != current).collect(Collectors.toSet());
    }

    private long add(byte[] key) {
        long name = ByteBuffer.wrap(Sha256.of(key)).getLong();
        keys.put(name, new SecretKeySpec(key, "AES"));
        return name;
    }

    private static Optional<byte[]> configured(IdentityConfig config) {
        return config.encryptionKey()
                .map(text -> decoded(text, "identity.encryption-key"))
                .or(() -> config.encryptionKeyFile().map(file -> decoded(file, "identity.encryption-key-file")));
    }

    private static byte[] generated(LaunchMode mode) {
        return switch (mode) {
            case NORMAL, RUN -> throw new ConfigurationException("No key to encrypt secrets with. " + HOW_TO_MAKE_ONE);
            case DEVELOPMENT -> developers(DevelopmentKey.file("development-encryption-key"));
            case TEST -> random();
        };
    }

    /** The key of a developer's machine. */
    static byte[] developers(Path file) {
        String text = DevelopmentKey.keptOrNew(
                file, () -> DEVELOPMENT + Base64.getEncoder().encodeToString(random()));
        return decoded(text.replace(DEVELOPMENT, ""), file.toString());
    }

    private static byte[] decoded(Path file, String source) {
        try {
            return decoded(Files.readString(file), source);
        } catch (IOException e) {
            throw new ConfigurationException(
                    source + " cannot be read as a text file: " + file + ". " + HOW_TO_MAKE_ONE);
        }
    }

    private static byte[] decoded(String text, String source) {
        byte[] key = bytes(text, source);
        if (key.length != KEY_BYTES) {
            throw new ConfigurationException(
                    source + ": a key of " + key.length + " bytes instead of " + KEY_BYTES + ". " + HOW_TO_MAKE_ONE);
        }
        if (Arrays.mismatch(key, 1, KEY_BYTES, key, 0, KEY_BYTES - 1) < 0) {
            throw new ConfigurationException(source + ": a key anybody would guess. " + HOW_TO_MAKE_ONE);
        }
        return key;
    }

    private static byte[] bytes(String text, String source) {
        try {
            return Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            // The cause quotes the key.
            throw new ConfigurationException(source + " is not Base64. " + HOW_TO_MAKE_ONE);
        }
    }

    private static byte[] random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }
}
