package dev.customrag.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may read which security events. */
@QuarkusTest
class SecurityEventResourceTest {

    private static final String AGENT = "Probe/1.0 (security events)";

    private Person alice;
    private Person admin;

    @BeforeEach
    void register() {
        alice = Person.registered();
        admin = Person.administrator();
    }

    @Test
    void aPersonReadsTheirOwnEventsNewestFirst() {
        Person.loggingIn(alice.email(), "wrong").then().statusCode(401);

        Response answer = alice.request().get("/auth/events");

        answer.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("items.type", contains("sign-in", "sign-in", "registration"))
                .body("items.outcome", contains("failure", "success", "success"))
                .body("items.reason", contains("wrong-password", "password", null))
                .body("items.by_administrator", everyItem(equalTo(false)))
                .body("items.user_id", everyItem(equalTo(alice.id().toString())))
                .body("items.address_prefix", everyItem(equalTo("127.0.0.0/24")))
                .body("items[1].session_id", equalTo(sid(alice.accessToken()).toString()))
                .body("items[0].request_id", notNullValue())
                .body("items[0].occurred_at", notNullValue())
                .body("next_cursor", nullValue());
        assertThat(answer.<Map<String, Object>>path("items[0]"))
                .containsOnlyKeys(
                        "id",
                        "type",
                        "outcome",
                        "reason",
                        "occurred_at",
                        "user_id",
                        "object_id",
                        "session_id",
                        "address_prefix",
                        "user_agent",
                        "request_id",
                        "by_administrator");
    }

    @Test
    void anAdministratorsWhereaboutsAreNotTheBusinessOfWhomTheyHelp() {
        changing(Map.of("roles", List.of("admin"))).then().statusCode(200);

        Response answer = alice.request().get("/auth/events");

        answer.then()
                .body("items[0].type", equalTo("role-granted"))
                .body("items[0].by_administrator", equalTo(true))
                .body("items[0].address_prefix", nullValue())
                .body("items[0].user_agent", nullValue())
                .body("items[0].session_id", nullValue());
        assertThat(answer.asString())
                .doesNotContain(admin.id().toString())
                .doesNotContain(sid(admin.accessToken()).toString())
                .doesNotContain(AGENT);
        admin.request()
                .get("/auth/events")
                .then()
                .body("items[0].type", equalTo("role-granted"))
                .body("items[0].user_id", equalTo(alice.id().toString()))
                .body("items[0].by_administrator", equalTo(false))
                .body("items[0].user_agent", equalTo(AGENT));
    }

    @Test
    void nobodyReadsSomebodyElsesEvents() {
        alice.request()
                .get("/auth/events?user_id={id}", admin.id())
                .then()
                .statusCode(200)
                .body("items.user_id", everyItem(equalTo(alice.id().toString())));
        given().get("/auth/events").then().statusCode(401);
        alice.request().get("/admin/audit-events").then().statusCode(403);
        given().get("/admin/audit-events").then().statusCode(401);
    }

    @Test
    void pagesNeitherRepeatNorSkip() {
        for (int i = 0; i < 5; i++) {
            alice.login();
        }
        for (String path : List.of("/auth/events?limit=2", "/admin/audit-events?limit=2&user_id=" + alice.id())) {
            List<String> seen = new ArrayList<>();
            String cursor = "";
            while (cursor != null) {
                Response page = (path.startsWith("/admin") ? admin : alice)
                        .request()
                        .queryParam("cursor", cursor)
                        .get(path);
                seen.addAll(page.path("items.id"));
                cursor = page.path("next_cursor");
            }

            assertThat(seen).hasSize(7).doesNotHaveDuplicates().isEqualTo(idsNewestFirst());
        }
    }

    @Test
    void administratorsSearch() {
        changing(Map.of("is_active", false)).then().statusCode(200);
        Person.loggingIn(alice.email(), alice.password()).then().statusCode(401);
        String user = alice.id().toString();

        searching("user_id", user)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("items.type", contains("sign-in", "account-deactivated", "sign-in", "registration"))
                .body("items[1].actor_id", equalTo(admin.id().toString()))
                .body("items[1].subject_id", equalTo(user))
                .body("items[1].user_agent", equalTo(AGENT))
                .body("items[1].address_prefix", equalTo("127.0.0.0/24"))
                .body("items[1].session_id", equalTo(sid(admin.accessToken()).toString()));
        searching("user_id", admin.id().toString()).then().body("items[0].subject_id", equalTo(user));
        searching("user_id", user, "type", "sign-in").then().body("items", hasSize(2));
        searching("user_id", user, "type", "sign-in", "outcome", "failure")
                .then()
                .body("items", hasSize(1));
        searching("user_id", user, "type", "", "outcome", "", "from", "").then().body("items", hasSize(4));
        searching("type", "account-deactivated").then().body("items.subject_id", hasItem(user));
        searching("type", "account-deactivated", "outcome", "failure")
                .then()
                .body("items.subject_id", not(hasItem(user)));
        searching("user_id", UUID.randomUUID().toString())
                .then()
                .statusCode(200)
                .body("items", empty());
    }

    @Test
    void aTimeBoundsASearchFromWhereItBeginsToBeforeItsEnd() {
        List<String> times = searching("user_id", alice.id().toString()).path("items.occurred_at");
        Instant latest = Instant.parse(times.getFirst());
        Instant earliest = Instant.parse(times.getLast());
        String user = alice.id().toString();

        searching("user_id", user, "from", latest.toString()).then().body("items", hasSize(1));
        searching("user_id", user, "to", latest.toString()).then().body("items", hasSize(times.size() - 1));
        searching("user_id", user, "from", earliest.toString(), "to", latest.toString())
                .then()
                .body("items", hasSize(times.size() - 1));
        searching("user_id", user, "to", earliest.toString()).then().body("items", empty());
        searching("from", latest.plus(Duration.ofDays(1)).toString()).then().body("items", empty());
    }

    @ParameterizedTest
    @CsvSource({
        "user_id, ada, user_id",
        "type, sign_in, type",
        "type, SIGN_IN, type",
        "outcome, maybe, outcome",
        "from, yesterday, from",
        "from, 2026-02-30T00:00:00Z, from",
        "to, 2026-01-01, to",
        "to, +1000000000-12-31T23:59:59Z, to",
        "from, -1000000000-01-01T00:00:00Z, from",
        "limit, 101, limit"
    })
    void aFilterThatMakesNoSense(String name, String value, String field) {
        searching(name, value).then().statusCode(422).body("errors[0].field", equalTo(field));
    }

    private Response searching(String... filters) {
        var request = admin.request();
        for (int i = 0; i < filters.length; i += 2) {
            request.queryParam(filters[i], filters[i + 1]);
        }
        return request.get("/admin/audit-events");
    }

    private List<String> idsNewestFirst() {
        return Sql.query(
                        "SELECT id FROM audit_events WHERE subject_id = ? ORDER BY occurred_at DESC, id DESC",
                        alice.id())
                .stream()
                .map(Object::toString)
                .toList();
    }

    private static RequestSpecification as(Person person) {
        return person.request().header("User-Agent", AGENT);
    }

    private Response changing(Map<String, ?> change) {
        return as(admin).contentType(ContentType.JSON).body(change).patch("/admin/users/{id}", alice.id());
    }

    /** The sign-in an access token names. */
    private static UUID sid(String accessToken) {
        String claims = new String(Base64.getUrlDecoder().decode(accessToken.split("\\.")[1]), StandardCharsets.UTF_8);
        return UUID.fromString(JsonPath.from(claims).getString("sid"));
    }
}
