package dev.customrag.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.Map;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.Test;

/** The keys as another service would use them. */
@QuarkusTest
class JwksResourceTest {

    @Test
    void anyCacheMayKeepThemForFiveMinutes() {
        given().get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("Cache-Control", equalTo("public, max-age=300"));
    }

    @Test
    void anotherServiceVerifiesOurTokensWithThem() throws Exception {
        String published = given().get("/.well-known/jwks.json").asString();
        var alice = Person.registered();

        var claims = new JwtConsumerBuilder()
                .setVerificationKeyResolver(
                        new JwksVerificationKeyResolver(new JsonWebKeySet(published).getJsonWebKeys()))
                .setExpectedAudience("custom-rag-assistant")
                .build()
                .processToClaims(alice.accessToken());

        assertThat(claims.getSubject()).isEqualTo(alice.id().toString());
    }

    @Test
    void onlyThePublicHalfIsPublished() {
        Map<String, Object> key =
                given().get("/.well-known/jwks.json").then().extract().path("keys[0]");

        assertThat(key).containsOnlyKeys("kty", "kid", "use", "alg", "n", "e");
    }
}
