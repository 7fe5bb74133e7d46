package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.ApiCalls;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forged, stale and mixed-up tokens: RFC 8725, section 2. Each attack is a test of its own. */
@QuarkusTest
class TokenAttackTest {

    private static final RSAPrivateCrtKey STRANGER = PrivateKeyPem.generate(2048);

    @Inject
    SigningKeys keys;

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    /** Or the others would prove nothing. */
    @Test
    void aTokenMadeLikeOursIsBelieved() {
        bearing(signed(unchanged())).get("/auth/me").then().statusCode(200);
    }

    @Test
    void everyCallRefusesAForgedToken() {
        String forged = forged(AlgorithmIdentifiers.RSA_USING_SHA256, STRANGER, keys.signingId());

        for (var call : ApiCalls.protectedOnes()) {
            Response answer = call.as(bearing(forged));
            if (call.path().startsWith("/v1/")) {
                answer.then()
                        .statusCode(401)
                        .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                        .body("error.code", equalTo("invalid_api_key"));
            } else {
                isRefused(answer);
            }
        }
    }

    @Test
    void whatIsNoTokenAtAll() {
        isRefused("rubbish");
        isRefused("a.b.c");
        isRefused("..");
        isRefused("{}");
    }

    @Test
    void aTokenNobodySigned() {
        isRefused(forged(AlgorithmIdentifiers.NONE, null, keys.signingId()));
        isRefused(forged(AlgorithmIdentifiers.NONE, null, null));

        String payload = alice.accessToken().split("\\.")[1];
        String signature = alice.accessToken().split("\\.")[2];
        for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
            String header = encoded("{\"alg\":\"" + none + "\",\"kid\":\"" + keys.signingId() + "\"}");
            isRefused(header + "." + payload + ".");
            isRefused(header + "." + payload + "." + signature);
        }
        isRefused(encoded("{\"kid\":\"" + keys.signingId() + "\"}") + "." + payload + ".");
    }

    @Test
    void aTokenSignedWithAnotherKey() {
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, STRANGER, keys.signingId()));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, STRANGER, null));
    }

    @Test
    void aTokenOfAnotherIssuer() {
        isRefused(signed(claims -> claims.setIssuer("somebody-else")));
        isRefused(signed(claims -> claims.setIssuer("")));
        isRefused(signed(claims -> claims.unsetClaim("iss")));
    }

    @Test
    void aTokenForAnotherAudience() {
        isRefused(signed(claims -> claims.setAudience("another-service")));
        isRefused(signed(claims -> claims.setAudience("another-service", "a-third")));
        isRefused(signed(claims -> claims.unsetClaim("aud")));
    }

    @Test
    void aTokenOfAnotherType() {
        isRefused(signed(claims -> claims.setClaim("type", "mfa")));
        isRefused(signed(claims -> claims.setClaim("type", "ACCESS")));
        isRefused(signed(claims -> claims.setClaim("type", List.of("access"))));
        isRefused(signed(claims -> claims.unsetClaim("type")));
    }

    @Test
    void anExpiredToken() {
        isRefused(signed(claims -> claims.setExpirationTime(fromNow(-60))));
        isRefused(signed(claims -> claims.setExpirationTime(fromNow(-3600))));
        isRefused(signed(claims -> claims.setExpirationTime(NumericDate.fromSeconds(0))));
        isRefused(signed(claims -> claims.unsetClaim("exp")));
        isRefused(signed(claims -> claims.setClaim("exp", "tomorrow")));
    }

    @Test
    void aTokenThatIsNotValidYet() {
        isRefused(signed(claims -> claims.setNotBefore(fromNow(60))));
        isRefused(signed(claims -> claims.setIssuedAt(fromNow(60))));
        isRefused(signed(claims -> claims.unsetClaim("iat")));
        isRefused(signed(claims -> claims.setClaim("iat", "yesterday")));
    }

    @Test
    void aTruncatedToken() {
        String token = alice.accessToken();
        String[] parts = token.split("\\.");

        isRefused(token.substring(0, token.length() - 1));
        isRefused(token.substring(0, token.length() - 10));
        isRefused(token.substring(0, token.length() / 2));
        isRefused(parts[0] + "." + parts[1]);
        isRefused(parts[0] + "." + parts[1] + ".");
        isRefused(parts[0]);
    }

    @Test
    void aTokenMadeOfTwo() {
        String[] parts = alice.accessToken().split("\\.");
        String[] other = Person.registered().accessToken().split("\\.");

        isRefused(parts[0] + "." + other[1] + "." + parts[2]);
        isRefused(parts[0] + "." + parts[1] + "." + other[2]);
    }

    /** The classic confusion of RSA and HMAC: the public key is known to everybody, so it must never be the secret. */
    @Test
    void aTokenSignedWithOurPublicKeyAsHmacSecret() {
        RSAPublicKey publicKey = keys.verifying(keys.signingId()).orElseThrow();
        String pem = KeyRotationTest.pem(publicKey);

        for (byte[] secret : List.of(
                publicKey.getEncoded(),
                pem.getBytes(StandardCharsets.US_ASCII),
                pem.strip().getBytes(StandardCharsets.US_ASCII),
                publicKey.getModulus().toByteArray())) {
            isRefused(forged(AlgorithmIdentifiers.HMAC_SHA256, new HmacKey(secret), keys.signingId()));
            isRefused(forged(AlgorithmIdentifiers.HMAC_SHA512, new HmacKey(secret), keys.signingId()));
        }
    }

    @Test
    void aTokenSignedWithOurKeyButByAnotherAlgorithm() {
        isRefused(forged(AlgorithmIdentifiers.RSA_PSS_USING_SHA256, keys.signing(), keys.signingId()));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA512, keys.signing(), keys.signingId()));
    }

    /** Encrypting to us takes our public key alone: it says nothing about who did it. */
    @Test
    void aTokenEncryptedInsteadOfSigned() throws JoseException {
        var jwe = new JsonWebEncryption();
        jwe.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.RSA_OAEP_256);
        jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_128_GCM);
        jwe.setKey(keys.verifying(keys.signingId()).orElseThrow());
        jwe.setKeyIdHeaderValue(keys.signingId());
        jwe.setPayload(TokenTest.claims(alice.accessToken()).toJson());

        isRefused(jwe.getCompactSerialization());
    }

    @Test
    void aTokenThatNamesAnUnknownKey() {
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, STRANGER, "stranger"));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, keys.signing(), "stranger"));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, keys.signing(), "../../etc/passwd"));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, keys.signing(), "' OR '1'='1"));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, keys.signing(), ""));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, keys.signing(), null));
    }

    @Test
    void aTokenThatBringsItsOwnKey() throws JoseException {
        var jwk = (PublicJsonWebKey) JsonWebKey.Factory.newJwk(PrivateKeyPem.publicHalf(STRANGER));
        jwk.setKeyId(keys.signingId());

        for (String keyId : Arrays.asList(keys.signingId(), "stranger", null)) {
            JsonWebSignature jws = jws(unchanged(), AlgorithmIdentifiers.RSA_USING_SHA256, STRANGER);
            jws.setJwkHeader(jwk);
            isRefused(serialized(jws, keyId));
        }
    }

    /** A key to fetch, on a port that counts who comes: nobody may. */
    @Test
    void aTokenThatSaysWhereItsKeyIs() throws Exception {
        try (var trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + trap.getLocalPort() + "/keys";
            for (String header : List.of("jku", "x5u")) {
                JsonWebSignature pointing = jws(unchanged(), AlgorithmIdentifiers.RSA_USING_SHA256, STRANGER);
                pointing.setHeader(header, url);

                isRefused(serialized(pointing, keys.signingId()));
                isRefused(serialized(pointing, "stranger"));
            }
            trap.setSoTimeout(200);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(trap::accept);
        }
    }

    @Test
    void aTokenThatBringsACertificate() {
        for (String keyId : Arrays.asList(keys.signingId(), null)) {
            JsonWebSignature jws = jws(unchanged(), AlgorithmIdentifiers.RSA_USING_SHA256, STRANGER);
            jws.getHeaders().setObjectHeaderValue("x5c", List.of("TUlJQw==", "bm90IGEgY2VydGlmaWNhdGU="));
            jws.setHeader("x5t#S256", "c3RyYW5nZXI");
            isRefused(serialized(jws, keyId));
        }
    }

    @Test
    void aTokenWithACriticalHeaderWeDoNotKnow() {
        JsonWebSignature critical = jws(unchanged(), AlgorithmIdentifiers.RSA_USING_SHA256, keys.signing());
        critical.getHeaders().setObjectHeaderValue("crit", List.of("policy"));
        critical.setHeader("policy", "anything");

        isRefused(serialized(critical, keys.signingId()));
    }

    @Test
    void aHugeToken() {
        isRefused("x".repeat(15_000));
        isRefused("x.".repeat(7_000));
        isRefused(signed(claims -> claims.setStringClaim("padding", "x".repeat(10_000))) + "x".repeat(100));
        isRefused(encoded("{\"a\":".repeat(1_500)) + "." + encoded("[".repeat(4_000)) + ".c2ln");
    }

    /** Past what the server reads of a header: RFC 6585, section 5. It may hang up before all of it is sent. */
    @Test
    void aTokenLargerThanAllHeadersMayBe() {
        for (int size : List.of(30_000, 300_000)) {
            Throwable hungUp = catchThrowable(
                    () -> bearing("x".repeat(size)).get("/auth/me").then().statusCode(431));
            if (hungUp != null) {
                assertThat(hungUp).isInstanceOf(SocketException.class);
            }
        }
        alice.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void aRefreshTokenInPlaceOfAnAccessToken() {
        isRefused(alice.refreshToken());
    }

    @Test
    void anAccessTokenInPlaceOfARefreshToken() {
        isNoRefreshToken(alice.accessToken());
        alice.refresh(alice.tokens());
    }

    @Test
    void forgedRefreshTokens() {
        String alicesRefreshToken = alice.refreshToken();

        isNoRefreshToken(
                serialized(jws(alicesRefreshToken, unchanged(), AlgorithmIdentifiers.NONE, null), keys.signingId()));
        isNoRefreshToken(serialized(
                jws(alicesRefreshToken, unchanged(), AlgorithmIdentifiers.RSA_USING_SHA256, STRANGER),
                keys.signingId()));
        isNoRefreshToken(serialized(
                jws(
                        alicesRefreshToken,
                        unchanged(),
                        AlgorithmIdentifiers.HMAC_SHA256,
                        new HmacKey(
                                keys.verifying(keys.signingId()).orElseThrow().getEncoded())),
                keys.signingId()));
        alice.refresh(alice.tokens());
    }

    @Test
    void anAccessTokenOfASessionThatHasEnded() {
        alice.request().get("/auth/me").then().statusCode(200);

        Person.loggingOut(alice.refreshToken()).then().statusCode(200);

        isRefused(alice.accessToken());
    }

    @Test
    void aSessionThatIsSomebodyElsesOrNone() {
        isRefused(signed(claims -> claims.setSubject(Person.registered().id().toString())));
        isRefused(signed(claims -> claims.setClaim("sid", UUID.randomUUID().toString())));
        isRefused(signed(claims -> claims.setClaim("sid", "x")));
        isRefused(signed(claims -> claims.setClaim("sid", 7)));
        isRefused(signed(claims -> claims.unsetClaim("sid")));
    }

    @Test
    void aTokenWithoutAPersonOrAName() {
        isRefused(signed(claims -> claims.setSubject("ada")));
        isRefused(signed(claims -> claims.unsetClaim("sub")));
        isRefused(signed(claims -> claims.unsetClaim("jti")));
    }

    private static void isRefused(String token) {
        isRefused(bearing(token).get("/auth/me"));
    }

    private static void isRefused(Response answer) {
        answer.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .body("type", equalTo("urn:customrag:problem:invalid-token"));
    }

    private static void isNoRefreshToken(String token) {
        Person.refreshing(token)
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer");
    }

    private static NumericDate fromNow(long seconds) {
        return NumericDate.fromSeconds(NumericDate.now().getValue() + seconds);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Consumer<JwtClaims> unchanged() {
        return claims -> {};
    }

    /** Alice's token with a change, signed with our own key. */
    private String signed(Consumer<JwtClaims> change) {
        return serialized(jws(change, AlgorithmIdentifiers.RSA_USING_SHA256, keys.signing()), keys.signingId());
    }

    /** Alice's token as it is, signed some other way. */
    private String forged(String algorithm, Key key, String keyId) {
        return serialized(jws(unchanged(), algorithm, key), keyId);
    }

    private JsonWebSignature jws(Consumer<JwtClaims> change, String algorithm, Key key) {
        return jws(alice.accessToken(), change, algorithm, key);
    }

    private static JsonWebSignature jws(String token, Consumer<JwtClaims> change, String algorithm, Key key) {
        JwtClaims claims = TokenTest.claims(token);
        change.accept(claims);
        var jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        jws.setAlgorithmHeaderValue(algorithm);
        jws.setKey(key);
        jws.setPayload(claims.toJson());
        return jws;
    }

    private static String serialized(JsonWebSignature jws, String keyId) {
        try {
            if (keyId != null) {
                jws.setKeyIdHeaderValue(keyId);
            }
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }
}
