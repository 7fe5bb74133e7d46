package dev.customrag;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.customrag.testing.EncryptionKeyFile;
import dev.customrag.testing.ExportedZip;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.SigningKeyFile;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The main journey on the packaged service. Its class loaders differ from those of the tests: what only they lack, such
 * as a native library's neighbour, shows here.
 */
@QuarkusIntegrationTest
@WithTestResource(PackagedServiceIT.Keys.class)
@WithTestResource(PackagedServiceIT.Smtp.class)
class PackagedServiceIT {

    /** A packaged service makes no keys for itself. */
    public static final class Keys implements QuarkusTestResourceLifecycleManager {

        private Path file;

        @Override
        public Map<String, String> start() {
            try {
                file = SigningKeyFile.write(Files.createTempFile("signing-key", ".pem"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.of(
                    "identity.signing-key-file",
                    file.toString(),
                    "identity.encryption-key",
                    EncryptionKeyFile.key(),
                    // That of the other tests is refused outside of them.
                    "identity.bcrypt-cost",
                    "10");
        }

        @Override
        public void stop() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A mail server for a service that is not in this process. */
    public static final class Smtp implements QuarkusTestResourceLifecycleManager {

        private final GreenMail server = new GreenMail(ServerSetup.SMTP.dynamicPort());

        @Override
        public Map<String, String> start() {
            server.start();
            return Map.of(
                    "quarkus.mailer.port", Integer.toString(server.getSmtp().getPort()));
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(server, new TestInjector.MatchesType(GreenMail.class));
        }

        @Override
        public void stop() {
            server.stop();
        }
    }

    private GreenMail mails;

    @Test
    void writesToWhoRegisters() throws MessagingException {
        Person alice = Person.registered();

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> mails.getReceivedMessagesForDomain(alice.email()).length == 1);

        assertThat(mails.getReceivedMessagesForDomain(alice.email())[0].getSubject())
                .isEqualTo("Confirm your e-mail address");
    }

    @Test
    void readsFilesInProcessesThatItStarts() {
        Person alice = Person.registered();

        alice.uploaded("fruit.pdf", SampleFiles.pdf(List.of("A page about apples.")));
        alice.uploaded("prices.docx", SampleFiles.docx());
    }

    @Test
    void answersFromAnUploadedDocument() {
        Person alice = Person.registered();
        alice.uploaded("lease.txt", "The rent is 950 euros.\n\nThe notice period is three months.");
        String session = alice.json(Map.of())
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        String answer = alice.json(Map.of("content", "How long is the notice period?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201)
                .extract()
                .path("content");

        assertThat(answer).contains("“The notice period is three months.” [1]");
    }

    @Test
    void givesPeopleWhatIsStoredAboutThem() {
        Person alice = Person.registered();
        String document = alice.uploaded("lease.txt", "The notice period is three months.");
        alice.json(Map.of("name", "Contracts")).post("/assistants").then().statusCode(201);
        String session = alice.json(Map.of()).post("/sessions").path("id");
        alice.json(Map.of("content", "How long is the notice period?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201);

        ExportedZip zip = ExportedZip.of(alice);

        assertThat(zip.json("account/profile.json").path("has_password").asBoolean())
                .isTrue();
        assertThat(zip.json("account/second-factor.json").path("recovery_codes").isArray())
                .isTrue();
        JsonNode described = zip.lines("documents/documents.jsonl").getFirst();
        assertThat(described.path("id").asText()).isEqualTo(document);
        assertThat(zip.text(described.path("file").asText())).isEqualTo("The notice period is three months.");
        assertThat(zip.lines("assistants/assistants.jsonl")).hasSize(2);
        JsonNode answer = zip.lines("conversations/conversations.jsonl")
                .getFirst()
                .path("messages")
                .path(1);
        assertThat(answer.path("trace")
                        .path("passages")
                        .path(0)
                        .path("document_id")
                        .asText())
                .isEqualTo(document);
        assertThat(zip.lines("usage/days.jsonl")
                        .getFirst()
                        .path("total")
                        .path("calls")
                        .asInt())
                .isPositive();
        assertThat(zip.json("notices.json").path("complete").asBoolean()).isTrue();
    }
}
