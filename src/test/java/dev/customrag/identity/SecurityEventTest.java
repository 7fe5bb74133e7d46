package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That security events are recorded: with all that is known of them, and with the change or not at all. */
@QuarkusTest
class SecurityEventTest {

    private static final String AGENT = "Probe/1.0 (security events)";

    @Inject
    TokenIssuer issuer;

    private Person alice;
    private Person admin;

    @BeforeEach
    void register() {
        alice = Person.registered();
        admin = Person.administrator();
    }

    @Test
    void registrations() {
        String email = Person.randomEmail();
        Response answer = registering(email);
        recorded(answer, "registration", "success", null, answer.path("id"), answer.path("id"), null);

        recorded(registering(email), "registration", "failure", "address-taken", null, null, null);
    }

    @Test
    void signIns() {
        Response answer = loggingIn(alice.email(), alice.password());
        recorded(answer, "sign-in", "success", "password", alice.id(), alice.id(), sid(answer.path("access_token")));

        recorded(loggingIn(alice.email(), "wrong"), "sign-in", "failure", "wrong-password", null, alice.id(), null);
        recorded(loggingIn(Person.randomEmail(), "wrong"), "sign-in", "failure", "unknown-address", null, null, null);
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", alice.id());
        recorded(
                loggingIn(alice.email(), alice.password()),
                "sign-in",
                "failure",
                "inactive-account",
                null,
                alice.id(),
                null);
    }

    @Test
    void refreshesAndReuse() {
        UUID session = sid(alice.accessToken());
        Response second = posting("/auth/refresh", Map.of("refresh_token", alice.refreshToken()));
        recorded(second, "refresh", "success", null, alice.id(), alice.id(), session);
        posting("/auth/refresh", Map.of("refresh_token", second.path("refresh_token")))
                .then()
                .statusCode(200);
        Sql.update("UPDATE refresh_tokens SET spent_at = spent_at - interval '1 hour' WHERE session_id = ?", session);

        Response reused = posting("/auth/refresh", Map.of("refresh_token", alice.refreshToken()));

        reused.then().statusCode(401);
        recorded(reused, "refresh-token-reuse", "failure", "spent-token", null, alice.id(), session);
        bearing(alice.accessToken()).get("/auth/me").then().statusCode(401);
    }

    @Test
    void waysOut() {
        Person.Tokens phone = alice.login();
        recorded(
                posting("/auth/logout", Map.of("refresh_token", phone.refresh())),
                "sign-out",
                "success",
                null,
                alice.id(),
                alice.id(),
                sid(phone.access()));
        UUID tablet = sid(alice.login().access());
        Response ended = as(alice).delete("/auth/sessions/{id}", tablet);
        recorded(ended, "session-ended", "success", null, alice.id(), alice.id(), sid(alice.accessToken()));
        assertThat(events(ended).getFirst().getString("object_id")).isEqualTo(tablet.toString());
        recorded(
                as(alice).post("/auth/logout-all"),
                "sign-out-everywhere",
                "success",
                null,
                alice.id(),
                alice.id(),
                sid(alice.accessToken()));
    }

    @Test
    void theEndOfAnAccount() {
        recorded(deleting("wrong"), "account-deleted", "failure", "wrong-password", null, alice.id(), null);
        UUID session = sid(alice.accessToken());
        recorded(deleting(alice.password()), "account-deleted", "success", null, alice.id(), alice.id(), session);
    }

    /** Somebody still has them: the person, or who took them. */
    @Test
    void tokensThatWereGoodOnce() {
        UUID session = sid(alice.accessToken());
        refused("inactive-account", "UPDATE users SET is_active = false WHERE id = ?", alice.id());
        Sql.update("UPDATE users SET is_active = true WHERE id = ?", alice.id());
        refused(
                "expired-session",
                "UPDATE sign_in_sessions SET created_at = now() - interval '31 days' WHERE id = ?",
                session);
        Sql.update("UPDATE sign_in_sessions SET created_at = now() WHERE id = ?", session);
        refused("unknown-token", "UPDATE refresh_tokens SET token_hash = sha256('') WHERE session_id = ?", session);
        refused("ended-session", "UPDATE sign_in_sessions SET ended_at = now() WHERE id = ?", session);
        refused("ended-session", "DELETE FROM sign_in_sessions WHERE id = ?", session);
    }

    @Test
    void tokensThatWereNeverGood() {
        String[] parts = alice.refreshToken().split("\\.");
        String forged = parts[0] + "." + parts[1] + "." + alice.accessToken().split("\\.")[2];
        for (String token : List.of("", "junk", alice.accessToken(), forged)) {
            for (String path : List.of("/auth/refresh", "/auth/logout")) {
                Response answer = posting(path, Map.of("refresh_token", token));
                assertThat(answer.statusCode()).isIn(400, 401);
                assertThat(events(answer)).isEmpty();
            }
        }
    }

