package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.runtime.LaunchMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One key after another, as docs/operations.md tells operators to do it. */
class KeyRotationTest {

    private static final String FORMER = PrivateKeyPem.encode(PrivateKeyPem.generate(2048));
    private static final String NEXT = PrivateKeyPem.encode(PrivateKeyPem.generate(2048));

    @TempDir
    Path directory;

    private final Replica before = new Replica(Map.of("identity.signing-key", FORMER));
    private final Replica published =
            new Replica(Map.of("identity.signing-key", FORMER, "identity.verification-keys", publicHalf(NEXT)));
    private final Replica switched =
            new Replica(Map.of("identity.signing-key", NEXT, "identity.verification-keys", publicHalf(FORMER)));
    private final Replica after = new Replica(Map.of("identity.signing-key", NEXT));

    @Test
    void atEachStepNeighboursTakeEachOthersTokens() throws TokenRefused {
        for (var neighbours : List.of(List.of(before, published), List.of(published, switched))) {
            for (var issuing : neighbours) {
                for (var verifying : neighbours) {
                    verifying.verify(issuing.access(), Token.Type.ACCESS);
                    verifying.verify(issuing.refresh(), Token.Type.REFRESH);
                }
            }
        }
        after.verify(switched.access(), Token.Type.ACCESS);
        switched.verify(after.access(), Token.Type.ACCESS);
    }

    @Test
    void theFormerKeyIsGoodForNothingOnceItIsGone() {
        after.refuses(before.access(), Token.Type.ACCESS);
        after.refuses(before.refresh(), Token.Type.REFRESH);
    }

    @Test
    void aKeyThatWasNotPublishedAheadIsUnknownToOtherReplicas() {
        before.refuses(switched.access(), Token.Type.ACCESS);
    }

    @Test
    void newTokensCarryTheNewName() {
        assertThat(before.keyIdOf(before.access())).isEqualTo(before.keys.signingId());
        assertThat(published.keyIdOf(published.access())).isEqualTo(before.keys.signingId());
        assertThat(switched.keyIdOf(switched.access()))
                .isEqualTo(after.keys.signingId())
                .isNotEqualTo(before.keys.signingId());
    }

    @Test
    void allKeysArePublishedTheSigningOneFirst() {
        String former = before.keys.signingId();
        String next = after.keys.signingId();

        assertThat(before.published()).containsExactly(former);
        assertThat(published.published()).containsExactly(former, next);
        assertThat(switched.published()).containsExactly(next, former);
        assertThat(after.published()).containsExactly(next);
    }

    @Test
    void noPrivatePartIsPublished() {
        var replica = new Replica(Map.of("identity.signing-key", NEXT, "identity.verification-keys", FORMER));

        assertThat(replica.publishedKeys()).hasSize(2).allSatisfy(key -> assertThat(key)
                .containsOnlyKeys("kty", "kid", "use", "alg", "n", "e"));
    }

    @Test
    void keysComeAsOneTextAsFilesOrBoth() throws IOException {
        String third = PrivateKeyPem.encode(PrivateKeyPem.generate(2048));
        String fourth = PrivateKeyPem.encode(PrivateKeyPem.generate(3072));
        Path two =
                Files.writeString(directory.resolve("two.pem"), publicHalf(third) + "\r\nretired in May\r\n" + FORMER);
        Path one = Files.writeString(
                directory.resolve("one.pem"), publicHalf(fourth).replace("\n", "\r\n"));

        var replica = new Replica(Map.of(
                "identity.signing-key", FORMER,
                "identity.verification-keys", publicHalf(NEXT) + publicHalf(FORMER) + publicHalf(NEXT),
                "identity.verification-key-files", two + "," + one));

        assertThat(replica.published())
                .containsExactly(before.keys.signingId(), after.keys.signingId(), idOf(third), idOf(fourth));
    }

    @Test
    void aTextWhoseLinesWereJoinedIsStillRead() {
        var replica = new Replica(Map.of(
                "identity.signing-key", NEXT.replace("\n", " "),
                "identity.verification-keys", publicHalf(FORMER).replace("\n", " ")));

        assertThat(replica.published()).containsExactly(after.keys.signingId(), before.keys.signingId());
    }

    private static String idOf(String privateKey) {
        return new Replica(Map.of("identity.signing-key", privateKey)).keys.signingId();
    }

    /** What {@code openssl pkey -pubout} makes of a private key. */
    static String publicHalf(String pem) {
        return pem(PrivateKeyPem.publicHalf(PrivateKeyPem.decode(pem, "test")));
    }

    static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** One process of several, with a configuration of its own. */
    private static final class Replica {

        private final SigningKeys keys;
        private final TokenIssuer issuer;
        private final TokenVerifier verifier;

        Replica(Map<String, String> values) {
            var config = PasswordHasherTest.config(values);
            keys = new SigningKeys(config, LaunchMode.NORMAL);
            issuer = new TokenIssuer(keys, config, new SessionLimits(config), Clock.systemUTC());
            verifier = new TokenVerifier(keys, config, Clock.systemUTC());
        }

        String access() {
            return issuer.access(BearerTokensTest.session(Clock.systemUTC())).text();
        }

        String refresh() {
            return issuer.refresh(BearerTokensTest.session(Clock.systemUTC())).text();
        }

        void verify(String token, Token.Type type) throws TokenRefused {
            assertThat(verifier.verify(token, type).claims().getClaimsMap()).containsEntry("type", type.claim());
        }

        void refuses(String token, Token.Type type) {
            assertThatExceptionOfType(TokenRefused.class).isThrownBy(() -> verifier.verify(token, type));
        }

        String keyIdOf(String token) {
            return TokenTest.header(token).replaceFirst(".*\"kid\":\"([^\"]+)\".*", "$1");
        }

        List<Object> published() {
            return publishedKeys().stream().<Object>map(key -> key.get("kid")).toList();
        }

        @SuppressWarnings("unchecked")
        List<Map<String, Object>> publishedKeys() {
            return (List<Map<String, Object>>) keys.published().get("keys");
        }
    }
}
