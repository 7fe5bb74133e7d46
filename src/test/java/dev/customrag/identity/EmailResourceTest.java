package dev.customrag.identity;

import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.randomEmail;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EmailResourceTest {

    private static final String CONFIRM = "Confirm your e-mail address";
    private static final String CONFIRM_NEW = "Confirm your new e-mail address";
    private static final String CHANGED = "Your e-mail address was changed";

    private Person alice;
    private Mailbox mailbox;

    @BeforeEach
    void register() {
        alice = Person.registered();
        mailbox = new Mailbox(alice.email());
    }

    @Test
    void theLinkOfARegistrationConfirmsTheAddress() {
        String token = mailbox.await(CONFIRM).token();
        isVerified(alice, false);

        verifying(token).then().statusCode(204);

        isVerified(alice, true);
        isRefused(verifying(token));
        assertThat(recorded("success")).contains("email-verification");
    }

    @Test
    void followingALinkDoesNotSpendIt() {
        String token = mailbox.await(CONFIRM).token();

        given().queryParam("token", token).get("/auth/email/verify").then().statusCode(405);
        given().queryParam("token", token).head("/auth/email/verify").then().statusCode(405);

        isVerified(alice, false);
        verifying(token).then().statusCode(204);
    }

    @Test
    void ofManyWhoConfirmAtOnceOneSucceeds() {
        String token = mailbox.await(CONFIRM).token();

        List<Integer> answers = Together.call(8, () -> verifying(token).statusCode());

        assertThat(answers).containsOnly(204, 400).containsOnlyOnce(204);
    }

    @Test
    void aLinkConfirmsNobodyElse() {
        Person bob = Person.registered();
        String token = mailbox.await(CONFIRM).token();

        bob.json(Map.of("token", token)).post("/auth/email/verify").then().statusCode(204);

        isVerified(alice, true);
        isVerified(bob, false);
    }

    @Test
    void whatIsNoLinkIsRefused() {
        String token = mailbox.await(CONFIRM).token();
        given().contentType(ContentType.JSON)
                .body(Map.of("email", alice.email()))
                .post("/auth/password/forgot")
                .then()
                .statusCode(202);

        isRefused(verifying(mailbox.await("Choose a new password").token()));
        isRefused(verifying(""));
        isRefused(verifying("x".repeat(43)));
        isRefused(verifying(token.toLowerCase(Locale.ROOT)));
        isInvalid(verifying("x".repeat(1025)), "token");
        isInvalid(post("/auth/email/verify", Map.of()), "token");
        Sql.update("UPDATE one_time_tokens SET expires_at = now() WHERE user_id = ?", alice.id());
        isRefused(verifying(token));
        isVerified(alice, false);
    }

    @Test
    void theLinkIsSentAgainToWhomItHelps() {
        Person bob = Person.registered();
        verifying(new Mailbox(bob.email()).await(CONFIRM).token()).then().statusCode(204);
        String first = mailbox.await(CONFIRM).token();

        String answer = resending(alice.email());
        assertThat(resending(bob.email())).isEqualTo(answer).isEmpty();
        assertThat(resending(randomEmail())).isEqualTo(answer);

        String second = mailbox.await(2, CONFIRM).token();
        verifying(second).then().statusCode(204);
        isRefused(verifying(first));
        Mailbox.awaitQuiet();
        assertThat(new Mailbox(bob.email()).arrived(CONFIRM)).hasSize(1);
        isInvalid(post("/auth/email/resend", Map.of("email", "nobody")), "email");
    }

    @Test
    void anAddressChangesOnceTheNewOneIsConfirmed() {
        String next = randomEmail();
        String forgotten = resetLink();

        moving(next, alice.password()).then().statusCode(202);
        String token = new Mailbox(next).await(CONFIRM_NEW).token();
        loggingIn(next, alice.password()).then().statusCode(401);
        alice.request().get("/auth/me").then().body("email", equalTo(alice.email()));
        verifying(token).then().statusCode(204);

        alice.request().get("/auth/me").then().body("email", equalTo(next)).body("email_verified", equalTo(true));
        loggingIn(next, alice.password()).then().statusCode(200);
        loggingIn(alice.email(), alice.password()).then().statusCode(401);
        assertThat(mailbox.await(CHANGED).text()).doesNotContain(next);
        isRefused(verifying(token));
        isRefused(post("/auth/password/reset", Map.of("token", forgotten, "new_password", "a song of harbours 7")));
        assertThat(recorded("success")).contains("email-change-request", "email-change");
    }

    @Test
    void onlyWhoKnowsThePasswordMovesToAnotherAddress() {
        moving(randomEmail(), "not the password").then().statusCode(401).body("detail", equalTo("Incorrect password"));
        isInvalid(moving("nobody", alice.password()), "email");
        isInvalid(moving(randomEmail(), "x".repeat(1025)), "password");
        isInvalid(moving(alice.email(), alice.password()), "email");
        isInvalid(alice.json(Map.of()).post("/auth/email/change"), "email");
        assertThat(recorded("failure")).containsExactly("email-change-request");
    }

    @Test
    void anAddressMayChangeItsCase() {
        String next = alice.email().toUpperCase(Locale.ROOT);

        moving(next, alice.password()).then().statusCode(202);
        // The mail server of the tests compares addresses without case.
        verifying(mailbox.await(CONFIRM_NEW).token()).then().statusCode(204);

        alice.request().get("/auth/me").then().body("email", equalTo(next));
    }

    @Test
    void whoseAddressIsTakenIsForItsOwnerToKnow() {
        Person bob = Person.registered();
        var bobs = new Mailbox(bob.email());

        moving(bob.email().toUpperCase(Locale.ROOT), alice.password()).then().statusCode(202);

        bobs.await("This e-mail address already has an account");
        assertThat(bobs.arrived(CONFIRM_NEW)).isEmpty();
    }

    @Test
    void anAddressThatIsTakenMeanwhileStaysWithItsOwner() {
        String next = randomEmail();
        moving(next, alice.password()).then().statusCode(202);
        String token = new Mailbox(next).await(CONFIRM_NEW).token();
        Person.registering(next, "a song of harbours 7").then().statusCode(201);

        verifying(token).then().statusCode(409).body("type", endsWith(":email-already-registered"));

        alice.request().get("/auth/me").then().body("email", equalTo(alice.email()));
    }

    @Test
    void theLatestRequestIsTheOneThatCounts() {
        String mistyped = randomEmail();
        String meant = randomEmail();
        moving(mistyped, alice.password()).then().statusCode(202);
        String wrong = new Mailbox(mistyped).await(CONFIRM_NEW).token();

        moving(meant, alice.password()).then().statusCode(202);

        isRefused(verifying(wrong));
        verifying(new Mailbox(meant).await(CONFIRM_NEW).token()).then().statusCode(204);
    }

    @Test
    void aResetPasswordStopsAnAddressFromChanging() {
        String next = randomEmail();
        moving(next, alice.password()).then().statusCode(202);
        String token = new Mailbox(next).await(CONFIRM_NEW).token();

        post("/auth/password/reset", Map.of("token", resetLink(), "new_password", "a song of harbours 7"))
                .then()
                .statusCode(204);

        isRefused(verifying(token));
    }

    @Test
    void whoIsShutOutConfirmsNothing() {
        String token = mailbox.await(CONFIRM).token();
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", alice.id());

        isRefused(verifying(token));
    }

    private String resetLink() {
        post("/auth/password/forgot", Map.of("email", alice.email())).then().statusCode(202);
        return mailbox.await("Choose a new password").token();
    }

    private Response moving(String email, String password) {
        return alice.json(Map.of("email", email, "password", password)).post("/auth/email/change");
    }

    private static Response verifying(String token) {
        return post("/auth/email/verify", Map.of("token", token));
    }

    private static String resending(String email) {
        return post("/auth/email/resend", Map.of("email", email))
                .then()
                .statusCode(202)
                .extract()
                .asString();
    }

    private static Response post(String path, Map<String, ?> body) {
        return given().contentType(ContentType.JSON).body(body).post(path);
    }

    private List<Object> recorded(String outcome) {
        return Sql.query(
                "SELECT type FROM audit_events WHERE subject_id = ? AND outcome = ? ORDER BY id", alice.id(), outcome);
    }

    private static void isVerified(Person person, boolean verified) {
        person.request().get("/auth/me").then().body("email_verified", equalTo(verified));
    }

    private static void isRefused(Response answer) {
        answer.then().statusCode(400).contentType("application/problem+json").body("type", endsWith(":invalid-token"));
    }

    private static void isInvalid(Response answer, String field) {
        answer.then().statusCode(422).body("errors.field", hasItem(field));
    }
}
