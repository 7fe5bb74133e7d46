package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.ProviderBrowser.begin;
import static dev.customrag.testing.ProviderBrowser.beginning;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.customrag.testing.Authenticator;
import dev.customrag.testing.FakeGitHub;
import dev.customrag.testing.FakeOpenIdProvider;
import dev.customrag.testing.FakeProviders;
import dev.customrag.testing.Person;
import dev.customrag.testing.ProviderBrowser;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = FakeProviders.class, scope = TestResourceScope.GLOBAL)
class SocialSignInTest {

    FakeOpenIdProvider example;
    FakeGitHub github;

    private Authenticator phone;

    @AfterEach
    void behaveAgain() {
        example.reset();
    }

    @Test
    void theWebAppLearnsWhichProvidersThereAre() {
        given().get("/auth/oauth")
                .then()
                .statusCode(200)
                .body("items.name", contains("example", "github", "gone", "impostor", "silent"))
                .body("items.title", hasItem("Example"))
                .body("items.title", hasItem("GitHub"));
    }

    @Test
    void anAttemptIsBoundToItsBrowserAndItsProvider() {
        Response answer = beginning("example");

        answer.then().statusCode(303).header("Cache-Control", "no-store");
        var cookie = answer.detailedCookie("oauth_attempt");
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.isSecured()).isTrue();
        assertThat(cookie.getSameSite()).isEqualTo("Lax");
        assertThat(cookie.getPath()).isEqualTo("/auth/oauth/example");
        assertThat(cookie.getMaxAge()).isEqualTo(600);
        Map<String, String> query = begin("example").query();
        assertThat(query)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "custom rag")
                .containsEntry("redirect_uri", "http://localhost:8080/auth/oauth/example/callback")
                .containsEntry("scope", "openid email profile")
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "nonce", "code_challenge");
        Map<String, String> other = begin("example").query();
        for (String secret : List.of("state", "nonce", "code_challenge")) {
            assertThat(query.get(secret)).hasSize(43).isNotEqualTo(other.get(secret));
        }
        assertThat(answer.header("Location")).doesNotContain(cookie.getValue());
    }

    @Test
    void aFirstSignInOpensAnAccount() {
        String email = Person.randomEmail();
        String subject = example.knows(claims(email));

        Response answer = begin("example").as(subject).json();

        answer.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("token_type", equalTo("bearer"))
                .body("expires_in", equalTo(1800))
                .body("refresh_token", notNullValue());
        Map<String, Object> me = me(answer);
        assertThat(me)
                .containsEntry("email", email)
                .containsEntry("first_name", "Grace")
                .containsEntry("last_name", "Hopper")
                .containsEntry("email_verified", true)
                .containsEntry("is_active", true);
        UUID id = UUID.fromString((String) me.get("id"));
        assertThat(Sql.query("SELECT password_hash FROM users WHERE id = ?", id))
                .containsOnlyNulls();
        Person.loggingIn(email, "").then().statusCode(401);
        Person.loggingIn(email, "null").then().statusCode(401);
        assertThat(Sql.query(
                        "SELECT type || ' ' || outcome FROM audit_events WHERE subject_id = ? AND actor_id = subject_id"
                                + " ORDER BY id",
                        id))
                .containsExactly("registration success", "provider-linked success", "sign-in success");
        identities(answer).then().body("items.provider", contains("example"));
        Person.refreshing(answer.path("refresh_token")).then().statusCode(200);
    }

    @Test
    void theSubjectIsWhoSomebodyIsWhateverElseChanges() {
        String subject = example.knows(claims(Person.randomEmail()));
        Map<String, Object> before = me(begin("example").as(subject).json());
        example.changes(
                subject, Map.of("email", Person.randomEmail(), "email_verified", false, "given_name", "Rear Admiral"));

        assertThat(me(begin("example").as(subject).json())).isEqualTo(before);
    }

    @Test
    void aBrowserReturnsToTheWebAppWithTheRefreshCookie() {
        Response answer =
                begin("example").as(example.knows(claims(Person.randomEmail()))).page();

        answer.then().statusCode(303).header("Location", "http://localhost:8080/");
        var cookie = answer.detailedCookie("refresh_token");
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.isSecured()).isTrue();
        assertThat(cookie.getSameSite()).isEqualTo("Strict");
        assertThat(answer.detailedCookie("oauth_attempt").getMaxAge()).isZero();
        assertThat(answer.cookies()).containsOnlyKeys("refresh_token", "oauth_attempt");
        given().noContentType()
                .header("X-Refresh-Cookie", "1")
                .cookie("refresh_token", cookie.getValue())
                .post("/auth/refresh")
                .then()
                .statusCode(200)
                .body("access_token", notNullValue());
    }

    @Test
    void aProgramMayHaveTheRefreshTokenInTheCookieToo() {
        var answer = begin("example").as(example.knows(claims(Person.randomEmail())));

        given().accept("application/json")
                .header("X-Refresh-Cookie", "1")
                .cookie("oauth_attempt", answer.attempt().cookie())
                .queryParams(answer.query())
                .get("/auth/oauth/example/callback")
                .then()
                .statusCode(200)
                .cookie("refresh_token", notNullValue())
                .body("$", not(hasKey("refresh_token")));
    }

    @Test
    void anAccountWithTheSameVerifiedAddressIsEntered() {
        Person alice = Person.registered();
        Sql.update("UPDATE users SET email_verified = true WHERE id = ?", alice.id());
        String subject = example.knows(claims(alice.email().toUpperCase(java.util.Locale.ROOT)));

        Response answer = begin("example").as(subject).json();

        assertThat(me(answer))
                .containsEntry("id", alice.id().toString())
                .containsEntry("email", alice.email())
                .containsEntry("first_name", "Ada");
        identities(answer).then().body("items.provider", contains("example"));
        assertThat(Sql.query("SELECT type FROM audit_events WHERE subject_id = ? ORDER BY id DESC LIMIT 2", alice.id()))
                .containsExactly("sign-in", "provider-linked");
        Person.loggingIn(alice.email(), alice.password()).then().statusCode(200);
    }

    /** Else whoever registered somebody's address first would share the account with them. */
    @Test
    void anAccountWhoseAddressIsNotVerifiedIsNotEntered() {
        Person alice = Person.registered();

        Response refused =
                begin("example").as(example.knows(claims(alice.email()))).json();

        refused.then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:customrag:problem:social-account-not-linked"))
                .body("detail", containsString("address is not verified"));
        identities(alice).then().body("items.size()", equalTo(0));
        assertThat(Sql.query(
                        "SELECT reason FROM audit_events WHERE subject_id = ? AND outcome = 'failure'", alice.id()))
                .containsExactly("social-account-not-linked");
    }

    /** The same for an address that has an account and one that has none: anybody may claim it there. */
    @Test
    void anAddressTheProviderHasNotVerifiedOpensNothing() {
        Person alice = Person.registered();
        Sql.update("UPDATE users SET email_verified = true WHERE id = ?", alice.id());
        List<Map<String, ?>> claims = List.of(
                Map.of("email", alice.email(), "email_verified", false),
                Map.of("email", alice.email()),
                Map.of("email", Person.randomEmail(), "email_verified", "false"),
                Map.of("email", "no address\r\nBcc: all@example.org", "email_verified", true),
                Map.of("name", "Nobody"));

        for (Map<String, ?> said : claims) {
            begin("example")
                    .as(example.knows(said))
                    .json()
                    .then()
                    .statusCode(403)
                    .body("type", equalTo("urn:customrag:problem:social-email-unverified"));
        }
        identities(alice).then().body("items.size()", equalTo(0));
    }

    @Test
    void aSecondFactorIsAskedForAllTheSame() {
        Person alice = withSecondFactor();
        String subject = example.knows(claims(alice.email()));

        Response asked = begin("example").as(subject).json();

        asked.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("Cache-Control", "no-store")
                .body("type", equalTo("urn:customrag:problem:mfa-required"))
                .body("expires_in", equalTo(300))
                .body("$", not(hasKey("access_token")));
        assertThat(asked.cookies()).doesNotContainKey("refresh_token");
        Response signedIn = verifying(asked.path("mfa_token"));
        assertThat(me(signedIn)).containsEntry("id", alice.id().toString());
        assertThat(Sql.query(
                        "SELECT reason FROM audit_events WHERE subject_id = ? AND type = 'sign-in' ORDER BY id",
                        alice.id()))
                .containsExactly("password", "provider+totp");
    }

    @Test
    void aBrowserTakesTheTokenOfTheSecondStepToTheWebApp() {
        Person alice = withSecondFactor();

        Response asked =
                begin("example").as(example.knows(claims(alice.email()))).page();

        asked.then()
                .statusCode(303)
                .header(
                        "Location",
                        matchesPattern("http://localhost:8080/\\?sign_in_error=mfa-required#mfa_token=[\\w-]{43}"));
        assertThat(asked.cookies()).doesNotContainKey("refresh_token");
        assertThat(me(verifying(asked.header("Location").replaceFirst(".*#mfa_token=", ""))))
                .containsEntry("id", alice.id().toString());
    }

    /** What it rested on is gone: like a password that was changed. */
    @Test
    void aSecondStepDoesNotOutliveItsProvider() {
        Person alice = withSecondFactor();
        Response asked =
                begin("example").as(example.knows(claims(alice.email()))).json();
        String id = identities(alice).path("items[0].id");
        alice.request().delete("/auth/identities/{id}", id).then().statusCode(204);

        verifying(asked.path("mfa_token"))
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:customrag:problem:invalid-mfa-token"));
    }

    @Test
    void aDeactivatedPersonStaysOut() {
        String subject = example.knows(claims(Person.randomEmail()));
        Response entered = begin("example").as(subject).json();
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", UUID.fromString((String)
                me(entered).get("id")));

        begin("example")
                .as(subject)
                .json()
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:customrag:problem:account-inactive"));
    }

    @Test
    void concurrentFirstSignInsOpenOneAccount() {
        String email = Person.randomEmail();
        String subject = example.knows(claims(email));

        List<Response> answers =
                Together.call(8, () -> begin("example").as(subject).json());

        assertThat(answers).extracting(Response::statusCode).containsOnly(200);
        assertThat(answers)
                .extracting(answer -> me(answer).get("id"))
                .containsOnly(me(answers.getFirst()).get("id"));
        assertThat(Sql.query("SELECT id FROM users WHERE lower(email) = ?", email))
                .hasSize(1);
        assertThat(Sql.query("SELECT id FROM social_identities WHERE subject = ?", subject))
                .hasSize(1);
    }

    @Test
    void whatTheIdTokenLeavesOutIsAskedFor() {
        String email = Person.randomEmail();
        String subject = example.knows(claims(email));
        example.tellsInUserInfoOnly();

        assertThat(me(begin("example").as(subject).json()))
                .containsEntry("email", email)
                .containsEntry("last_name", "Hopper");
    }

    @Test
    void aProviderMayChangeItsKey() {
        String subject = example.knows(claims(Person.randomEmail()));
        begin("example").as(subject).json().then().statusCode(200);

        example.rotatesItsKey();

        begin("example").as(subject).json().then().statusCode(200);
    }

    @Test
    void gitHubVouchesWithThePrimaryAddress() {
        String email = Person.randomEmail();
        String id = github.knows("grace", "Grace Brewster Hopper", true, Person.randomEmail(), email);

        Response answer = begin("github").as(id).json();

        assertThat(me(answer))
                .containsEntry("email", email)
                .containsEntry("email_verified", true)
                .containsEntry("first_name", "Grace Brewster")
                .containsEntry("last_name", "Hopper");
        identities(answer).then().body("items.provider", contains("github"));
        assertThat(me(begin("github").as(id).json())).isEqualTo(me(answer));
    }

    @Test
    void gitHubAddressesNeedNotBeVerifiedEither() {
        String unverified = github.knows("grace", null, false, Person.randomEmail());
        String without = github.knows("grace", null, true);

        for (String id : List.of(unverified, without)) {
            begin("github")
                    .as(id)
                    .json()
                    .then()
                    .statusCode(403)
                    .body("type", equalTo("urn:customrag:problem:social-email-unverified"));
        }
    }

    @Test
    void aSpentCodeOfGitHubsIsRefused() {
        String id = github.knows("grace", null, true, Person.randomEmail());
        ProviderBrowser.Answer spent = begin("github").as(id);
        spent.json().then().statusCode(200);
        ProviderBrowser.Answer next = begin("github").as(id);

        next.with("state=" + next.query().get("state") + "&code="
                        + spent.query().get("code"))
                .json()
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:customrag:problem:social-code-refused"));
    }

    /** Somebody whose address is verified, with an authenticator in {@link #phone}. */
    private Person withSecondFactor() {
        Person person = Person.registered();
        Sql.update("UPDATE users SET email_verified = true WHERE id = ?", person.id());
        phone = Authenticator.confirmed(person, new ArrayList<>());
        return person;
    }

    private Response verifying(String token) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("mfa_token", token, "code", phone.next()))
                .post("/auth/mfa/verify");
    }

    private static Map<String, ?> claims(String email) {
        return Map.of("email", email, "email_verified", true, "given_name", "Grace", "family_name", "Hopper");
    }

    private static Map<String, Object> me(Response tokens) {
        String access = tokens.then().statusCode(200).extract().path("access_token");
        return bearing(access).get("/auth/me").then().statusCode(200).extract().path("");
    }

    private static Response identities(Response tokens) {
        return bearing(tokens.path("access_token")).get("/auth/identities");
    }

    private static Response identities(Person person) {
        return person.request().get("/auth/identities");
    }
}
