package dev.customrag.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Making, listing and revoking API keys. */
@QuarkusTest
class ApiKeyTest {

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void aKeyIsShownOnce() {
        Instant expiry = Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MICROS);

        Map<String, Object> made = making("  Backup script ", expiry)
                .then()
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .extract()
                .path("");

        String key = (String) made.get("key");
        assertThat(key).matches("cra_[0-9A-Za-z]{49}");
        assertThat(made)
                .containsOnlyKeys("id", "name", "key", "hint", "created_at", "expires_at", "last_used_at")
                .containsEntry("name", "Backup script")
                .containsEntry("hint", key.substring(0, 8))
                .containsEntry("expires_at", expiry.toString())
                .containsEntry("last_used_at", null);
        assertThat(UUID.fromString((String) made.get("id")).version()).isEqualTo(7);

        Map<String, Object> listed = new HashMap<>(made);
        listed.remove("key");
        assertThat(keys()).containsExactly(listed);
    }

    @Test
    void aNewKeyIsAnnouncedByMail() {
        making("Backup script", null).then().statusCode(201);

        var mail = new Mailbox(alice.email()).await("An API key was created");

        // Somebody else may have made it, and named it as they liked.
        assertThat(mail.raw()).doesNotContain("Backup script", "cra_");
    }

    @Test
    void aKeyNeedNotExpire() {
        making("Forever", null).then().statusCode(201).body("expires_at", nullValue());
        alice.request().get("/auth/api-keys").then().body("items[0].expires_at", nullValue());
    }

    @Test
    void theNewestKeyComesFirstAndPagesFollow() {
        List.of("one", "two", "three").forEach(name -> making(name, null));

        String cursor = alice.request()
                .get("/auth/api-keys?limit=2")
                .then()
                .statusCode(200)
                .body("items.name", contains("three", "two"))
                .body("next_cursor", notNullValue())
                .extract()
                .path("next_cursor");
        alice.request()
                .get("/auth/api-keys?limit=2&cursor={cursor}", cursor)
                .then()
                .body("items.name", contains("one"))
                .body("next_cursor", nullValue());
        alice.request().get("/auth/api-keys?limit=101").then().statusCode(422);
        alice.request().get("/auth/api-keys?cursor=rubbish").then().statusCode(400);
    }

    @Test
    void aRevokedKeyIsGoneFromTheList() {
        String id = making("Old", null).path("id");
        making("New", null);

        revoking(alice, id).then().statusCode(204);

        alice.request().get("/auth/api-keys").then().body("items.name", contains("New"));
        revoking(alice, id).then().statusCode(404).body("detail", equalTo("API key not found"));
    }

    @Test
    void ofManyWhoRevokeAKeyAtOnceOneDoes() {
        String id = making("Old", null).path("id");

        assertThat(Together.call(10, () -> revoking(alice, id).statusCode()))
                .containsOnly(204, 404)
                .containsOnlyOnce(204);
        assertThat(audited("api-key-revoked")).hasSize(1);
    }

    @Test
    void anotherPersonsKeyLooksLikeNone() {
        String id = making("Alice's", null).path("id");
        Person bob = Person.registered();

        bob.request().get("/auth/api-keys").then().statusCode(200).body("items", empty());
        revoking(bob, id).then().statusCode(404).body("detail", equalTo("API key not found"));
        revoking(bob, UUID.randomUUID().toString()).then().statusCode(404);
        revoking(bob, "rubbish").then().statusCode(404);
        alice.request().get("/auth/api-keys").then().body("items.size()", equalTo(1));
    }

    @Test
    void withoutATokenThereAreNoKeys() {
        given().get("/auth/api-keys").then().statusCode(401);
        given().contentType("application/json")
                .body(Map.of("name", "Mine"))
                .post("/auth/api-keys")
                .then()
                .statusCode(401);
        given().delete("/auth/api-keys/{id}", UUID.randomUUID()).then().statusCode(401);
    }

    @Test
    void aNameIsOneLineOfTextAndATimeIsToCome() {
        for (String name : new String[] {"", "  ", "x".repeat(101), "two\nlines", "\u0000", "\u2028"}) {
            making(name, null).then().statusCode(422).body("errors.field", contains("name"));
        }
        for (String time : new String[] {
            Instant.now().minusSeconds(1).toString(),
            "1970-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "+10000-01-01T00:00:00Z",
            "+1000000000-12-31T23:59:59Z",
            "2099-01-01",
            "tomorrow"
        }) {
            posting(Map.of("name", "Key", "expires_at", time))
                    .then()
                    .statusCode(422)
                    .body("errors.field", contains("expires_at"));
        }
        posting(Map.of("name", "Key", "expires_at", 1e300)).then().statusCode(422);
        posting(Map.of("name", "Key", "expires_at", List.of())).then().statusCode(422);
        posting(Map.of()).then().statusCode(422).body("errors.field", contains("name"));
        posting(List.of()).then().statusCode(400);
        posting(Map.of("name", "x".repeat(2_000_000))).then().statusCode(413);
        assertThat(keys()).isEmpty();

        making("x".repeat(100), null).then().statusCode(201);
        making("Zürich 🔑 'quoted' \"twice\"", null).then().statusCode(201);
    }

    @Test
    void whatIsNotAskedForIsNotTaken() {
        UUID id = UUID.randomUUID();
        posting(Map.of("name", "Key", "id", id, "key", "cra_mine", "hint", "mine", "user_id", id, "revoked_at", "x"))
                .then()
                .statusCode(201);

        assertThat(keys().getFirst()).doesNotContainEntry("id", id.toString()).doesNotContainEntry("hint", "mine");
        assertThat(Sql.query("SELECT user_id FROM api_keys WHERE user_id = ?", alice.id()))
                .containsExactly(alice.id());
    }

    @Test
    void nobodyHasMoreThanFiftyKeysHoweverFastTheyAreMade() {
        for (int i = 0; i < 45; i++) {
            making("Key " + i, null).then().statusCode(201);
        }

        List<Integer> answers = Together.call(20, () -> making("One more", null).statusCode());

        assertThat(answers)
                .containsOnly(201, 409)
                .filteredOn(answer -> answer == 201)
                .hasSize(5);
        making("One more", null)
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:customrag:problem:too-many-api-keys"));
        Person.registered().withKey();

        revoking(alice, (String) keys().getFirst().get("id"));
        making("In its place", null).then().statusCode(201);
    }

    @Test
    void makingAndRevokingIsRecorded() {
        String id = making("Backup", null).path("id");
        revoking(alice, id);

        for (String type : List.of("api-key-created", "api-key-revoked")) {
            assertThat(Sql.query(
                            "SELECT outcome FROM audit_events WHERE type = ? AND object_id = ? AND subject_id = ?"
                                    + " AND actor_id = subject_id AND session_id IS NOT NULL AND request_id <> ''",
                            type,
                            UUID.fromString(id),
                            alice.id()))
                    .containsExactly("success");
        }
    }

    @Test
    void theTextOfAKeyIsStoredNowhere() {
        String key = making("Backup", null).path("key");
        Person.bearing(key).get("/auth/me").then().statusCode(200);
        String random = key.substring(8, 47);

        List<Object> tables = Sql.query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()");
        assertThat(tables).contains("api_keys", "audit_events", "background_tasks");
        for (Object table : tables) {
            assertThat(Sql.query(
                            "SELECT 1 FROM " + table + " row WHERE row::text LIKE '%' || ? || '%' OR row::text LIKE ?",
                            random,
                            "%" + HexFormat.of().formatHex(random.getBytes(StandardCharsets.US_ASCII)) + "%"))
                    .as("rows of " + table)
                    .isEmpty();
        }
    }

    private List<Object> audited(String type) {
        return Sql.query("SELECT id FROM audit_events WHERE type = ? AND subject_id = ?", type, alice.id());
    }

    private List<Map<String, Object>> keys() {
        return new ArrayList<>(alice.request()
                .get("/auth/api-keys?limit=100")
                .then()
                .statusCode(200)
                .extract()
                .path("items"));
    }

    private Response making(String name, Instant expiry) {
        Map<String, Object> body = new HashMap<>();
        body.put("name", name);
        body.put("expires_at", expiry == null ? null : expiry.toString());
        return posting(body);
    }

    private Response posting(Object body) {
        return alice.json(body).post("/auth/api-keys");
    }

    private static Response revoking(Person person, String id) {
        return person.request().delete("/auth/api-keys/{id}", id);
    }
}