    /** A week later; but nobody forges one that is recorded. */
    @Test
    void tokensThatAreOutOfDate() {
        String expired = expiredAt(Instant.now().minusSeconds(10));
        UUID session = sid(alice.accessToken());

        Response refresh = posting("/auth/refresh", Map.of("refresh_token", expired));
        refresh.then().statusCode(401);
        recorded(refresh, "refresh", "failure", "expired-token", null, alice.id(), session);
        Response logout = posting("/auth/logout", Map.of("refresh_token", expired));
        logout.then().statusCode(400);
        recorded(logout, "sign-out", "failure", "expired-token", null, alice.id(), session);

        String forged = expired.substring(0, expired.lastIndexOf('.') + 1)
                + alice.refreshToken().split("\\.")[2];
        Response answer = posting("/auth/refresh", Map.of("refresh_token", forged));
        answer.then().statusCode(401);
        assertThat(events(answer)).isEmpty();
    }

    private String expiredAt(Instant time) {
        var row = new RefreshToken();
        row.id = UUID.randomUUID();
        row.session = new SignInSession();
        row.session.id = sid(alice.accessToken());
        row.session.user = new User();
        row.session.user.id = alice.id();
        row.issuedAt = time.minus(Duration.ofDays(7));
        row.expiresAt = time;
        return issuer.refreshAgain(row).text();
    }

    private void refused(String reason, String change, UUID id) {
        Sql.update(change, id);
        UUID session = sid(alice.accessToken());
        Response refresh = posting("/auth/refresh", Map.of("refresh_token", alice.refreshToken()));
        refresh.then().statusCode(401);
        recorded(refresh, "refresh", "failure", reason, null, alice.id(), session);
        Response logout = posting("/auth/logout", Map.of("refresh_token", alice.refreshToken()));
        logout.then().statusCode(400);
        recorded(logout, "sign-out", "failure", reason, null, alice.id(), session);
    }

    @Test
    void whatAdministratorsDo() {
        UUID session = sid(admin.accessToken());
        for (var step : List.of(
                Map.entry(Map.of("is_active", false), "account-deactivated"),
                Map.entry(Map.of("is_active", true), "account-reactivated"))) {
            recorded(changing(step.getKey()), step.getValue(), "success", null, admin.id(), alice.id(), session);
        }
        for (var step : List.of(
                Map.entry(Map.of("roles", List.of("admin")), "role-granted"),
                Map.entry(Map.of("roles", List.of()), "role-revoked"))) {
            recorded(changing(step.getKey()), step.getValue(), "success", "admin", admin.id(), alice.id(), session);
        }
        Response refused = as(admin)
                .contentType(ContentType.JSON)
                .body(Map.of("is_active", false))
                .patch("/admin/users/{id}", admin.id());
        recorded(refused, "account-deactivated", "failure", "own-account", admin.id(), admin.id(), session);
    }

    @Test
    void aChangeThatCannotBeRecordedIsNotMade() {
        int before = sessions();
        refusingRows("INSERT", "audit_events", "NEW.subject_id = '" + alice.id() + "'", () -> {
            alice.request().post("/auth/logout-all").then().statusCode(500);
            changing(Map.of("is_active", false)).then().statusCode(500);
            Person.loggingIn(alice.email(), alice.password()).then().statusCode(500);
            Person.refreshing(alice.refreshToken()).then().statusCode(500);
            deleting(alice.password()).then().statusCode(500);
        });

        alice.request().get("/auth/me").then().statusCode(200).body("is_active", equalTo(true));
        alice.refresh(alice.tokens());
        assertThat(sessions()).isEqualTo(before);
    }

    @Test
    void aChangeThatIsNotMadeIsNotRecorded() {
        refusingRows("UPDATE", "users", "NEW.id = '" + alice.id() + "'", () -> {
            changing(Map.of("is_active", false)).then().statusCode(500);
            changing(Map.of("roles", List.of("admin"))).then().statusCode(500);
        });
        refusingRows("INSERT", "refresh_tokens", "true", () -> Person.loggingIn(alice.email(), alice.password())
                .then()
                .statusCode(500));

        alice.request().get("/auth/me").then().statusCode(200);
        assertThat(types(alice)).containsExactly("registration", "sign-in");
    }

    @Test
    void ofManyRegistrationsOfOneAddressOneIsRecorded() {
        String email = Person.randomEmail();

        List<Response> answers = Together.call(8, () -> registering(email));

        List<String> outcomes = new ArrayList<>();
        for (Response answer : answers) {
            List<JsonPath> events = events(answer);
            assertThat(events).hasSize(1);
            outcomes.add(events.getFirst().getString("outcome"));
        }
        assertThat(outcomes).containsOnly("success", "failure").containsOnlyOnce("success");
    }

