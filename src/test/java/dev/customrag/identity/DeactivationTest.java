package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.refreshing;
import static dev.customrag.testing.ProviderBrowser.begin;
import static dev.customrag.testing.ProviderBrowser.beginToLink;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;

import dev.customrag.testing.Authenticator;
import dev.customrag.testing.FakeOpenIdProvider;
import dev.customrag.testing.FakeProviders;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.ProviderBrowser.Answer;
import dev.customrag.testing.Sql;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom an administrator shuts out has no way in left; of those they had, their keys come back with them. */
@QuarkusTest
@WithTestResource(value = FakeProviders.class, scope = TestResourceScope.GLOBAL)
class DeactivationTest {

    FakeOpenIdProvider example;

    private final String chosen = "a song of " + UUID.randomUUID();
    private Person admin;
    private Person alice;
    private Mailbox mailbox;

    @BeforeEach
    void register() {
        admin = Person.administrator();
        alice = Person.registered();
        mailbox = new Mailbox(alice.email());
    }

    @Test
    void keysRestAndSignInsEnd() {
        Person program = alice.withKey();
        Person.Tokens phone = alice.login();

        activate(false);

        program.request().get("/documents").then().statusCode(401);
        alice.request().get("/documents").then().statusCode(401);
        bearing(phone.access()).get("/auth/me").then().statusCode(401);
        refreshing(phone.refresh()).then().statusCode(401);
        loggingIn(alice.email(), alice.password()).then().statusCode(401);

        activate(true);

        program.request().get("/documents").then().statusCode(200);
        alice.request().get("/documents").then().statusCode(401);
        refreshing(phone.refresh()).then().statusCode(401);
        alice.login();
    }

    @Test
    void aSignInThatWaitsForItsCodeIsOver() {
        Authenticator phone = Authenticator.confirmed(alice, new ArrayList<>());
        String pending = loggingIn(alice.email(), alice.password()).path("mfa_token");
        String code = phone.next();

        activate(false);
        isUnusable(verifying(pending, code));

        activate(true);
        isUnusable(verifying(pending, code));
        String another = loggingIn(alice.email(), alice.password()).path("mfa_token");
        verifying(another, code).then().statusCode(200);
    }

    /** Also when they are back: who was shut out may have lost their mailbox to somebody. */
    @Test
    void linksOfMailsAreVoid() {
        String confirm = mailbox.await("Confirm your e-mail address").token();
        var elsewhere = new Mailbox(Person.randomEmail());
        alice.json(Map.of("email", elsewhere.address(), "password", alice.password()))
                .post("/auth/email/change")
                .then()
                .statusCode(202);
        String change = elsewhere.await("Confirm your new e-mail address").token();
        String reset = forgotten(1);

        for (boolean active : new boolean[] {false, true}) {
            activate(active);
            isInvalid(post("/auth/email/verify", Map.of("token", confirm)));
            isInvalid(post("/auth/email/verify", Map.of("token", change)));
            isInvalid(resetting(reset));
        }

        alice.login();
        resetting(forgotten(2)).then().statusCode(204);
    }

    @Test
    void aProviderLetsNobodyIn() {
        String subject = example.knows(Map.of("email", Person.randomEmail()));
        beginToLink(alice, "example").as(subject).json().then().statusCode(200);
        Answer entering = begin("example").as(subject);
        Answer linking = beginToLink(alice, "example").as(example.knows(Map.of()));

        activate(false);
        entering.json().then().statusCode(403).body("type", endsWith(":account-inactive"));

        activate(true);
        linking.json().then().statusCode(400).body("type", endsWith(":social-state-invalid"));
        assertThat(Sql.query("SELECT subject FROM social_identities WHERE user_id = ?", alice.id()))
                .containsExactly(subject);
        begin("example").as(subject).json().then().statusCode(200);
    }

    private void activate(boolean active) {
        admin.json(Map.of("is_active", active))
                .patch("/admin/users/{id}", alice.id())
                .then()
                .statusCode(200);
    }

    /** The token of the last of so many mails. */
    private String forgotten(int count) {
        post("/auth/password/forgot", Map.of("email", alice.email())).then().statusCode(202);
        return mailbox.await(count, "Choose a new password").token();
    }

    private Response resetting(String token) {
        return post("/auth/password/reset", Map.of("token", token, "new_password", chosen));
    }

    private static Response verifying(String token, String code) {
        return post("/auth/mfa/verify", Map.of("mfa_token", token, "code", code));
    }

    private static Response post(String path, Map<String, ?> body) {
        return given().contentType(ContentType.JSON).body(body).post(path);
    }

    private static void isUnusable(Response answer) {
        answer.then().statusCode(401).body("type", endsWith(":invalid-mfa-token"));
    }

    private static void isInvalid(Response answer) {
        answer.then().statusCode(400).body("type", endsWith(":invalid-token"));
    }
}
