package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.randomEmail;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PasswordResourceTest {

    private static final String CHANGED = "Your password was changed";
    private static final String RESET = "Choose a new password";

    private final String chosen = "a song of " + UUID.randomUUID();
    private Person alice;
    private Mailbox mailbox;

    @BeforeEach
    void register() {
        alice = Person.registered();
        mailbox = new Mailbox(alice.email());
    }

    @Test
    void aChangedPasswordEndsAllOtherSessions() {
        Person.Tokens other = alice.login();

        changing(alice.password(), chosen).then().statusCode(204);

        bearing(other.access()).get("/auth/me").then().statusCode(401);
        Person.refreshing(other.refresh()).then().statusCode(401);
        alice.request().get("/auth/me").then().statusCode(200);
        alice.refresh(alice.tokens());
        loggingIn(alice.email(), alice.password()).then().statusCode(401);
        loggingIn(alice.email(), chosen).then().statusCode(200);
        assertThat(mailbox.await(CHANGED).text())
                .contains("UTC")
                .containsPattern("other\\s+devices\\s+were\\s+signed\\s+out");
        assertThat(recorded("success")).contains("password-change");
    }

    @Test
    void whoDoesNotKnowThePasswordCannotChangeIt() {
        isIncorrect(changing("not the password", chosen));
        isIncorrect(changing("", chosen));

        alice.login();
        assertThat(recorded("failure")).containsExactly("password-change", "password-change");
        Mailbox.awaitQuiet();
        assertThat(mailbox.arrived(CHANGED)).isEmpty();
    }

    @Test
    void ofManyWhoChangeAPasswordAtOnceOneSucceeds() {
        List<Integer> answers = Together.call(8, () -> changing(alice.password(), "a song of " + UUID.randomUUID())
                .statusCode());

        // Five wrong ones in a row, and the next has to wait.
        assertThat(answers).isSubsetOf(204, 401, 429).containsOnlyOnce(204);
    }

    @Test
    void anUnfitPasswordIsRefused() {
        isInvalid(changing(alice.password(), "seven77"), "new_password");
        isInvalid(changing(alice.password(), "x".repeat(73)), "new_password");
        isInvalid(changing("x".repeat(1025), chosen), "current_password");
        isInvalid(alice.json(Map.of()).post("/auth/password/change"), "current_password");
        isInvalid(resetting("x".repeat(43), "seven77"), "new_password");
        isInvalid(resetting("x".repeat(1025), chosen), "token");
        isInvalid(post("/auth/password/reset", Map.of()), "token");
        isInvalid(post("/auth/password/forgot", Map.of()), "email");
        isInvalid(post("/auth/password/forgot", Map.of("email", "x".repeat(320) + "@example.org")), "email");
        isInvalid(post("/auth/password/forgot", Map.of("email", "ada\u0000@example.org")), "email");
        given().contentType(ContentType.JSON)
                .post("/auth/password/forgot")
                .then()
                .statusCode(422);
    }

    @Test
    void aForgottenPasswordIsReplacedThroughAMail() {
        forgetting(alice.email().toUpperCase(Locale.ROOT));
        String token = mailbox.await(RESET).token();
        alice.request().get("/auth/me").then().statusCode(200);

        resetting(token, chosen).then().statusCode(204);

        alice.request().get("/auth/me").then().statusCode(401);
        Person.refreshing(alice.refreshToken()).then().statusCode(401);
        loggingIn(alice.email(), alice.password()).then().statusCode(401);
        String access = loggingIn(alice.email(), chosen)
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        bearing(access).get("/auth/me").then().body("email_verified", equalTo(true));
        mailbox.await(CHANGED);
        assertThat(recorded("success")).contains("password-reset-request", "password-reset");
    }

    @Test
    void aLinkIsGoodOnce() {
        String token = forgotten();

        List<Integer> answers = Together.call(8, () -> resetting(token, chosen).statusCode());

        assertThat(answers).containsOnly(204, 400).containsOnlyOnce(204);
        isRefused(resetting(token, alice.password()));
        loggingIn(alice.email(), chosen).then().statusCode(200);
    }

    @Test
    void aPersonMayAskTwiceButUsesOneLinkOnly() {
        String first = forgotten();
        forgetting(alice.email());
        String second = mailbox.await(2, RESET).token();

        resetting(first, chosen).then().statusCode(204);

        isRefused(resetting(second, alice.password()));
    }

    @Test
    void whatIsNoLinkIsRefused() {
        String token = forgotten();

        isRefused(resetting("", chosen));
        isRefused(resetting("x".repeat(43), chosen));
        isRefused(resetting(token.substring(1), chosen));
        isRefused(resetting(token + "\u0000", chosen));
        isRefused(resetting(mailbox.await("Confirm your e-mail address").token(), chosen));
        isRefused(resetting(alice.accessToken(), chosen));
        alice.login();
        resetting(token, chosen).then().statusCode(204);
    }

    @Test
    void anExpiredLinkIsRefused() {
        String token = forgotten();
        assertThat(Sql.query(
                        "SELECT extract(epoch FROM expires_at - now()) BETWEEN 1500 AND 1800 FROM one_time_tokens"
                                + " WHERE user_id = ? AND purpose = 'PASSWORD_RESET'",
                        alice.id()))
                .containsExactly(true);
        Sql.update("UPDATE one_time_tokens SET expires_at = now() WHERE user_id = ?", alice.id());

        isRefused(resetting(token, chosen));
        assertThat(recordedOfNobody("password-reset")).isTrue();
    }

    @Test
    void aLinkIsOfNoUseWhenThePasswordWasChangedMeanwhile() {
        String token = forgotten();
        changing(alice.password(), chosen).then().statusCode(204);

        isRefused(resetting(token, "another " + chosen));
    }

    @Test
    void whoIsShutOutCannotComeBackThroughAMail() {
        String token = forgotten();
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", alice.id());

        isRefused(resetting(token, chosen));
        forgetting(alice.email());
        Mailbox.awaitQuiet();
        assertThat(mailbox.arrived(RESET)).hasSize(1);
    }

    @Test
    void whoHasNoPasswordGetsOneThroughAMail() {
        Sql.update("UPDATE users SET password_hash = NULL WHERE id = ?", alice.id());
        isIncorrect(changing("", chosen));

        resetting(forgotten(), chosen).then().statusCode(204);

        loggingIn(alice.email(), chosen).then().statusCode(200);
    }

    @Test
    void theAnswerDoesNotTellWhoHasAnAccount() {
        Response known = forgetting(alice.email());
        Response unknown = forgetting(randomEmail());

        assertThat(known.asString()).isEqualTo(unknown.asString()).isEmpty();
        assertThat(known.headers().asList())
                .extracting(header -> header.getName().toLowerCase(Locale.ROOT))
                .isEqualTo(unknown.headers().asList().stream()
                        .map(header -> header.getName().toLowerCase(Locale.ROOT))
                        .toList());
        assertThat(recordedOfNobody("password-reset-request")).isTrue();
    }

    @Test
    void onlyHashesAreStored() {
        String token = forgotten();

        assertThat(Sql.query("SELECT token_hash FROM one_time_tokens WHERE user_id = ?", alice.id()))
                .allSatisfy(hash -> assertThat((byte[]) hash).hasSize(32));
        assertThat(Sql.query("SELECT one_time_tokens::text FROM one_time_tokens WHERE user_id = ?", alice.id()))
                .noneMatch(row -> row.toString().contains(token));
    }

    private String forgotten() {
        forgetting(alice.email());
        return mailbox.await(RESET).token();
    }

    private Response changing(String current, String chosen) {
        return alice.json(Map.of("current_password", current, "new_password", chosen))
                .post("/auth/password/change");
    }

    private static Response forgetting(String email) {
        Response answer = post("/auth/password/forgot", Map.of("email", " " + email + " "));
        answer.then().statusCode(202);
        return answer;
    }

    private static Response resetting(String token, String chosen) {
        return post("/auth/password/reset", Map.of("token", token, "new_password", chosen));
    }

    private static Response post(String path, Map<String, ?> body) {
        return given().contentType(ContentType.JSON).body(body).post(path);
    }

    private List<Object> recorded(String outcome) {
        return Sql.query(
                "SELECT type FROM audit_events WHERE subject_id = ? AND outcome = ? ORDER BY id", alice.id(), outcome);
    }

    private static boolean recordedOfNobody(String type) {
        return !Sql.query(
                        "SELECT id FROM audit_events WHERE type = ? AND outcome = 'failure' AND subject_id IS NULL",
                        type)
                .isEmpty();
    }

    private static void isIncorrect(Response answer) {
        answer.then().statusCode(401).body("detail", equalTo("Incorrect password"));
    }

    private static void isRefused(Response answer) {
        answer.then().statusCode(400).contentType("application/problem+json").body("type", endsWith(":invalid-token"));
    }

    private static void isInvalid(Response answer, String field) {
        answer.then().statusCode(422).body("errors.field", hasItem(field));
    }
}
