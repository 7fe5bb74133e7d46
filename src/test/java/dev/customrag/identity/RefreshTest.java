package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingOut;
import static dev.customrag.testing.Person.refreshing;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One refresh token, one use: RFC 9700, section 4.14.2. */
@QuarkusTest
class RefreshTest {

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void aRefreshTokenBuysTheNextPair() {
        Person.Tokens first = alice.tokens();
        Person.Tokens second = alice.refresh(first);
        Person.Tokens third = alice.refresh(second);

        assertThat(List.of(first.refresh(), second.refresh(), third.refresh())).doesNotHaveDuplicates();
        bearing(third.access()).get("/auth/me").then().statusCode(200);
    }

    @Test
    void aSpentTokenEndsItsWholeSession() {
        Person.Tokens first = alice.login();
        Person.Tokens second = alice.refresh(first);

        isRefused(refreshing(first.refresh()));

        isRefused(refreshing(second.refresh()));
        bearing(second.access()).get("/auth/me").then().statusCode(401);
        alice.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void aLogoutWithASpentTokenEndsTheSessionToo() {
        Person.Tokens first = alice.login();
        Person.Tokens second = alice.refresh(first);

        loggingOut(first.refresh()).then().statusCode(400);

        isRefused(refreshing(second.refresh()));
    }

    @Test
    void whatIsNoRefreshTokenIsRefused() {
        isRefused(refreshing("rubbish"));
        isRefused(refreshing(""));
        isRefused(refreshing("x".repeat(4096)));
        isRefused(refreshing(alice.accessToken()));
        isRefused(refreshing(
                alice.refreshToken().substring(0, alice.refreshToken().length() - 5)));
        alice.refresh(alice.tokens());
    }

    @Test
    void anExpiredTokenIsRefused() {
        Sql.update(
                "UPDATE refresh_tokens SET expires_at = now() - interval '1 second'"
                        + " WHERE session_id IN (SELECT id FROM sign_in_sessions WHERE user_id = ?)",
                alice.id());

        isRefused(refreshing(alice.refreshToken()));
    }

    @Test
    void theTokenIsAMemberOfTheBody() {
        given().contentType(ContentType.JSON)
                .queryParam("refresh_token", alice.refreshToken())
                .post("/auth/refresh")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("refresh_token"));
        alice.refresh(alice.tokens());
    }

    @Test
    void ofManyWhoSpendATokenAtOnceOneWins() {
        List<Integer> answers = Together.call(
                20, () -> refreshing(alice.refreshToken()).then().extract().statusCode());

        assertThat(answers).containsOnly(200, 401).containsOnlyOnce(200);
    }

    @Test
    void onlyHashesAreStored() {
        List<Object> stored = Sql.query(
                "SELECT token_hash FROM refresh_tokens WHERE session_id IN"
                        + " (SELECT id FROM sign_in_sessions WHERE user_id = ?)",
                alice.id());

        assertThat(stored).hasSize(1).allSatisfy(hash -> assertThat((byte[]) hash)
                .hasSize(32)
                .isNotEqualTo(alice.refreshToken().getBytes(StandardCharsets.US_ASCII)));
    }

    private static void isRefused(Response answer) {
        answer.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer")
                .body("detail", equalTo("Invalid or expired refresh token"));
    }
}
