package dev.customrag.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.ApiCalls;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What our tokens say, and which calls ask for one. */
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

    /** What a token says, believed or not. */
    static JwtClaims claims(String token) {
        try {
            return new JwtConsumerBuilder()
                    .setSkipAllValidators()
                    .setSkipSignatureVerification()
                    .build()
                    .processToClaims(token);
        } catch (InvalidJwtException e) {
            throw new AssertionError(e);
        }
    }

    static String header(String token) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8);
    }
}
