package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.ProviderBrowser.begin;
import static dev.customrag.testing.ProviderBrowser.beginToLink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.customrag.testing.FakeGitHub;
import dev.customrag.testing.FakeOpenIdProvider;
import dev.customrag.testing.FakeProviders;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.ProviderBrowser.Answer;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Providers that people connect to their account, and disconnect. */
@QuarkusTest
@WithTestResource(value = FakeProviders.class, scope = TestResourceScope.GLOBAL)
class SocialIdentityTest {

    FakeOpenIdProvider example;
    FakeGitHub github;

    private Person alice;
    private String subject;

    @BeforeEach
    void register() {
        alice = Person.registered();
        // Nothing there is known to be hers; that she is signed in here is enough.
        subject = example.knows(Map.of("email", Person.randomEmail(), "email_verified", false));
    }

    @Test
    void whoIsSignedInConnectsAProvider() {
        Answer answer = beginToLink(alice, "example").as(subject);

        answer.page().then().statusCode(303).header("Location", "http://localhost:8080/?connected=example");

        identities(alice)
                .then()
                .statusCode(200)
                .body("items.provider", contains("example"))
                .body("items[0].id", notNullValue())
                .body("items[0].created_at", notNullValue());
        String token = begin("example")
                .as(subject)
                .json()
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        bearing(token).get("/auth/me").then().body("id", equalTo(alice.id().toString()));
        assertThat(Sql.query(
                        "SELECT object_id FROM audit_events WHERE subject_id = ? AND type = 'provider-linked'"
                                + " AND outcome = 'success' AND session_id IS NOT NULL",
                        alice.id()))
                .containsExactly(UUID.fromString(identities(alice).path("items[0].id")));
    }

    @Test
    void connectingTwiceConnectsOnce() {
        Response first = beginToLink(alice, "example").as(subject).json();
        Response second = beginToLink(alice, "example").as(subject).json();

        first.then().statusCode(200).body("provider", equalTo("example"));
        assertThat(second.<Map<String, Object>>path("")).isEqualTo(first.path(""));
        identities(alice).then().body("items", hasSize(1));
        Mailbox.awaitQuiet();
        assertThat(new Mailbox(alice.email()).arrived("A sign-in provider was linked"))
                .hasSize(1);
    }

    @Test
    void concurrentConnectionsAreOne() {
        var waiting = new ConcurrentLinkedQueue<Answer>();
        for (int i = 0; i < 5; i++) {
            waiting.add(beginToLink(alice, "example").as(subject));
        }

        List<Response> answers = Together.call(5, () -> waiting.remove().json());

        assertThat(answers).extracting(Response::statusCode).containsOnly(200);
        identities(alice).then().body("items", hasSize(1));
    }

    @Test
    void whatIsConnectedElsewhereIsNotTakenAway() {
        Person bob = Person.registered();
        beginToLink(bob, "example").as(subject).json().then().statusCode(200);

        Answer answer = beginToLink(alice, "example").as(subject);

        answer.json().then().statusCode(409).body("type", equalTo("urn:customrag:problem:social-identity-taken"));
        identities(alice).then().body("items", hasSize(0));
        identities(bob).then().body("items", hasSize(1));
        assertThat(Sql.query(
                        "SELECT reason FROM audit_events WHERE subject_id = ? AND type = 'provider-linked'",
                        alice.id()))
                .containsExactly("social-identity-taken");
    }

    @Test
    void aSignInThatEndedMeanwhileConnectsNothing() {
        Answer answer = beginToLink(alice, "example").as(subject);
        Person.loggingOut(alice.refreshToken()).then().statusCode(200);

        answer.json().then().statusCode(400).body("type", equalTo("urn:customrag:problem:social-state-invalid"));

        assertThat(Sql.query("SELECT id FROM social_identities WHERE subject = ?", subject))
                .isEmpty();
    }

