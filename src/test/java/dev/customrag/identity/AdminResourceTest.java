package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.refreshing;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.ApiCalls;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking after accounts through HTTP. */
@QuarkusTest
class AdminResourceTest {

    private Person admin;
    private Person alice;

    @BeforeEach
    void register() {
        admin = Person.administrator();
        alice = Person.registered();
    }

    @Test
    void nobodyElseAdministers() {
        for (var call : ApiCalls.protectedOnes()) {
            if (call.path().startsWith("/admin")) {
                call.as(alice.request()).then().statusCode(403).contentType("application/problem+json");
            }
        }
        changing(alice, alice.id(), Map.of("roles", List.of("admin"))).then().statusCode(403);
        given().get("/admin/users").then().statusCode(401);
    }

    @Test
    void anAccountIsShownWithItsRolesAndLastSignIn() {
        Map<String, Object> account = admin.request()
                .get("/admin/users/{id}", alice.id())
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .extract()
                .path("");

        assertThat(account)
                .containsOnlyKeys(
                        "id",
                        "email",
                        "first_name",
                        "last_name",
                        "is_active",
                        "email_verified",
                        "created_at",
                        "roles",
                        "last_sign_in_at")
                .containsEntry("id", alice.id().toString())
                .containsEntry("email", alice.email())
                .containsEntry("is_active", true)
                .containsEntry("roles", List.of());
        assertThat((String) account.get("last_sign_in_at")).endsWith("Z");
        admin.request().get("/admin/users/{id}", admin.id()).then().body("roles", contains("admin"));
    }

