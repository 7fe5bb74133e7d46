package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.refreshing;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The devices somebody is signed in on. */
@QuarkusTest
class SignInSessionTest {

    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final String NEW_DEVICE = "New sign-in to your account";

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void eachSignInIsListedWithItsDeviceTheLatestFirst() {
        loginWith(FIREFOX);

        alice.request()
                .get("/auth/sessions")
                .then()
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items[0].device", equalTo("Firefox on Linux"))
                .body("items[0].address_prefix", equalTo("127.0.0.0/24"))
                .body("items[0].current", equalTo(false))
                .body("items[0].created_at", notNullValue())
                .body("items[0].last_used_at", notNullValue())
                .body("items[1].current", equalTo(true))
                .body("next_cursor", nullValue());
    }

    @Test
    void theNetworkIsTheOneTheProxySaw() {
        given().header("X-Forwarded-For", "198.51.100.1, 203.0.113.9")
                .header("Forwarded", "for=198.51.100.2")
                .header("X-Real-IP", "198.51.100.3")
                .contentType(ContentType.JSON)
                .body(Map.of("email", alice.email(), "password", alice.password()))
                .post("/auth/login")
                .then()
                .statusCode(200);

        alice.request().get("/auth/sessions").then().body("items[0].address_prefix", equalTo("203.0.113.0/24"));
    }

    @Test
    void aDeviceThatWasNeverSeenBeforeIsAnnouncedOnce() {
        var mailbox = new Mailbox(alice.email());
        Mailbox.awaitQuiet();
        // Nobody need be told of the first sign-in ever.
        assertThat(mailbox.arrived(NEW_DEVICE)).isEmpty();

        Together.call(4, () -> {
            loginWith(FIREFOX);
            return true;
        });
        assertThat(mailbox.await(NEW_DEVICE).text()).contains("Firefox on Linux");

        loginWith(FIREFOX);
        loginWith(FIREFOX.replace("140.0", "141.0"));
        alice.login();
        Mailbox.awaitQuiet();
        assertThat(mailbox.arrived(NEW_DEVICE)).hasSize(1);
    }

    @Test
    void theListComesInPages() {
        alice.login();
        alice.login();

        var first = alice.request().get("/auth/sessions?limit=2");
        String cursor = first.path("next_cursor");
        var second = alice.request().queryParam("cursor", cursor).get("/auth/sessions?limit=2");

        List<String> ids = first.path("items.id");
        List<String> rest = second.path("items.id");
        assertThat(ids).hasSize(2).doesNotContainAnyElementsOf(rest);
        assertThat(rest).hasSize(1);
        alice.request().get("/auth/sessions?limit=0").then().statusCode(422);
    }

    @Test
    void anEndedSignInIsOutOnTheNextRequestAndOutOfTheList() {
        Person.Tokens other = alice.login();
        bearing(other.access()).get("/auth/me").then().statusCode(200);

        alice.request().delete("/auth/sessions/{id}", otherSession()).then().statusCode(204);

        bearing(other.access()).get("/auth/me").then().statusCode(401);
        refreshing(other.refresh()).then().statusCode(401);
        alice.request().get("/auth/sessions").then().body("items.current", contains(true));
    }

    @Test
    void theCurrentOneMayBeEndedToo() {
        String current = alice.request().get("/auth/sessions").path("items[0].id");

        alice.request().delete("/auth/sessions/{id}", current).then().statusCode(204);

        alice.request().get("/auth/sessions").then().statusCode(401);
    }

    @Test
    void somebodyElsesAndUnknownAndEndedOnesAreNotFound() {
        Person bob = Person.registered();
        alice.login();
        String session = otherSession();

        bob.request().delete("/auth/sessions/{id}", session).then().statusCode(404);
        bob.request().delete("/auth/sessions/{id}", UUID.randomUUID()).then().statusCode(404);
        bob.request().delete("/auth/sessions/{id}", "not-an-id").then().statusCode(404);
        alice.request().delete("/auth/sessions/{id}", session).then().statusCode(204);
        alice.request().delete("/auth/sessions/{id}", session).then().statusCode(404);
    }

    @Test
    void ofManyWhoEndASignInAtOnceOneDoes() {
        alice.login();
        String session = otherSession();

        List<Integer> answers = Together.call(
                10, () -> alice.request().delete("/auth/sessions/{id}", session).statusCode());

        assertThat(answers).containsOnly(204, 404).containsOnlyOnce(204);
    }

    @Test
    void signInsThatRanOutAreNotListed() {
        alice.login();
        String session = otherSession();
        Sql.update(
                "UPDATE sign_in_sessions SET last_used_at = now() - interval '8 days' WHERE id = ?",
                UUID.fromString(session));

        alice.request().get("/auth/sessions").then().body("items", hasSize(1));
    }

    @Test
    void withoutATokenNothingIsShown() {
        given().get("/auth/sessions").then().statusCode(401).body("items", nullValue());
        given().delete("/auth/sessions/{id}", UUID.randomUUID()).then().statusCode(401);
    }

    private void loginWith(String userAgent) {
        given().header("User-Agent", userAgent)
                .contentType(ContentType.JSON)
                .body(Map.of("email", alice.email(), "password", alice.password()))
                .post("/auth/login")
                .then()
                .statusCode(200);
    }

    private String otherSession() {
        return alice.request().get("/auth/sessions").path("items.find { !it.current }.id");
    }
}
