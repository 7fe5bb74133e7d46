package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingIn;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.Authenticator;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An account changes hands: to its rightful owner, or away from who has lost it. */
@QuarkusTest
class TakeoverTest {

    private static final String CHOSEN = "words of my own choice";

    private Person stranger;

    @BeforeEach
    void register() {
        stranger = Person.registered();
    }

    @Test
    void theResetThatProvesTheAddressClosesEveryOtherWayIn() {
        String key = keyOf(stranger);
        Authenticator.confirmed(stranger, new ArrayList<>());
        Sql.update(
                "INSERT INTO social_identities (id, user_id, provider, subject, created_at)"
                        + " VALUES (gen_random_uuid(), ?, 'example', ?, now())",
                stranger.id(),
                "subject-" + stranger.id());

        reset();

        bearing(key).get("/auth/me").then().statusCode(401);
        loggingIn(stranger.email(), CHOSEN).then().statusCode(200);
        assertThat(Sql.query("SELECT id FROM social_identities WHERE user_id = ?", stranger.id()))
                .isEmpty();
        assertThat(Sql.query(
                        "SELECT type FROM audit_events WHERE subject_id = ? AND reason = 'address-proven' ORDER BY type",
                        stranger.id()))
                .containsExactly("api-key-revoked", "provider-unlinked", "second-factor-removed");
    }

    @Test
    void aResetByWhoHadProvenTheAddressLeavesThem() {
        Sql.update("UPDATE users SET email_verified = true WHERE id = ?", stranger.id());
        String key = keyOf(stranger);

        reset();

        bearing(key).get("/auth/me").then().statusCode(200);
    }

    /** Strangers can keep networks that are not known waiting; a reset shows that it is no stranger. */
    @Test
    void aResetForgetsTheFailures() {
        for (int i = 0; i < 6; i++) {
            loggingIn(stranger.email(), "a wrong guess");
        }
        loggingIn(stranger.email(), stranger.password()).then().statusCode(429);

        reset();

        loggingIn(stranger.email(), CHOSEN).then().statusCode(200);
    }

    /** A rename that was read before and written after brings nothing back. */
    @Test
    void aRenameAtTheSameMomentUndoesNothing() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> renaming = QuarkusTransaction.requiringNew().call(() -> {
                User user = User.locked(stranger.id()).orElseThrow();
                Future<Response> waiting = threads.submit(
                        () -> stranger.json(Map.of("first_name", "Grace")).patch("/auth/me"));
                awaitALock();
                user.active = false;
                return waiting;
            });

            renaming.get(30, TimeUnit.SECONDS).then().statusCode(401);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }

        assertThat(Sql.query("SELECT is_active FROM users WHERE id = ?", stranger.id()))
                .isEqualTo(List.of(false));
    }

    @Test
    void anOldSignInMakesNoKey() {
        Sql.update(
                "UPDATE sign_in_sessions SET created_at = now() - interval '16 minutes' WHERE user_id = ?",
                stranger.id());

        stranger.json(Map.of("name", "laptop"))
                .post("/auth/api-keys")
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:customrag:problem:sign-in-too-old"));
    }

    private static void awaitALock() {
        Awaitility.await().until(() -> !Sql.query(
                        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%users%'")
                .isEmpty());
    }

    private static String keyOf(Person person) {
        return person.json(Map.of("name", "laptop " + UUID.randomUUID()))
                .post("/auth/api-keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
    }

    private void reset() {
        given().contentType(ContentType.JSON)
                .body(Map.of("email", stranger.email()))
                .post("/auth/password/forgot")
                .then()
                .statusCode(202);
        String token =
                new Mailbox(stranger.email()).await("Choose a new password").token();
        given().contentType(ContentType.JSON)
                .body(Map.of("token", token, "new_password", CHOSEN))
                .post("/auth/password/reset")
                .then()
                .statusCode(204);
    }
}