    @Test
    void whoNeverSignedInHasNoLastTime() {
        String id = Person.registering(Person.randomEmail(), "correct horse").path("id");

        admin.request().get("/admin/users/{id}", id).then().statusCode(200).body("last_sign_in_at", nullValue());
        finding("q", emailOf(id)).then().body("items[0].last_sign_in_at", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0198f000-0000-7000-8000-000000000000"})
    void anAccountThatIsNotThere(String id) {
        admin.request().get("/admin/users/{id}", id).then().statusCode(404);
        changing(admin, id, Map.of("is_active", false)).then().statusCode(404);
    }

    @Test
    void accountsAreListedNewestFirstPageByPage() {
        Person bob = Person.registered();

        Response first = admin.request().get("/admin/users?limit=1");
        first.then().statusCode(200).body("items.id", contains(bob.id().toString()));
        admin.request()
                .queryParam("cursor", first.<String>path("next_cursor"))
                .get("/admin/users?limit=2")
                .then()
                .statusCode(200)
                .body("items.id", contains(alice.id().toString(), admin.id().toString()))
                .body("items[0].last_sign_in_at", notNullValue())
                .body("next_cursor", notNullValue());
    }

    @Test
    void anAccountIsFoundByPartOfItsAddressOrName() {
        String name = "N" + UUID.randomUUID().toString().replace("-", "");
        alice.json(Map.of("first_name", name, "last_name", "Ölmann"))
                .patch("/auth/me")
                .then()
                .statusCode(200);

        for (String text : List.of(
                alice.email(),
                alice.email().toUpperCase(Locale.ROOT),
                alice.email().substring(3, 30),
                name.toLowerCase(Locale.ROOT),
                name.substring(5),
                name + " ölm",
                "  " + name + " ")) {
            finding("q", text)
                    .then()
                    .statusCode(200)
                    .body("items.id", contains(alice.id().toString()));
        }
        finding("q", name + "x").then().body("items", empty());
    }

    @Test
    void aSearchKnowsNoWildcards() {
        String name = UUID.randomUUID().toString();
        alice.json(Map.of("first_name", name + "a%b_c!d\\e")).patch("/auth/me");
        Person bob = Person.registered();
        bob.json(Map.of("first_name", name + "axbxcxdxe")).patch("/auth/me");

        for (String text : List.of("a%b", "b_c", "c!d", "d\\e", "%b_c!d\\")) {
            finding("q", text)
                    .then()
                    .statusCode(200)
                    .body("items.id", contains(alice.id().toString()));
        }
        finding("q", name + "%").then().body("items", empty());
        finding("q", "' OR 1 = 1 --").then().statusCode(200).body("items", empty());
    }

    @Test
    void filtersCombine() {
        String text = alice.email();
        finding("q", text, "is_active", "true").then().body("items", hasSize(1));
        finding("q", text, "is_active", "false").then().body("items", empty());
        finding("q", text, "role", "admin").then().body("items", empty());
        finding("q", text, "is_active", "", "role", "").then().body("items", hasSize(1));

        Sql.update("UPDATE users SET is_active = false, roles = '{admin}' WHERE id = ?", alice.id());

        finding("q", text, "is_active", "false", "role", "admin").then().body("items", hasSize(1));
        finding("q", text, "is_active", "true", "role", "admin").then().body("items", empty());
    }

    @ParameterizedTest
    @CsvSource({
        "is_active, maybe, is_active",
        "role, root, role",
        "limit, 0, limit",
        "limit, 101, limit",
        "q, 'a\u0000b', q",
        "q, 'a\nb', q"
    })
    void aFilterThatMakesNoSense(String name, String value, String field) {
        finding(name, value).then().statusCode(422).body("errors[0].field", equalTo(field));
    }

    @Test
    void aSearchTextHasAnEnd() {
        finding("q", "x".repeat(254)).then().statusCode(200);
        finding("q", "x".repeat(255)).then().statusCode(422);
        finding("cursor", "rubbish").then().statusCode(400);
    }

    @Test
    void aDeactivatedPersonIsOutAtOnceAndStaysOut() {
        Person.Tokens phone = alice.login();

        changing(admin, alice.id(), Map.of("is_active", false))
                .then()
                .statusCode(200)
                .body("is_active", equalTo(false))
                .body("email", equalTo(alice.email()));

        alice.request().get("/auth/me").then().statusCode(401);
        refreshing(phone.refresh()).then().statusCode(401);
        loggingIn(alice.email(), alice.password()).then().statusCode(401);

        changing(admin, alice.id(), Map.of("is_active", true))
                .then()
                .statusCode(200)
                .body("is_active", equalTo(true));

        alice.request().get("/auth/me").then().statusCode(401);
        bearing(phone.access()).get("/auth/me").then().statusCode(401);
        refreshing(phone.refresh()).then().statusCode(401);
        bearing(alice.login().access()).get("/auth/me").then().statusCode(200);
    }

    @Test
    void aDeactivatedPersonsKeysRestUntilTheyAreBack() {
        Person program = alice.withKey();

        changing(admin, alice.id(), Map.of("is_active", false)).then().statusCode(200);
        program.request().get("/auth/me").then().statusCode(401);

        changing(admin, alice.id(), Map.of("is_active", true)).then().statusCode(200);
        program.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void anAdministratorsKeyReadsAndChangesNothing() {
        Person program = admin.withKey();

        program.request().get("/admin/users").then().statusCode(200);
        program.request().get("/admin/users/{id}", alice.id()).then().statusCode(200);
        program.request().get("/admin/audit-events").then().statusCode(200);
        changing(program, alice.id(), Map.of("is_active", false)).then().statusCode(403);
        changing(program, alice.id(), Map.of("roles", List.of("admin"))).then().statusCode(403);
        program.request().get("/auth/events").then().statusCode(403);
        assertThat(changesOf(alice)).isEmpty();
    }

    @Test
    void aRoleHoldsFromTheNextRequestOn() {
        changing(admin, alice.id(), Map.of("roles", List.of("admin", "admin")))
                .then()
                .statusCode(200)
                .body("roles", contains("admin"));
        alice.request().get("/admin/users").then().statusCode(200);

        changing(admin, alice.id(), Map.of("roles", List.of()))
                .then()
                .statusCode(200)
                .body("roles", empty());
        alice.request().get("/admin/users").then().statusCode(403);
        alice.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void whatIsAlreadySoIsNoEvent() {
        changing(admin, alice.id(), Map.of("is_active", true, "roles", List.of()))
                .then()
                .statusCode(200);
        changing(admin, alice.id(), Map.of()).then().statusCode(200);

        assertThat(changesOf(alice)).isEmpty();
    }

    @Test
    void changesAreRecordedWithWhoMadeThem() {
        changing(admin, alice.id(), Map.of("is_active", false, "roles", List.of("admin")));
        changing(admin, alice.id(), Map.of("is_active", true, "roles", List.of()));

        assertThat(changesOf(alice))
                .containsExactly("account-deactivated", "role-granted", "account-reactivated", "role-revoked");
        assertThat(Sql.query(
                        "SELECT DISTINCT actor_id FROM audit_events WHERE subject_id = ? AND type LIKE 'role%'",
                        alice.id()))
                .containsExactly(admin.id());
    }

    @Test
    void nothingElseIsChanged() {
        changing(
                        admin,
                        alice.id(),
                        Map.of(
                                "id",
                                UUID.randomUUID().toString(),
                                "email",
                                Person.randomEmail(),
                                "email_verified",
                                true,
                                "password_hash",
                                "x",
                                "first_name",
                                "Eve",
                                "is_active",
                                true))
                .then()
                .statusCode(200)
                .body("id", equalTo(alice.id().toString()))
                .body("email", equalTo(alice.email()))
                .body("email_verified", equalTo(false))
                .body("first_name", equalTo("Ada"));
        loggingIn(alice.email(), alice.password()).then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"roles\": [\"root\"]} | roles[0]",
                "{\"roles\": [\"ADMIN\"]} | roles[0]",
                "{\"roles\": [\"admin\", \"signed-in\"]} | roles[1]",
                "{\"roles\": [null]} | roles[0]",
                "{\"roles\": \"admin\"} | roles",
                "{\"is_active\": \"perhaps\"} | is_active",
                "{\"is_active\": {}} | is_active"
            })
    void aChangeThatMakesNoSense(String body, String field) {
        sending(body).then().statusCode(422).body("errors[0].field", equalTo(field));
    }

    @Test
    void aBodyThatIsNone() {
        sending("{\"is_active\": ").then().statusCode(400);
        sending("[]").then().statusCode(400);
        sending("null").then().statusCode(400);
        String many = "\"admin\",".repeat(11);
        sending("{\"roles\": [" + many.substring(0, many.length() - 1) + "]}")
                .then()
                .statusCode(422);
        sending("{\"roles\": null, \"is_active\": null}").then().statusCode(200).body("is_active", equalTo(true));
        assertThat(changesOf(alice)).isEmpty();
    }

    @Test
    void anAdministratorSeesNoDocumentsAndNoConversations() {
        String document = alice.uploaded("lease.txt", "The notice period is three months.");
        String session = alice.json(Map.of()).post("/sessions").path("id");
        var theirs = List.of(document, session);

        for (String path : List.of("/documents", "/sessions")) {
            admin.request().get(path).then().statusCode(200).body("items", empty());
        }
        for (String path : List.of("/documents/{id}", "/documents/{id}/content", "/documents/{id}/passages")) {
            admin.request().get(path, document).then().statusCode(404);
        }
        admin.request().post("/documents/{id}/reingest", document).then().statusCode(404);
        admin.request().delete("/documents/{id}", document).then().statusCode(404);
        for (String path : List.of("/sessions/{id}", "/sessions/{id}/messages")) {
            admin.request().get(path, session).then().statusCode(404);
        }
        admin.json(Map.of("title", "Mine"))
                .patch("/sessions/{id}", session)
                .then()
                .statusCode(404);
        admin.json(Map.of("content", "Well?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(404);
        admin.request().delete("/sessions/{id}", session).then().statusCode(404);
        admin.json(Map.of("query", "notice period")).post("/search").then().body("passages", empty());
        admin.json(Map.of("query", "notice period", "document_ids", theirs))
                .post("/search")
                .then()
                .statusCode(200)
                .body("passages", empty());
    }

    private Response finding(String... filters) {
        var request = admin.request();
        for (int i = 0; i < filters.length; i += 2) {
            request.queryParam(filters[i], filters[i + 1]);
        }
        return request.get("/admin/users");
    }

    private static Response changing(Person by, Object id, Map<String, ?> change) {
        return by.json(change).patch("/admin/users/{id}", id);
    }

    private Response sending(String body) {
        return admin.request().contentType(ContentType.JSON).body(body).patch("/admin/users/{id}", alice.id());
    }

    private static List<Object> changesOf(Person person) {
        return Sql.query(
                "SELECT type FROM audit_events WHERE subject_id = ? AND actor_id <> subject_id ORDER BY id",
                person.id());
    }

    private static String emailOf(String id) {
        return (String)
                Sql.query("SELECT email FROM users WHERE id = ?::uuid", id).getFirst();
    }
}
