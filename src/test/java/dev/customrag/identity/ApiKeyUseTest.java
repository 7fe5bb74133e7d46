package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import dev.customrag.testing.ApiCalls;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Sse;
import dev.customrag.testing.Together;
import io.quarkus.arc.Arc;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a program may do with an API key, and until when. */
@QuarkusTest
class ApiKeyUseTest {

    @TestHTTPResource("/")
    URI root;

    @TestHTTPResource("/documents/events")
    URI events;

    private Person alice;
    private Person program;
    private String key;

    @BeforeEach
    void makeKey() {
        alice = Person.registered();
        program = alice.withKey();
        key = program.accessToken();
    }

    @Test
    void aKeyStandsForItsOwner() {
        assertThat(program.request()
                        .get("/auth/me")
                        .then()
                        .statusCode(200)
                        .extract()
                        .<Map<String, Object>>path(""))
                .isEqualTo(alice.request().get("/auth/me").path(""))
                .containsEntry("id", alice.id().toString());
        given().header("Authorization", "bearer " + key).get("/auth/me").then().statusCode(200);
    }

    @Test
    void aProgramWorksWithDocumentsAndConversations() {
        String document = program.uploaded("lease.txt", "The rent of the flat is 950 euros a month.");

        alice.request().get("/documents").then().body("items.id", hasItem(document));
        program.request().get("/documents/{id}/content", document).then().statusCode(200);
        program.json(Map.of("query", "rent of the flat"))
                .post("/search")
                .then()
                .statusCode(200)
                .body("passages[0].document_id", equalTo(document));
        program.request().get("/models").then().statusCode(200);
        String session = program.json(Map.of())
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        program.json(Map.of("content", "How much is the rent?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201)
                .body("role", equalTo("assistant"));
        try (var answer = Sse.post(
                root.resolve("/sessions/" + session + "/messages"), key, "{\"content\": \"How much is the rent?\"}")) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.rest().getLast().name()).isEqualTo("done");
        }
        alice.request().get("/sessions/{id}/messages", session).then().body("items", hasSize(4));
        program.request().delete("/documents/{id}", document).then().statusCode(204);
    }

    @Test
    void aProgramSeesNobodyElsesThings() {
        String document = Person.registered().uploaded("hers.txt", "Nothing for others.");

        program.request().get("/documents/{id}", document).then().statusCode(404);
    }

    @Test
    void everyOtherCallTakesAKey() {
        makeAdministrator();
        for (var call : ApiCalls.protectedOnes()) {
            if (!guardsAccounts(call) && !call.path().equals(events.getPath())) {
                assertThat(call.as(program.request()).statusCode())
                        .as(call.toString())
                        .isNotIn(401, 403)
                        .isLessThan(500);
            }
        }
    }