    /** What a client sends in a header may be meant for whoever reads the record, or the log, line by line. */
    @Test
    void aUserAgentIsOneShortLine() throws IOException {
        for (String agent : List.of(
                "x".repeat(10_000),
                "Evil\tsign-in success \u0085root\u009b[2J",
                "<script>alert(1)</script>'; DROP TABLE audit_events; --",
                "\u00e9\u00fc".repeat(400))) {
            String requestId = loggingInRaw(agent);

            String stored = (String) Sql.query("SELECT user_agent FROM audit_events WHERE request_id = ?", requestId)
                    .getFirst();
            assertThat(stored).hasSizeBetween(1, 256).doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
        }
    }

    /** One event was recorded for a request, with everything. */
    private static void recorded(
            Response answer, String type, String outcome, String reason, Object actor, Object subject, UUID session) {
        List<JsonPath> events = events(answer);
        assertThat(events).hasSize(1);
        Map<String, Object> event = events.getFirst().getMap("");
        assertThat(event)
                .containsEntry("type", type)
                .containsEntry("outcome", outcome)
                .containsEntry("reason", reason)
                .containsEntry("actor_id", actor == null ? null : actor.toString())
                .containsEntry("subject_id", subject == null ? null : subject.toString())
                .containsEntry("session_id", session == null ? null : session.toString())
                .containsEntry("address_prefix", "127.0.0.0/24")
                .containsEntry("user_agent", AGENT);
        assertThat(Sql.query(
                        "SELECT 1 FROM audit_events WHERE id = ?::uuid"
                                + " AND occurred_at BETWEEN now() - interval '1 minute' AND now()",
                        event.get("id")))
                .hasSize(1);
    }

    private static List<JsonPath> events(Response answer) {
        return Sql.query(
                        "SELECT to_jsonb(event)::text FROM audit_events event WHERE request_id = ?",
                        answer.header("X-Request-Id"))
                .stream()
                .map(json -> JsonPath.from(json.toString()))
                .toList();
    }

    private List<Object> types(Person person) {
        return Sql.query("SELECT type FROM audit_events WHERE subject_id = ? ORDER BY occurred_at, id", person.id());
    }

    private int sessions() {
        return Sql.query("SELECT 1 FROM sign_in_sessions WHERE user_id = ?", alice.id())
                .size();
    }

    /** As if the database failed at one kind of row, for as long as that work takes. */
    private static void refusingRows(String change, String table, String which, Runnable work) {
        Sql.update("CREATE FUNCTION refuse_for_a_test() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'refused for a test'; END $$");
        try {
            Sql.update("CREATE TRIGGER refused_for_a_test BEFORE " + change + " ON " + table + " FOR EACH ROW WHEN ("
                    + which + ") EXECUTE FUNCTION refuse_for_a_test()");
            work.run();
        } finally {
            Sql.update("DROP FUNCTION refuse_for_a_test() CASCADE");
        }
    }

    /** Logs in with bytes no client library would send, and gives the id of the request. */
    private String loggingInRaw(String agent) throws IOException {
        String body = "{\"email\": \"" + alice.email() + "\", \"password\": \"wrong\"}";
        try (var socket = new Socket(URI.create(RestAssured.baseURI).getHost(), RestAssured.port)) {
            socket.getOutputStream()
                    .write(("POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "User-Agent: " + agent + "\r\nConnection: close\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 401");
            return answer.replaceAll("(?is).*\r\nX-Request-Id: ([^\r]+)\r.*", "$1");
        }
    }

    private static RequestSpecification as(Person person) {
        return person.request().header("User-Agent", AGENT);
    }

    private static Response posting(String path, Map<String, ?> body) {
        return given().header("User-Agent", AGENT)
                .contentType(ContentType.JSON)
                .body(body)
                .post(path);
    }

    private static Response registering(String email) {
        return posting(
                "/auth/register",
                Map.of("email", email, "first_name", "Ada", "last_name", "Lovelace", "password", "correct horse"));
    }

    private static Response loggingIn(String email, String password) {
        return posting("/auth/login", Map.of("email", email, "password", password));
    }

    private Response changing(Map<String, ?> change) {
        return as(admin).contentType(ContentType.JSON).body(change).patch("/admin/users/{id}", alice.id());
    }

    private Response deleting(String password) {
        return as(alice)
                .contentType(ContentType.JSON)
                .body(Map.of("password", password))
                .delete("/auth/me");
    }

    /** The sign-in an access token names. */
    private static UUID sid(String accessToken) {
        String claims = new String(Base64.getUrlDecoder().decode(accessToken.split("\\.")[1]), StandardCharsets.UTF_8);
        return UUID.fromString(JsonPath.from(claims).getString("sid"));
    }
}
