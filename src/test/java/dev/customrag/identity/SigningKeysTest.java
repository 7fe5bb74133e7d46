package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeysTest {

    @TempDir
    Path directory;

    @Test
    void productionDoesNotStartWithoutAKeyAndSaysHowToMakeOne() {
        assertThatThrownBy(() -> keys(Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("IDENTITY_SIGNING_KEY_FILE")
                .hasMessageContaining("openssl genpkey -algorithm RSA");
    }

    @Test
    void aKeyComesFromAFileOrAsText() throws IOException {
        String pem = PrivateKeyPem.encode(PrivateKeyPem.generate(2048));
        Path file = Files.writeString(directory.resolve("key.pem"), pem);

        SigningKeys fromFile = keys(Map.of("identity.signing-key-file", file.toString()));
        SigningKeys fromText = keys(Map.of("identity.signing-key", pem));

        assertThat(fromFile.signingId()).isEqualTo(fromText.signingId()).hasSize(43);
        assertThat(fromFile.verifying(fromText.signingId())).isPresent();
        assertThat(fromFile.verifying("another")).isEmpty();
    }

    @Test
    void aWeakKeyIsRefused() {
        String pem = PrivateKeyPem.encode(PrivateKeyPem.generate(1024));

        assertThatThrownBy(() -> keys(Map.of("identity.signing-key", pem)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("1024 bits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret-value",
                "-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXZhbHVl\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nsecret-value!\n-----END PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nsecret-value\n-----END RSA PRIVATE KEY-----"
            })
    void whatIsNoKeyIsRefusedWithoutBeingQuoted(String text) {
        assertThatThrownBy(() -> keys(Map.of("identity.signing-key", text)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("openssl pkcs8")
                .hasMessageNotContaining("secret-value")
                .hasNoCause();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> keys(Map.of("identity.signing-key-file", "/no/such/key.pem")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("/no/such/key.pem");
    }

    @Test
    void aDevelopersKeyOutlivesARestartAndIsTheirsAlone() throws IOException {
        Path file = directory.resolve("data").resolve("dev-signing-key.pem");

        var first = DevelopmentKey.keptOrNew(file);

        assertThat(DevelopmentKey.keptOrNew(file)).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    private static SigningKeys keys(Map<String, String> values) {
        return new SigningKeys(PasswordHasherTest.config(values), LaunchMode.NORMAL);
    }

    @Test
    void aRelativeDataHomeIsIgnored() {
        Path usual = Path.of(System.getProperty("user.home"), ".local", "share");

        assertThat(DevelopmentKey.dataHome(null)).isEqualTo(usual);
        assertThat(DevelopmentKey.dataHome("")).isEqualTo(usual);
        assertThat(DevelopmentKey.dataHome("data")).isEqualTo(usual);
        assertThat(DevelopmentKey.dataHome("/data")).isEqualTo(Path.of("/data"));
    }
}
