package dev.customrag.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.endsWith;

import dev.customrag.testing.Client;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many mails strangers can have sent, and what they learn by trying. */
@QuarkusTest
class MailLimitsTest {

    private static final String FORGOT = "/auth/password/forgot";
    private static final String RESEND = "/auth/email/resend";
    private static final String CONFIRM = "Confirm your e-mail address";
    private static final String RESET = "Choose a new password";
    private static final String TAKEN = "This e-mail address already has an account";

    @Test
    void theSixthMailToAPersonIsNotSent() {
        Person alice = Person.registered();
        List<String> spellings = spellings(alice.email());
        for (int i = 0; i < 2; i++) {
            for (String spelling : spellings) {
                isAccepted(asking(RESEND, spelling));
            }
        }

        Mailbox.awaitQuiet();
        // With that of the registration, which is no stranger's doing.
        assertThat(new Mailbox(alice.email()).arrived(CONFIRM)).hasSize(6);
    }

    /** Else a stranger could use up what somebody who forgot their password needs. */
    @Test
    void eachKindOfMailHasItsOwnLimit() {
        Person alice = Person.registered();
        for (int i = 0; i < 8; i++) {
            isAccepted(asking(RESEND, alice.email()));
        }

        isAccepted(asking(FORGOT, alice.email()));

        new Mailbox(alice.email()).await(RESET);
    }

    @Test
    void anAddressNobodyHasIsCountedTheSame() {
        String email = Person.randomEmail();
        long before = requestsForNobody();

        for (int i = 0; i < 2; i++) {
            for (String spelling : spellings(email)) {
                isAccepted(asking(FORGOT, spelling));
            }
        }

        assertThat(requestsForNobody() - before).isEqualTo(5);
    }

    @Test
    void whoAsksForAnothersAddressCountsToo() {
        Person alice = Person.registered();
        Person bob = Person.registered();

        for (int i = 0; i < 7; i++) {
            isAccepted(alice.json(Map.of("email", bob.email(), "password", alice.password()))
                    .post("/auth/email/change"));
        }

        Mailbox.awaitQuiet();
        assertThat(new Mailbox(bob.email()).arrived(TAKEN)).hasSize(5);
    }

    @Test
    void oneNetworkAsksForSoManyOnly() {
        Client network = Client.somewhere();
        int accepted = 0;
        Response answer = asking(network, FORGOT, Person.randomEmail());
        while (answer.statusCode() == 202) {
            accepted++;
            assertThat(accepted).isLessThan(100);
            answer = asking(network, accepted % 2 == 0 ? FORGOT : RESEND, Person.randomEmail());
        }

        assertThat(accepted).isGreaterThanOrEqualTo(50);
        isLimited(answer);
        Person alice = Person.registered();
        // Refused before anybody looks whose it is, and not counted against them.
        for (int i = 0; i < 6; i++) {
            isLimited(asking(network, RESEND, alice.email()));
        }
        isAccepted(asking(Client.somewhere(), RESEND, alice.email()));
        new Mailbox(alice.email()).await(2, CONFIRM);
    }

    private static List<String> spellings(String email) {
        return List.of(email, email.toUpperCase(Locale.ROOT), "  " + email + " ", "P" + email.substring(1));
    }

    private static Response asking(String path, String email) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", email))
                .post(path);
    }

    private static Response asking(Client from, String path, String email) {
        return from.post(path, Map.of("email", email));
    }

    private static long requestsForNobody() {
        return (long) Sql.query("SELECT count(*) FROM audit_events WHERE type = 'password-reset-request'"
                        + " AND subject_id IS NULL AND reason = 'unknown-address'")
                .getFirst();
    }

    private static void isAccepted(Response answer) {
        answer.then().statusCode(202).body(emptyString());
    }

    private static void isLimited(Response answer) {
        answer.then()
                .statusCode(429)
                .contentType("application/problem+json")
                .body("type", endsWith(":too-many-requests"));
        // One more each twelve seconds.
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 12);
    }
}
