package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingOut;
import static dev.customrag.testing.Person.refreshing;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.Mailbox;
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
    void aTokenSpentLongAgoEndsItsWholeSession() {
        Person.Tokens first = alice.login();
        Person.Tokens second = alice.refresh(first);
        Person.Tokens third = alice.refresh(second);
        afterTheReuseInterval();

        isRefused(refreshing(first.refresh()));

        isRefused(refreshing(second.refresh()));
        isRefused(refreshing(third.refresh()));
        bearing(third.access()).get("/auth/me").then().statusCode(401);
        alice.request().get("/auth/me").then().statusCode(200);
        assertThat(Sql.query(
                        "SELECT outcome FROM audit_events WHERE subject_id = ? AND type = 'refresh-token-reuse'",
                        alice.id()))
                .containsExactly("failure");
        Mailbox.awaitQuiet();
        assertThat(new Mailbox(alice.email()).arrived("We ended a sign-in to your account"))
                .hasSize(1);
    }

    @Test
    void aTokenSpentAMomentAgoAnswersWithTheSameSuccessor() {
        Person.Tokens first = alice.tokens();
        Person.Tokens second = alice.refresh(first);

        Person.Tokens again = alice.refresh(first);

        assertThat(again.refresh()).isEqualTo(second.refresh());
        bearing(again.access()).get("/auth/me").then().statusCode(200);
        alice.refresh(second);
    }

    /** The connection broke before the answer came; the client has the old token only. */
    @Test
    void aLostAnswerIsReplacedOnce() {
        Person.Tokens first = alice.tokens();
        alice.refresh(first);
        afterTheReuseInterval();

        Person.Tokens replacement = alice.refresh(first);
        assertThat(alice.refresh(first).refresh()).isEqualTo(replacement.refresh());
        afterTheReuseInterval();

        isRefused(refreshing(first.refresh()));
        bearing(replacement.access()).get("/auth/me").then().statusCode(401);
    }

    /** The answer was not lost: somebody has a copy of the token before it. */
    @Test
    void whoseTokenWasReplacedEndsTheSession() {
        Person.Tokens first = alice.tokens();
        Person.Tokens second = alice.refresh(first);
        afterTheReuseInterval();
        Person.Tokens thiefs = alice.refresh(first);
        afterTheReuseInterval();

        isRefused(refreshing(second.refresh()));

        isRefused(refreshing(thiefs.refresh()));
    }

    @Test
    void aLogoutWithATokenSpentLongAgoEndsTheSessionToo() {
        Person.Tokens first = alice.login();
        Person.Tokens third = alice.refresh(alice.refresh(first));
        afterTheReuseInterval();

        loggingOut(first.refresh()).then().statusCode(400);

        isRefused(refreshing(third.refresh()));
    }

    /** The laptop slept while the answer came. */
    @Test
    void aLogoutAfterALostAnswerIsALogout() {
        Person.Tokens first = alice.login();
        alice.refresh(first);
        afterTheReuseInterval();

        loggingOut(first.refresh()).then().statusCode(200);

        assertThat(Sql.query(
                        "SELECT id FROM audit_events WHERE subject_id = ? AND type = 'refresh-token-reuse'",
                        alice.id()))
                .isEmpty();
    }

    /** Tokens spent before successors were noted. */
    @Test
    void aSpentTokenWithoutASuccessorEndsTheSession() {
        Person.Tokens second = alice.refresh(alice.tokens());
        Sql.update(
                "UPDATE refresh_tokens SET successor_id = NULL, spent_at = spent_at - interval '61 seconds'"
                        + " WHERE session_id IN (SELECT id FROM sign_in_sessions WHERE user_id = ?)",
                alice.id());

        isRefused(refreshing(alice.refreshToken()));

        isRefused(refreshing(second.refresh()));
    }

    /** Another tab refreshes while this one signs out. */
    @Test
    void aLogoutWithATokenSpentAMomentAgoIsALogout() {
        Person.Tokens first = alice.login();
        Person.Tokens second = alice.refresh(first);

        loggingOut(first.refresh()).then().statusCode(200);

        isRefused(refreshing(second.refresh()));
    }

    @Test
    void aSignInEndsForGoodAfterItsLifetime() {
        Sql.update("UPDATE sign_in_sessions SET created_at = now() - interval '31 days' WHERE user_id = ?", alice.id());

        isRefused(refreshing(alice.refreshToken()));
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
    void allWhoSpendATokenAtOnceGetTheSameSuccessor() {
        List<Person.Tokens> answers = Together.call(50, () -> alice.refresh(alice.tokens()));

        assertThat(answers)
                .extracting(Person.Tokens::refresh)
                .containsOnly(answers.getFirst().refresh());
        assertThat(Sql.query(
                        "SELECT id FROM refresh_tokens WHERE spent_at IS NULL AND session_id IN"
                                + " (SELECT id FROM sign_in_sessions WHERE user_id = ?)",
                        alice.id()))
                .hasSize(1);
        alice.refresh(answers.getFirst());
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

    private void afterTheReuseInterval() {
        Sql.update(
                "UPDATE refresh_tokens SET spent_at = spent_at - interval '61 seconds'"
                        + " WHERE session_id IN (SELECT id FROM sign_in_sessions WHERE user_id = ?)",
                alice.id());
    }

    private static void isRefused(Response answer) {
        answer.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer")
                .body("detail", equalTo("Invalid or expired refresh token"));
    }
}