    /** An administrator's key too: what it takes over would be everybody's. */
    @Test
    void noCallThatGuardsAnAccountTakesAKey() {
        makeAdministrator();
        List<ApiCalls.Call> guarding = ApiCalls.protectedOnes().stream()
                .filter(ApiKeyUseTest::guardsAccounts)
                .toList();

        assertThat(guarding)
                .extracting(ApiCalls.Call::path)
                .contains("/auth/api-keys", "/auth/sessions", "/auth/me", "/privacy/export");
        for (var call : guarding) {
            Response answer = call.as(program.request());
            assertThat(answer.statusCode()).as(call.toString()).isEqualTo(403);
            answer.then()
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:customrag:problem:api-key-not-allowed"))
                    .body("detail", equalTo("An API key may not do this. Sign in to do it."));
        }
        alice.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void theApiDescriptionNamesBoth() {
        given().accept("application/json")
                .get("/q/openapi")
                .then()
                .body("components.securitySchemes.size()", equalTo(1))
                .body("components.securitySchemes.bearer.type", equalTo("http"))
                .body("components.securitySchemes.bearer.scheme", equalTo("bearer"))
                .body(
                        "components.securitySchemes.bearer.description",
                        allOf(containsString("access token"), containsString("API key")));
    }

    @Test
    void whoSignsInWithAKeyHasNoSession() {
        alice.request().get("/auth/sessions").then().body("items", hasSize(1));
        Person.refreshing(key).then().statusCode(401);
        Person.loggingOut(key).then().statusCode(400);
        program.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void aKeyOutlivesTheSignInItWasMadeIn() {
        alice.request().post("/auth/logout-all").then().statusCode(204);

        program.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void aRevokedKeyIsRefusedAtOnce() {
        revoke();

        isRefused(key);
        assertThat(refusals()).containsExactly("revoked");
    }

    @Test
    void anExpiredKeyIsRefusedAtOnce() {
        Sql.update("UPDATE api_keys SET expires_at = now() + interval '1 hour' WHERE user_id = ?", alice.id());
        program.request().get("/auth/me").then().statusCode(200);
        Sql.update("UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE user_id = ?", alice.id());

        isRefused(key);
        assertThat(refusals()).containsExactly("expired");
        alice.request().get("/auth/api-keys").then().body("items", hasSize(1));
    }

    @Test
    void theKeyOfAnInactivePersonIsRefusedUntilTheyAreBack() {
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", alice.id());
        for (var call : ApiCalls.protectedOnes()) {
            assertThat(call.as(program.request()).statusCode())
                    .as(call.toString())
                    .isEqualTo(401);
        }
        assertThat(refusals()).containsExactly("inactive-account");

        Sql.update("UPDATE users SET is_active = true WHERE id = ?", alice.id());
        program.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void theKeyGoesWithThePerson() {
        alice.json(Map.of("password", alice.password()))
                .delete("/auth/me")
                .then()
                .statusCode(204);

        isRefused(key);
        assertThat(Sql.query("SELECT id FROM api_keys WHERE user_id = ?", alice.id()))
                .isEmpty();
    }

    @Test
    void whatIsNoKeyIsRefused() {
        String nobodys = KeyText.random(new SecureRandom()).value();
        for (String wrong : List.of(
                nobodys,
                "cra_",
                "cra_ ",
                "cra_x",
                key + "x",
                key.substring(0, 52),
                key.substring(0, 52) + (key.endsWith("x") ? "y" : "x"),
                "cra_" + "0".repeat(49),
                "cra_%00%0a'--",
                "cra_" + "é".repeat(49),
                key + ", Bearer " + key,
                key + "." + key + "." + key,
                "cra_" + "x".repeat(15_000),
                key.toUpperCase(Locale.ROOT))) {
            isRefused(wrong);
        }
        assertThat(Sql.query("SELECT count(*) FROM audit_events WHERE type = 'api-key-use' AND subject_id IS NULL"))
                .containsExactly(0L);
    }

    @Test
    void aKeyIsTakenInTheHeaderOnly() {
        for (String name : List.of("access_token", "api_key", "key", "token")) {
            given().queryParam(name, key).get("/auth/me").then().statusCode(401);
            given().cookie(name, key).get("/auth/me").then().statusCode(401);
        }
        given().header("X-API-Key", key).get("/auth/me").then().statusCode(401);
        given().header("Authorization", key).get("/auth/me").then().statusCode(401);
        given().auth().preemptive().basic(key, "").get("/auth/me").then().statusCode(401);
    }

    @Test
    void publicCallsIgnoreAKeyThatIsNoLongerGood() {
        revoke();

        program.request().get("/.well-known/jwks.json").then().statusCode(200);
        bearing("cra_rubbish").get("/.well-known/jwks.json").then().statusCode(200);
    }

    @Test
    void useIsNotedOnceAMinute() {
        assertThat(lastUsed()).isNull();

        List<Integer> answers =
                Together.call(20, () -> program.request().get("/auth/me").statusCode());
        assertThat(answers).containsOnly(200);
        String first = lastUsed();
        assertThat(first).isNotNull();
        program.request().get("/auth/me");
        assertThat(lastUsed()).isEqualTo(first);

        Sql.update("UPDATE api_keys SET last_used_at = now() - interval '61 seconds' WHERE user_id = ?", alice.id());
        program.request().get("/auth/me");
        assertThat(lastUsed()).isGreaterThan(first);
    }

    /** Somebody else works on the row, as a backup might: the request does not wait for them. */
    @Test
    void notingUseWaitsForNobody() throws Exception {
        CompletableFuture<Integer> answer;
        try (var connection = Arc.container().instance(DataSource.class).get().getConnection();
                var lock = connection.prepareStatement("SELECT id FROM api_keys WHERE user_id = ? FOR UPDATE")) {
            connection.setAutoCommit(false);
            lock.setObject(1, alice.id());
            lock.executeQuery();
            answer = CompletableFuture.supplyAsync(
                    () -> program.request().get("/auth/me").statusCode());
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(200);
            connection.rollback();
            connection.setAutoCommit(true);
        }
        assertThat(lastUsed()).isNull();
    }

    @Test
    void refusalsAreRecordedOnceAMinute() {
        revoke();

        Together.call(20, () -> program.request().get("/auth/me").statusCode());
        isRefused(key);
        assertThat(refusals()).containsExactly("revoked");
        assertThat(Sql.query(
                        "SELECT id FROM audit_events WHERE type = 'api-key-use' AND subject_id = ? AND outcome = 'failure'"
                                + " AND actor_id IS NULL AND object_id IS NOT NULL AND request_id <> ''"
                                + " AND address_prefix <> ''",
                        alice.id()))
                .hasSize(1);

        Sql.update("UPDATE api_keys SET refused_at = now() - interval '61 seconds' WHERE user_id = ?", alice.id());
        isRefused(key);
        assertThat(refusals()).containsExactly("revoked", "revoked");
    }

    @Test
    void aStreamEndsWithItsKey() {
        try (var stream = Sse.get(events, key)) {
            assertThat(stream.status()).isEqualTo(200);
            program.uploading("note.txt", "A note.".getBytes(StandardCharsets.UTF_8));
            assertThat(stream.next()).isPresent();

            revoke();

            assertThat(CompletableFuture.supplyAsync(stream::rest).orTimeout(20, TimeUnit.SECONDS))
                    .succeedsWithin(Duration.ofSeconds(20));
        }
        try (var refused = Sse.get(events, key)) {
            assertThat(refused.status()).isEqualTo(401);
        }
    }

    /** An export has what the others guard. */
    private static boolean guardsAccounts(ApiCalls.Call call) {
        boolean reads = call.method().equals("GET");
        return call.path().startsWith("/auth/") && !(reads && call.path().equals("/auth/me"))
                || call.path().equals("/privacy/export")
                || call.path().startsWith("/admin/") && !reads;
    }

    private void makeAdministrator() {
        Sql.update("UPDATE users SET roles = '{admin}' WHERE id = ?", alice.id());
    }

    private void revoke() {
        String id = alice.request().get("/auth/api-keys").path("items[0].id");
        alice.request()
                .delete("/auth/api-keys/{id}", UUID.fromString(id))
                .then()
                .statusCode(204);
    }

    private String lastUsed() {
        return alice.request().get("/auth/api-keys").path("items[0].last_used_at");
    }

    private List<Object> refusals() {
        return Sql.query(
                "SELECT reason FROM audit_events WHERE type = 'api-key-use' AND subject_id = ? ORDER BY id",
                alice.id());
    }

    private static void isRefused(String key) {
        bearing(key)
                .get("/auth/me")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                .body("type", equalTo("urn:customrag:problem:invalid-token"));
    }
}
