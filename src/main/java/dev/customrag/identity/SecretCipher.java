package dev.customrag.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts what has to be read back and must be of no use to who steals the table: AES-256-GCM (NIST SP 800-38D), bound to
 * one person, so that nobody's secret works in another's row. What it writes is the name of the key, the nonce, the
 * ciphertext with its tag.
 */
@ApplicationScoped
class SecretCipher {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final EncryptionKeys keys;
    private final SecureRandom random = new SecureRandom();

    SecretCipher(EncryptionKeys keys) {
        this.keys = keys;
    }

    byte[] encrypt(byte[] secret, UUID userId) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        SecretKey key = keys.named(keys.current()).orElseThrow();
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, key, nonce, userId).doFinal(secret);
            return ByteBuffer.allocate(EncryptionKeys.NAME_BYTES + NONCE_BYTES + encrypted.length)
                    .putLong(keys.current())
                    .put(nonce)
                    .put(encrypted)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot encrypt", e);
        }
    }

    /** The secret; empty if its key is not configured, or if it was altered or encrypted for somebody else. */
    Optional<byte[]> decrypt(byte[] stored, UUID userId) {
        var buffer = ByteBuffer.wrap(stored);
        byte[] nonce = new byte[NONCE_BYTES];
        try {
            Optional<SecretKey> key = keys.named(buffer.getLong());
            if (key.isEmpty()) {
                return Optional.empty();
            }
            buffer.get(nonce);
            byte[] encrypted = new byte[buffer.remaining()];
            buffer.get(encrypted);
            return Optional.of(
                    cipher(Cipher.DECRYPT_MODE, key.get(), nonce, userId).doFinal(encrypted));
        } catch (AEADBadTagException | BufferUnderflowException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot decrypt", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, UUID userId) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(userId.getMostSignificantBits())
                .putLong(userId.getLeastSignificantBits())
                .array());
        return cipher;
    }
}
