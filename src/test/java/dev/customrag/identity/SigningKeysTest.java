package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
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
                .hasMessageContaining("identity.signing-key:")
                .hasMessageContaining("1024 bits")
                .hasMessageContaining("openssl genpkey");
    }

    @Test
    void aWeakKeyDoesNotVerifyEither() throws IOException {
        String weak = KeyRotationTest.publicHalf(PrivateKeyPem.encode(PrivateKeyPem.generate(1024)));
        Path file = Files.writeString(directory.resolve("weak.pem"), weak);

        refuses("identity.verification-keys", weak)
                .hasMessageContaining("identity.verification-keys:")
                .hasMessageContaining("1024 bits");
        refuses("identity.verification-key-files", file.toString())
                .hasMessageContaining("identity.verification-key-files (" + file + ")")
                .hasMessageContaining("1024 bits");
    }

    @Test
    void aDevelopersKeyIsRefusedInProductionWhereverItComesFrom() throws IOException {
        Path file = directory.resolve("made-in-development.pem");
        String pem = PrivateKeyPem.encode(DevelopmentKey.keptOrNew(file));
        String converted = KeyRotationTest.publicHalf(pem);

        for (var refused : List.of(
                refuses("identity.verification-keys", pem),
                refuses("identity.verification-keys", converted),
                refuses("identity.verification-key-files", file.toString()),
                assertThatThrownBy(() -> keys(Map.of("identity.signing-key", pem))),
                assertThatThrownBy(() -> keys(Map.of("identity.signing-key-file", file.toString()))))) {
            refused.isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("made for development")
                    .hasMessageContaining("openssl genpkey");
        }
    }

    @Test
    void aDevelopersKeyIsGoodForDevelopment() {
        String pem = PrivateKeyPem.encode(DevelopmentKey.keptOrNew(directory.resolve("key.pem")));

        var keys =
                new SigningKeys(PasswordHasherTest.config(Map.of("identity.signing-key", pem)), LaunchMode.DEVELOPMENT);

        assertThat(keys.verifying(keys.signingId())).isPresent();
    }

    /** From RFC 7517, appendix A.1, whose private half is in A.2. */
    @Test
    void anExampleThatIsInPrintIsRefused() throws GeneralSecurityException {
        var modulus = new BigInteger(
                1,
                Base64.getUrlDecoder()
                        .decode("0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tS"
                                + "oc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65"
                                + "YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyr"
                                + "dkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
                                + "nqDKgw"));
        var key =
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, RSAKeyGenParameterSpec.F4));

        refuses("identity.verification-keys", KeyRotationTest.pem(key)).hasMessageContaining("taken from an example");
    }

    @Test
    void eachVerificationKeyFileThatIsNotThereIsNamed() throws IOException {
        Path good =
                Files.writeString(directory.resolve("good.pem"), PrivateKeyPem.encode(PrivateKeyPem.generate(2048)));
        Path binary = Files.write(
                directory.resolve("key.der"), PrivateKeyPem.generate(2048).getEncoded());

        refuses("identity.verification-key-files", good + ",/no/such/key.pem")
                .hasMessageContaining("identity.verification-key-files (/no/such/key.pem) cannot be read");
        refuses("identity.verification-key-files", binary.toString())
                .hasMessageContaining("(" + binary + ") cannot be read as a text file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret-value",
                "-----BEGIN PUBLIC KEY-----\nc2VjcmV0LXZhbHVl\n-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----\nsecret value!\n-----END PUBLIC KEY-----",
                "-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXZhbHVl\n-----END PRIVATE KEY-----",
                "-----BEGIN CERTIFICATE-----\nc2VjcmV0LXZhbHVl\n-----END CERTIFICATE-----",
                "-----BEGIN PUBLIC KEY-----\nc2VjcmV0LXZhbHVl"
            })
    void whatIsNoPublicKeyIsRefusedWithoutBeingQuoted(String text) {
        String good = KeyRotationTest.publicHalf(PrivateKeyPem.encode(PrivateKeyPem.generate(2048)));
        boolean isKey = text.startsWith("-----BEGIN ");

        for (String value : isKey ? List.of(text, good + text, text + good) : List.of(text)) {
            refuses("identity.verification-keys", value)
                    .hasMessageContaining("identity.verification-keys is not")
                    .hasMessageContaining("openssl pk")
                    .hasMessageNotContaining("secret")
                    .hasMessageNotContaining("c2Vj")
                    .hasNoCause();
        }
    }

    private static AbstractThrowableAssert<?, ?> refuses(String key, String value) {
        String signing = PrivateKeyPem.encode(PrivateKeyPem.generate(2048));
        return assertThatThrownBy(() -> keys(Map.of("identity.signing-key", signing, key, value)))
                .isInstanceOf(ConfigurationException.class);
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
        Path file = directory.resolve("data").resolve("development-signing-key.pem");

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
