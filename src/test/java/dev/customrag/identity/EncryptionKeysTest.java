package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.testing.EncryptionKeyFile;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionKeysTest {

    private static final String KEY = "identity.encryption-key";
    private static final String PREVIOUS = "identity.previous-encryption-keys";

    @TempDir
    Path directory;

    @Test
    void productionDoesNotStartWithoutAKeyAndSaysHowToMakeOne() {
        assertThatThrownBy(() -> keys(Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("IDENTITY_ENCRYPTION_KEY_FILE")
                .hasMessageContaining("openssl rand -base64 32");
    }

    @Test
    void aKeyComesFromAFileOrAsText() throws IOException {
        String key = EncryptionKeyFile.key();
        Path file = Files.writeString(directory.resolve("key"), "  " + key + "\n");

        EncryptionKeys fromFile = keys(Map.of("identity.encryption-key-file", file.toString()));
        EncryptionKeys fromText = keys(Map.of(KEY, key));

        assertThat(fromFile.current()).isEqualTo(fromText.current());
        assertThat(fromFile.named(fromFile.current()).orElseThrow().getEncoded())
                .isEqualTo(Base64.getDecoder().decode(key));
        assertThat(fromFile.named(fromFile.current() + 1)).isEmpty();
        assertThat(fromFile.previous()).isEmpty();
    }

    @Test
    void previousKeysComeFromFilesAndAsText() {
        String key = EncryptionKeyFile.key();
        String first = EncryptionKeyFile.key();
        String second = EncryptionKeyFile.key();
        Path third = EncryptionKeyFile.write(directory.resolve("third"));

        EncryptionKeys keys = keys(Map.of(
                KEY,
                key,
                PREVIOUS,
                first + "," + second + "," + key,
                "identity.previous-encryption-key-files",
                third.toString()));

        assertThat(keys.previous()).hasSize(3).doesNotContain(keys.current()).allMatch(name -> keys.named(name)
                .isPresent());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 24, 31, 33, 64})
    void aKeyOfAnotherLengthIsRefused(int bytes) {
        byte[] key = new byte[bytes];
        new Random(bytes).nextBytes(key);
        refuses(Base64.getEncoder().encodeToString(key), bytes == 0 ? "" : bytes + " bytes instead of 32");
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1, -1, 'a'})
    void aKeyOfOneByteAllOverIsRefused(byte value) {
        byte[] key = new byte[32];
        Arrays.fill(key, value);
        refuses(Base64.getEncoder().encodeToString(key), "a key anybody would guess");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret-value", "secret value", "development:c2VjcmV0LXZhbHVl", "0123456789abcdef!"})
    void whatIsNoKeyIsRefusedWithoutBeingQuoted(String text) {
        for (String where : new String[] {KEY, PREVIOUS}) {
            var settings = where.equals(KEY) ? Map.of(KEY, text) : Map.of(KEY, EncryptionKeyFile.key(), PREVIOUS, text);
            assertThatThrownBy(() -> keys(settings))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith(where)
                    .hasMessageContaining("openssl rand")
                    .hasMessageNotContaining(text)
                    .hasNoCause();
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> keys(Map.of("identity.encryption-key-file", "/no/such/key")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("/no/such/key");
    }

    @Test
    void aDevelopersKeyOutlivesARestartIsTheirsAloneAndNoneForProduction() throws IOException {
        Path file = directory.resolve("data").resolve("development-encryption-key");

        byte[] key = EncryptionKeys.developers(file);

        assertThat(key).hasSize(32).isEqualTo(EncryptionKeys.developers(file));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> keys(Map.of("identity.encryption-key-file", file.toString())))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void testsGetAKeyOfTheirOwn() {
        var config = PasswordHasherTest.config(Map.of());

        assertThat(new EncryptionKeys(config, LaunchMode.TEST).current())
                .isNotEqualTo(new EncryptionKeys(config, LaunchMode.TEST).current());
    }

    private static void refuses(String key, String because) {
        assertThatThrownBy(() -> keys(Map.of(KEY, key)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(because)
                .hasMessageContaining("openssl rand");
    }

    static EncryptionKeys keys(Map<String, String> values) {
        return new EncryptionKeys(PasswordHasherTest.config(values), LaunchMode.NORMAL);
    }
}
