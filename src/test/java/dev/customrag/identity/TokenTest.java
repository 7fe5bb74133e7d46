package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.ApiCalls;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forged, stale and mixed-up tokens: RFC 8725, section 2. */
@QuarkusTest
class TokenTest {

    @Inject
    SigningKeys keys;

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void anAccessTokenSaysWhoSignedInAndForWhatItIs() throws Exception {
        Map<String, Object> claims = claims(alice.accessToken()).getClaimsMap();

        assertThat(claims)
                .containsOnlyKeys("iss", "aud", "sub", "sid", "jti", "iat", "exp", "type", "groups")
                .containsEntry("iss", "custom-rag-assistant")
                .containsEntry("aud", "custom-rag-assistant")
                .containsEntry("sub", alice.id().toString())
                .containsEntry("type", "access")
                .containsEntry("groups", List.of());
        assertThat((long) claims.get("exp") - (long) claims.get("iat")).isEqualTo(30 * 60);
        assertThat(header(alice.accessToken())).contains("\"alg\":\"RS256\"", "\"kid\":\"" + keys.signingId() + "\"");
    }

    @Test
    void aRefreshTokenLastsAWeekAndBelongsToTheSameSession() throws Exception {
        Map<String, Object> access = claims(alice.accessToken()).getClaimsMap();
        Map<String, Object> refresh = claims(alice.refreshToken()).getClaimsMap();

        assertThat(refresh).containsEntry("type", "refresh").containsEntry("sid", access.get("sid"));
        assertThat(refresh.get("jti")).isNotEqualTo(access.get("jti"));
        assertThat((long) refresh.get("exp") - (long) refresh.get("iat")).isEqualTo(7 * 24 * 60 * 60);
    }

    @Test
    void aTokenMadeLikeOursIsBelieved() {
        bearing(signed(unchanged())).get("/auth/me").then().statusCode(200);
    }

    @Test
    void noToken() {
        given().get("/auth/me")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .contentType("application/problem+json");
    }

    @Test
    void everyCallAsksForATokenUnlessItIsKnownToBePublic() {
        for (var call : ApiCalls.protectedOnes()) {
            call.as(given()).then().statusCode(401).header("WWW-Authenticate", "Bearer");
        }
    }

    @Test
    void noTokenAtAll() {
        isRefused("rubbish");
        isRefused("a.b.c");
        isRefused("..");
        isRefused("x".repeat(15_000));
        isRefused("x.".repeat(7_000));
    }

    @Test
    void aRefreshTokenInPlaceOfAnAccessToken() {
        isRefused(alice.refreshToken());
    }

    @Test
    void aTamperedToken() {
        String token = alice.accessToken();
        String[] parts = token.split("\\.");
        String[] other = Person.registered().accessToken().split("\\.");

        isRefused(token.substring(0, token.length() - 10));
        isRefused(parts[0] + "." + parts[1]);
        isRefused(parts[0] + "." + parts[1] + ".");
        isRefused(parts[0] + "." + other[1] + "." + parts[2]);
        isRefused(parts[0] + "." + parts[1] + "." + other[2]);
    }

    @Test
    void claimsThatAreNotForUsOrNotForNow() {
        NumericDate anHourAgo = NumericDate.now();
        anHourAgo.addSeconds(-3600);

        isRefused(signed(claims -> claims.setIssuer("somebody-else")));
        isRefused(signed(claims -> claims.unsetClaim("iss")));
        isRefused(signed(claims -> claims.setAudience("another-service")));
        isRefused(signed(claims -> claims.unsetClaim("aud")));
        isRefused(signed(claims -> claims.setExpirationTime(anHourAgo)));
        isRefused(signed(claims -> claims.unsetClaim("exp")));
        isRefused(signed(claims -> claims.setNotBeforeMinutesInThePast(-60)));
        isRefused(signed(claims -> claims.unsetClaim("iat")));
        isRefused(signed(claims -> claims.unsetClaim("jti")));
    }

    @Test
    void claimsThatAreMissingOrOfTheWrongKind() {
        isRefused(signed(claims -> claims.unsetClaim("type")));
        isRefused(signed(claims -> claims.setClaim("type", "mfa")));
        isRefused(signed(claims -> claims.setClaim("type", List.of("access"))));
        isRefused(signed(claims -> claims.unsetClaim("sid")));
        isRefused(signed(claims -> claims.setClaim("sid", "x")));
        isRefused(signed(claims -> claims.setClaim("sid", 7)));
        isRefused(signed(claims -> claims.setSubject("ada")));
        isRefused(signed(claims -> claims.unsetClaim("sub")));
    }

    @Test
    void aSessionThatIsSomebodyElsesOrNone() {
        isRefused(signed(claims -> claims.setSubject(Person.registered().id().toString())));
        isRefused(signed(claims -> claims.setClaim("sid", UUID.randomUUID().toString())));
    }

    @Test
    void aTokenNobodySigned() {
        isRefused(forged(AlgorithmIdentifiers.NONE, null, keys.signingId()));
    }

    /** The classic confusion of RSA and HMAC: the public key is known to everybody, so it must never be the secret. */
    @Test
    void aTokenSignedWithOurPublicKeyAsHmacSecret() {
        byte[] der = keys.verifying(keys.signingId()).orElseThrow().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";

        isRefused(forged(AlgorithmIdentifiers.HMAC_SHA256, new HmacKey(der), keys.signingId()));
        isRefused(forged(
                AlgorithmIdentifiers.HMAC_SHA256,
                new HmacKey(pem.getBytes(StandardCharsets.US_ASCII)),
                keys.signingId()));
    }

    @Test
    void aTokenSignedWithOurKeyButByAnotherAlgorithm() {
        isRefused(forged(AlgorithmIdentifiers.RSA_PSS_USING_SHA256, keys.signing(), keys.signingId()));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA512, keys.signing(), keys.signingId()));
    }

    @Test
    void aTokenSignedWithAnotherKey() {
        RSAPrivateCrtKey stranger = PrivateKeyPem.generate(2048);

        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, stranger, keys.signingId()));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, stranger, "stranger"));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, stranger, null));
        isRefused(forged(AlgorithmIdentifiers.RSA_USING_SHA256, keys.signing(), "stranger"));
    }

    @Test
    void aTokenThatBringsItsOwnKey() throws JoseException {
        RsaJsonWebKey stranger = RsaJwkGenerator.generateJwk(2048);
        JsonWebSignature jws = jws(unchanged(), AlgorithmIdentifiers.RSA_USING_SHA256, stranger.getPrivateKey());
        jws.setKeyIdHeaderValue(keys.signingId());
        jws.setJwkHeader(stranger);

        isRefused(jws.getCompactSerialization());
    }

    private static void isRefused(String token) {
        bearing(token)
                .get("/auth/me")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .body("type", equalTo("urn:customrag:problem:invalid-token"));
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
        JwtClaims claims = claims(alice.accessToken());
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

    private static JwtClaims claims(String token) {
        try {
            return new JwtConsumerBuilder()
                    .setSkipAllValidators()
                    .setSkipSignatureVerification()
                    .build()
                    .processToClaims(token);
        } catch (org.jose4j.jwt.consumer.InvalidJwtException e) {
            throw new AssertionError(e);
        }
    }

    static String header(String token) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8);
    }
}
