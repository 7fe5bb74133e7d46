package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.loggingOut;
import static dev.customrag.testing.Person.refreshing;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.customrag.http.Problem;
import dev.customrag.testing.Client;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AuthResourceTest {

    @Inject
    PasswordHasher hasher;

    @Inject
    IdentityConfig config;

    @Inject
    MeterRegistry metrics;

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void aPersonSeesTheirOwnAccount() {
        Map<String, Object> me =
                alice.request().get("/auth/me").then().statusCode(200).extract().path("");

        assertThat(me)
                .containsOnlyKeys("id", "email", "first_name", "last_name", "is_active", "email_verified", "created_at")
                .containsEntry("id", alice.id().toString())
                .containsEntry("email", alice.email())
                .containsEntry("first_name", "Ada")
                .containsEntry("last_name", "Lovelace")
                .containsEntry("is_active", true)
                .containsEntry("email_verified", false);
        assertThat((String) me.get("created_at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    }

    @Test
    void aLoginAnswersWithTokensNobodyMayCache() {
        loggingIn(alice.email(), alice.password())
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("token_type", equalTo("bearer"))
                .body("expires_in", equalTo(1800))
                .body("access_token", matchesPattern("[\\w-]+\\.[\\w-]+\\.[\\w-]+"))
                .body("refresh_token", matchesPattern("[\\w-]+\\.[\\w-]+\\.[\\w-]+"));
    }

    @Test
    void anAddressSignsInHoweverItIsWritten() {
        loggingIn("  " + alice.email().toUpperCase(java.util.Locale.ROOT) + " ", alice.password())
                .then()
                .statusCode(200);
    }

    @Test
    void aWrongPasswordAndAnUnknownAddressLookTheSame() {
        Response wrong = loggingIn(alice.email(), "not-her-password");
        Response unknown = loggingIn(Person.randomEmail(), "not-her-password");

        wrong.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer")
                .body("detail", equalTo("Incorrect email or password"));
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.asString()).isEqualTo(wrong.asString());
    }

    @Test
    void whatIsLongerThanAnyPasswordOrTokenIsNotLookedAt() {
        loggingIn(alice.email(), "x".repeat(1024)).then().statusCode(401);
        loggingIn(alice.email(), "x".repeat(1025)).then().statusCode(422).body("errors[0].field", equalTo("password"));
        refreshing("x".repeat(4096)).then().statusCode(401);
        refreshing("x".repeat(4097)).then().statusCode(422).body("errors[0].field", equalTo("refresh_token"));
        loggingOut("x".repeat(4097)).then().statusCode(422).body("errors[0].field", equalTo("refresh_token"));
    }

    @Test
    void anAddressNobodyCanHaveIsNoFaultOfOurs() {
        loggingIn("ada@example.org\u0000", "x").then().statusCode(422).body("errors[0].field", equalTo("email"));
        loggingIn("x".repeat(320) + "@example.org", "x").then().statusCode(422);
        given().contentType(ContentType.JSON)
                .body("{\"email\": \"half\\ud83d@example.org\", \"password\": \"x\"}")
                .post("/auth/login")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("email"));
    }

    @Test
    void refusedTokensOfOneNetworkAreLimited() {
        Client network = Client.somewhere();
        Response answer = null;
        for (int i = 0; i < 400 && (answer == null || answer.statusCode() == 401); i++) {
            answer = network.post("/auth/refresh", Map.of("refresh_token", "rubbish"));
            assertThat(i).isLessThan(399);
        }

        answer.then().statusCode(429).header("Retry-After", equalTo("1"));
        refreshing(alice.refreshToken()).then().statusCode(200);
    }

    @Test
    void whoFindsAllHashingTakenIsToldWhenToComeAgain() throws InterruptedException {
        List<Thread> storm = Stream.generate(() -> Thread.startVirtualThread(this::keepHashing))
                .limit(config.hashingQueue() + 50L)
                .toList();
        try {
            Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> waiting() == config.hashingQueue());

            Response refused = Stream.generate(() -> loggingIn(alice.email(), alice.password()))
                    .limit(5)
                    .filter(answer -> answer.statusCode() != 200)
                    .findFirst()
                    .orElseThrow();

            refused.then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .header("Retry-After", equalTo("5"))
                    .body("type", equalTo("urn:customrag:problem:busy"));
            alice.request().get("/auth/me").then().statusCode(200);
        } finally {
            storm.forEach(Thread::interrupt);
            for (Thread thread : storm) {
                thread.join();
            }
            Awaitility.await().until(() -> waiting() == 0);
        }
        alice.login();
    }

    @Test
    void loginsOfTheSameSecondGetDifferentTokens() {
        Person.Tokens first = alice.login();
        Person.Tokens second = alice.login();

        assertThat(second.access()).isNotEqualTo(first.access());
        assertThat(second.refresh()).isNotEqualTo(first.refresh());
    }

    @Test
    void aLoginLeavesOtherDevicesSignedIn() {
        Person.Tokens phone = alice.login();
        Person.Tokens laptop = alice.login();

        bearing(phone.access()).get("/auth/me").then().statusCode(200);
        alice.refresh(phone);
        alice.refresh(laptop);
    }

    @Test
    void aLogoutEndsOneSessionAtOnce() {
        Person.Tokens phone = alice.login();

        loggingOut(phone.refresh()).then().statusCode(200).body("message", equalTo("Successfully logged out"));

        bearing(phone.access()).get("/auth/me").then().statusCode(401);
        refreshing(phone.refresh()).then().statusCode(401);
        alice.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void thereIsNothingToEndTwice() {
        loggingOut(alice.refreshToken()).then().statusCode(200);

        for (String unusable : new String[] {alice.refreshToken(), alice.accessToken(), "rubbish", ""}) {
            loggingOut(unusable)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("detail", equalTo("Invalid refresh token"));
        }
    }

    @Test
    void allSessionsEndTogether() {
        Person.Tokens phone = alice.login();

        alice.request().post("/auth/logout-all").then().statusCode(204);

        alice.request().get("/auth/me").then().statusCode(401);
        bearing(phone.access()).get("/auth/me").then().statusCode(401);
        refreshing(phone.refresh()).then().statusCode(401);
        Person.Tokens fresh = alice.login();
        bearing(fresh.access()).get("/auth/me").then().statusCode(200);
    }

    @Test
    void namesChangeOneByOneAndNothingElseDoes() {
        alice.request()
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "first_name",
                        " Augusta ",
                        "id",
                        "0198f000-0000-7000-8000-000000000000",
                        "email",
                        Person.randomEmail(),
                        "is_active",
                        false,
                        "email_verified",
                        true,
                        "roles",
                        java.util.List.of("admin"),
                        "password_hash",
                        "x"))
                .patch("/auth/me")
                .then()
                .statusCode(200)
                .body("id", equalTo(alice.id().toString()))
                .body("email", equalTo(alice.email()))
                .body("first_name", equalTo("Augusta"))
                .body("last_name", equalTo("Lovelace"))
                .body("is_active", equalTo(true))
                .body("email_verified", equalTo(false));

        alice.request().get("/auth/me").then().body("first_name", equalTo("Augusta"));
        assertThat(Sql.query("SELECT roles::text FROM users WHERE id = ?", alice.id()))
                .containsExactly("{}");
        alice.login();
    }

    @Test
    void aNameIsRefusedWhereItWouldForgeALine() {
        alice.request()
                .contentType(ContentType.JSON)
                .body(Map.of("first_name", "Ada\r\nBcc: all@example.org", "last_name", "\u0000"))
                .patch("/auth/me")
                .then()
                .statusCode(422)
                .body("errors.field", equalTo(java.util.List.of("first_name", "last_name")));
    }

    @Test
    void anAccountIsDeletedWithItsPasswordOnly() {
        deleting("not-her-password").then().statusCode(401).body("detail", equalTo("Incorrect password"));
        alice.request().get("/auth/me").then().statusCode(200);

        deleting(alice.password()).then().statusCode(204);

        alice.request().get("/auth/me").then().statusCode(401);
        refreshing(alice.refreshToken()).then().statusCode(401);
        loggingIn(alice.email(), alice.password()).then().statusCode(401);
        Person.registering(alice.email(), alice.password()).then().statusCode(201);
    }

    @Test
    void thePublicKeyIsPublishedAndOnlyThat() {
        given().get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .header("Cache-Control", containsString("max-age=300"))
                .body("keys.size()", equalTo(1))
                .body("keys[0].kty", equalTo("RSA"))
                .body("keys[0].alg", equalTo("RS256"))
                .body("keys[0].use", equalTo("sig"))
                .body("keys[0]", allOf(not(org.hamcrest.Matchers.hasKey("d")), not(org.hamcrest.Matchers.hasKey("p"))));
    }

    @Test
    void publicCallsIgnoreAStaleToken() {
        loggingOut(alice.refreshToken());

        alice.request().get("/.well-known/jwks.json").then().statusCode(200);
        alice.request()
                .contentType(ContentType.JSON)
                .body(Map.of("email", alice.email(), "password", alice.password()))
                .post("/auth/login")
                .then()
                .statusCode(200);
    }

    /** How many wait to be hashed. */
    private double waiting() {
        return metrics.get("identity.password.queue").gauge().value();
    }

    /** Asks for slow hashes until it is interrupted. */
    private void keepHashing() {
        String slow = "$2a$12$" + "x".repeat(53);
        while (!Thread.currentThread().isInterrupted()) {
            try {
                hasher.matches("correct horse", slow);
            } catch (Problem full) {
                LockSupport.parkNanos(1_000_000);
            } catch (IllegalStateException interrupted) {
                return;
            }
        }
    }

    private Response deleting(String password) {
        return alice.request()
                .contentType(ContentType.JSON)
                .body(Map.of("password", password))
                .delete("/auth/me");
    }
}
