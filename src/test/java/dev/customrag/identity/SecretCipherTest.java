package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.http.Ids;
import dev.customrag.testing.EncryptionKeyFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SecretCipherTest {

    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    private final UUID alice = Ids.next();
    private final String key = EncryptionKeyFile.key();
    private final EncryptionKeys keys = EncryptionKeysTest.keys(Map.of("identity.encryption-key", key));
    private final SecretCipher cipher = new SecretCipher(keys);

    @Test
    void aSecretComesBackForItsOwnerAlone() {
        byte[] stored = cipher.encrypt(SECRET, alice);

        assertThat(cipher.decrypt(stored, alice)).hasValue(SECRET);
        assertThat(cipher.decrypt(stored, Ids.next())).isEmpty();
    }

    @Test
    void theNameOfTheKeyStandsBeforeAFreshNonce() {
        byte[] first = cipher.encrypt(SECRET, alice);
        byte[] second = cipher.encrypt(SECRET, alice);

        assertThat(ByteBuffer.wrap(first).getLong()).isEqualTo(keys.current());
        assertThat(first).hasSize(8 + 12 + SECRET.length + 16);
        assertThat(Arrays.copyOfRange(first, 8, 20)).isNotEqualTo(Arrays.copyOfRange(second, 8, 20));
        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("12345678901234567890");
    }

    @Test
    void whatWasAlteredIsNotBelieved() {
        byte[] stored = cipher.encrypt(SECRET, alice);

        for (int i = 0; i < stored.length; i++) {
            byte[] altered = stored.clone();
            altered[i] ^= 1;
            assertThat(cipher.decrypt(altered, alice)).isEmpty();
            assertThat(cipher.decrypt(Arrays.copyOf(stored, i), alice)).isEmpty();
        }
    }

    @Test
    void aPreviousKeyStillDecryptsAndAForgottenOneDoesNot() {
        byte[] stored = cipher.encrypt(SECRET, alice);
        String next = EncryptionKeyFile.key();

        var rotated = new SecretCipher(EncryptionKeysTest.keys(
                Map.of("identity.encryption-key", next, "identity.previous-encryption-keys", key)));
        var forgetful = new SecretCipher(EncryptionKeysTest.keys(Map.of("identity.encryption-key", next)));

        assertThat(rotated.decrypt(stored, alice)).hasValue(SECRET);
        assertThat(forgetful.decrypt(stored, alice)).isEmpty();
        assertThat(forgetful.decrypt(rotated.encrypt(SECRET, alice), alice)).hasValue(SECRET);
    }
}