    @Test
    void aProviderIsDisconnected() {
        String id = connected(alice, subject);

        unlink(alice, id).then().statusCode(204);

        identities(alice).then().body("items", hasSize(0));
        unlink(alice, id).then().statusCode(404);
        new Mailbox(alice.email()).await("A sign-in provider was unlinked");
        begin("example").as(subject).json().then().statusCode(403);
        assertThat(Sql.query(
                        "SELECT object_id FROM audit_events WHERE subject_id = ? AND type = 'provider-unlinked'",
                        alice.id()))
                .containsExactly(UUID.fromString(id));
    }

    @Test
    void nobodyDisconnectsWhatIsAnothers() {
        String id = connected(alice, subject);
        Person mallory = Person.registered();

        unlink(mallory, id).then().statusCode(404);
        unlink(mallory, "no-id").then().statusCode(404);

        identities(mallory).then().body("items", hasSize(0));
        identities(alice).then().body("items", hasSize(1));
    }

    @Test
    void theLastWayInStays() {
        String token = enteredWithExample();
        String id = identities(token).path("items[0].id");

        bearing(token)
                .delete("/auth/identities/{id}", id)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:customrag:problem:last-way-to-sign-in"));

        identities(token).then().body("items", hasSize(1));
        assertThat(Sql.query(
                        "SELECT outcome || ' ' || reason FROM audit_events WHERE object_id = ? AND type = 'provider-unlinked'",
                        UUID.fromString(id)))
                .containsExactly("failure last-way-to-sign-in");
    }

    /** Nor does one count that this installation no longer believes. */
    @Test
    void ofTwoThatGoAtOnceOneStays() {
        String token = enteredWithExample();
        UUID user = UUID.fromString(bearing(token).get("/auth/me").path("id"));
        for (String provider : List.of("github", "no-longer-configured")) {
            Sql.update(
                    "INSERT INTO social_identities VALUES (?, ?, ?, ?, now())",
                    UUID.randomUUID(),
                    user,
                    provider,
                    UUID.randomUUID().toString());
        }
        List<Map<String, String>> items = identities(token).path("items");
        Iterator<String> believed = items.stream()
                .filter(item -> !item.get("provider").equals("no-longer-configured"))
                .map(item -> item.get("id"))
                .toList()
                .iterator();
        var ids = new ConcurrentLinkedQueue<>(List.of(believed.next(), believed.next()));

        List<Response> answers = Together.call(2, () -> bearing(token).delete("/auth/identities/{id}", ids.remove()));

        assertThat(answers).extracting(Response::statusCode).containsExactlyInAnyOrder(204, 409);
        identities(token).then().body("items", hasSize(2));
    }

    @Test
    void theListHasPages() {
        connected(alice, subject);
        String other = connected(alice, example.knows(Map.of()));

        Response first = alice.request().get("/auth/identities?limit=1");
        first.then().statusCode(200).body("items.id", contains(other));
        alice.request()
                .get("/auth/identities?limit=1&cursor={cursor}", first.<String>path("next_cursor"))
                .then()
                .body("items", hasSize(1))
                .body("next_cursor", equalTo(null));
        alice.request().get("/auth/identities?limit=0").then().statusCode(422);
        alice.request().get("/auth/identities?cursor=rubbish").then().statusCode(400);
    }

    @Test
    void whatIsConnectedGoesWithTheAccount() {
        connected(alice, subject);

        Sql.update("DELETE FROM users WHERE id = ?", alice.id());

        assertThat(Sql.query("SELECT id FROM social_identities WHERE subject = ?", subject))
                .isEmpty();
    }

    private String enteredWithExample() {
        String known = example.knows(Map.of("email", Person.randomEmail(), "email_verified", true));
        return begin("example")
                .as(known)
                .json()
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    private static String connected(Person person, String subject) {
        return beginToLink(person, "example")
                .as(subject)
                .json()
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private static Response unlink(Person person, String id) {
        return person.request().delete("/auth/identities/{id}", id);
    }

    private static Response identities(Person person) {
        return identities(person.accessToken());
    }

    private static Response identities(String token) {
        return bearing(token).get("/auth/identities");
    }
}
