package dev.customrag.identity;

import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.randomEmail;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.http.Ids;
import dev.customrag.jobs.JobQueue;
import dev.customrag.testing.MailServer;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.ScriptedSmtp;
import dev.customrag.testing.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From {@link Mails} over a real SMTP server into a mailbox, on good days and bad ones. */
@QuarkusTest
class MailDeliveryTest {

    private static final String CONFIRM = "Confirm your e-mail address";
    private static final String NEW_DEVICE = "New sign-in to your account";

    @Inject
    Mails mails;

    @Inject
    JobQueue jobs;

    @Inject
    MailServer server;

    @Inject
    MeterRegistry metrics;

    @ParameterizedTest
    @EnumSource(
            value = Mail.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"VERIFY_EMAIL", "RESET_PASSWORD", "CONFIRM_NEW_EMAIL"})
    void aNoticeSaysWhatHappenedWhenAndWhere(Mail kind) {
        Person alice = Person.registered();
        QuarkusTransaction.requiringNew().run(() -> mails.send(kind, alice.id(), UUID.randomUUID()));

        var mail = new Mailbox(alice.email()).await(kind.subject());

        for (String text : List.of(mail.text(), mail.html())) {
            assertThat(text)
                    .containsPattern("When: +\\d+ [A-Z][a-z]+ \\d{4}, \\d\\d:\\d\\d UTC")
                    .contains("Unknown device", "http://localhost:")
                    .doesNotContain("{", "}", "NOT_FOUND", "null", "#token", "Ada", "Lovelace");
        }
        assertThat(mail.raw()).contains("Auto-Submitted: auto-generated");
    }

    @ParameterizedTest
    @EnumSource(
            value = Mail.class,
            names = {"VERIFY_EMAIL", "RESET_PASSWORD"})
    void aLinkIsInTextAndHtml(Mail kind) {
        Person alice = Person.registered();
        QuarkusTransaction.requiringNew().run(() -> mails.send(kind, alice.id(), null));

        var mail = new Mailbox(alice.email()).await(kind.subject());

        assertThat(mail.html()).contains("#token=" + mail.token() + "\"").doesNotContain("{", "}", "NOT_FOUND");
        assertThat(mail.text()).containsPattern("(24 hours|30 minutes)");
    }

    @Test
    void aNewDeviceIsToldOf() {
        Person alice = Person.registered();
        given().contentType(ContentType.JSON)
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                .body(Map.of("email", alice.email(), "password", alice.password()))
                .post("/auth/login")
                .then()
                .statusCode(200);

        assertThat(new Mailbox(alice.email()).await(NEW_DEVICE).text())
                .contains("Device:  Firefox on Linux", "Network: 127.0.0.0/24");
    }

    @Test
    void theSignInThatEndedIsNamed() {
        Person alice = Person.registered();
        Person.Tokens first = alice.tokens();
        alice.refresh(alice.refresh(first));
        Sql.update(
                "UPDATE refresh_tokens SET spent_at = spent_at - interval '1 hour'"
                        + " WHERE session_id IN (SELECT id FROM sign_in_sessions WHERE user_id = ?)",
                alice.id());
        given().contentType(ContentType.JSON)
                .header("User-Agent", "thief/1.0")
                .body(Map.of("refresh_token", first.refresh()))
                .post("/auth/refresh")
                .then()
                .statusCode(401);

        assertThat(new Mailbox(alice.email())
                        .await("We ended a sign-in to your account")
                        .text())
                .contains("Device:  Apache-HttpClient")
                .doesNotContain("thief");
    }

    @Test
    void nobodyCanHaveUsSendTheirWords() {
        String email = randomEmail();
        String password = "a song of " + UUID.randomUUID();
        given().contentType(ContentType.JSON)
                .body(Map.of(
                        "email",
                        email,
                        "first_name",
                        "http://evil.example/free",
                        "last_name",
                        "<a href='//evil.example'>Bcc: all@evil.example</a>",
                        "password",
                        password))
                .post("/auth/register")
                .then()
                .statusCode(201);
        loggingIn(email, password).then().statusCode(200);
        given().contentType(ContentType.JSON)
                .header("User-Agent", "evil.example")
                .body(Map.of("email", email, "password", password))
                .post("/auth/login")
                .then()
                .statusCode(200);

        var mailbox = new Mailbox(email);
        assertThat(mailbox.await(CONFIRM).raw()).doesNotContain("evil.example", "Bcc");
        assertThat(mailbox.await(NEW_DEVICE).raw()).contains("evil example").doesNotContain("evil.example");
    }

    @Test
    void whatIsRolledBackIsNotAnnounced() {
        Person alice = Person.registered();
        Mailbox mailbox = new Mailbox(alice.email());
        mailbox.await(CONFIRM);

        QuarkusTransaction.begin();
        mails.send(Mail.PASSWORD_CHANGED, alice.id(), null);
        QuarkusTransaction.rollback();

        Mailbox.awaitQuiet();
        assertThat(mailbox.arrived()).hasSize(1);
    }

    @Test
    void aMailWaitsUntilTheServerIsBack() {
        String email = randomEmail();
        Mailbox.awaitQuiet();
        server.stop();
        try {
            double failed = count("failed");
            Person.registering(email, "a song of " + UUID.randomUUID()).then().statusCode(201);
            awaitCount("failed", failed + 2);
            assertThat(Sql.query("SELECT task_data FROM background_tasks WHERE task_name = 'send-mail'"))
                    .singleElement()
                    .satisfies(data -> assertThat(new String((byte[]) data, StandardCharsets.UTF_8))
                            .startsWith("VERIFY_EMAIL\n")
                            .doesNotContain(email));
        } finally {
            server.start();
        }

        var mail = new Mailbox(email).await(CONFIRM);

        given().contentType(ContentType.JSON)
                .body(Map.of("token", mail.token()))
                .post("/auth/email/verify")
                .then()
                .statusCode(204);
    }

    @Test
    void aRecipientThatIsRejectedIsNotTriedAgain() throws Exception {
        Mailbox.awaitQuiet();
        server.stop();
        double rejected = count("rejected");
        try (var smtp = ScriptedSmtp.answeringRecipients("550 5.1.1 no such mailbox here")) {
            Person.registering(randomEmail(), "a song of " + UUID.randomUUID())
                    .then()
                    .statusCode(201);
            awaitCount("rejected", rejected + 1);
            Mailbox.awaitQuiet();
            assertThat(smtp.timesAsked()).isOne();
        } finally {
            server.start();
        }
    }

    @Test
    void aRecipientThatIsPutOffIsTriedAgain() throws Exception {
        Mailbox.awaitQuiet();
        server.stop();
        String email = randomEmail();
        double failed = count("failed");
        try (var smtp = ScriptedSmtp.answeringRecipients("451 4.7.1 greylisted, come back later")) {
            Person.registering(email, "a song of " + UUID.randomUUID()).then().statusCode(201);
            awaitCount("failed", failed + 2);
            // The first failure may be that of a connection from before.
            Awaitility.await().untilAsserted(() -> assertThat(smtp.timesAsked()).isGreaterThanOrEqualTo(2));
        } finally {
            server.start();
        }

        new Mailbox(email).await(CONFIRM);
    }

    @Test
    void aMailThatIsADayLateIsDropped() {
        Person alice = Person.registered();
        Mailbox.awaitQuiet();
        server.stop();
        double givenUp = count("given_up");
        try {
            var job = new MailJob(
                    Mail.PASSWORD_CHANGED,
                    Optional.of(alice.id()),
                    Optional.empty(),
                    Optional.empty(),
                    Instant.now().minus(Duration.ofDays(2)),
                    "Firefox",
                    "");
            QuarkusTransaction.requiringNew()
                    .run(() -> jobs.add(
                            BackgroundJobs.TABLE,
                            Mails.TASK
                                    .instance(Ids.next().toString())
                                    .data(job.data())
                                    .build()));
            awaitCount("given_up", givenUp + 1);
            Mailbox.awaitQuiet();
        } finally {
            server.start();
        }
    }

    @Test
    void nobodyIsWrittenToWhoIsGone() {
        Person alice = Person.registered();
        Mailbox.awaitQuiet();
        double nothingToSay = count("void");
        QuarkusTransaction.requiringNew().run(() -> {
            mails.send(Mail.PASSWORD_CHANGED, alice.id(), null);
            mails.sendTo(alice.email(), Mail.EMAIL_CHANGED, alice.id());
            User.deleteById(alice.id());
        });

        awaitCount("void", nothingToSay + 2);
        assertThat(new Mailbox(alice.email()).arrived()).hasSize(1);
    }

    @Test
    void aDomainInAnyScriptIsWrittenTo() {
        String name = "ada-" + UUID.randomUUID();
        Person.registering(name + "@bücher.example", "a song of harbours 7")
                .then()
                .statusCode(201);

        new Mailbox(name + "@xn--bcher-kva.example").await(CONFIRM);
    }

    private double count(String outcome) {
        return metrics.counter("identity.mails", "outcome", outcome).count();
    }

    private void awaitCount(String outcome, double atLeast) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> count(outcome) >= atLeast);
    }
}
