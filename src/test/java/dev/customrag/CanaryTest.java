package dev.customrag;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.Authenticator;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing of a person's reaches the log or the metrics, on good days and on bad ones. */
@QuarkusTest
class CanaryTest {

    private static final String CANARY = "canary7f3a91";

    private final List<String> logged = new CopyOnWriteArrayList<>();

    /** Formats as a console would, with message, parameters, MDC and the whole stack with its messages. */
    private final Handler listener = new ExtHandler() {

        private final PatternFormatter formatter = new PatternFormatter("%c %X %s%e");

        @Override
        protected void doPublish(ExtLogRecord record) {
            logged.add(formatter.format(record));
        }

        @Override
        public boolean isLoggable(LogRecord record) {
            return true;
        }
    };

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(listener);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger("").removeHandler(listener);
    }

    @Test
    void contentNamesAddressesAndTokensStayOutOfLogsAndMetrics() {
        String email = CANARY + "-address@example.org";
        String password = CANARY + " sings in harbours";
        Person.registering(email, password);
        Person.registering(email, password).then().statusCode(400);
        Person.loggingIn(email, CANARY + "-wrong").then().statusCode(401);
        String token = Person.loggingIn(email, password).then().extract().path("access_token");
        given().contentType(ContentType.JSON)
                .body("{\"email\": \"" + CANARY + "\", \"password\": ")
                .post("/auth/login");
        Person.refreshing(CANARY + "-refresh").then().statusCode(401);
        Person.bearing(CANARY + "-token").get("/auth/me").then().statusCode(401);

        String key = json(token, Map.of("name", CANARY + " key"))
                .post("/auth/api-keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        Person.bearing(key).get("/auth/me").then().statusCode(200);
        Person.bearing(key).get("/auth/sessions").then().statusCode(403);
        Person.bearing(key + "x").get("/auth/me").then().statusCode(401);
        Person.bearing("cra_" + CANARY).get("/auth/me").then().statusCode(401);
        given().get("/auth/me?key=" + key).then().statusCode(401);
        String keyId = Person.bearing(token).get("/auth/api-keys").path("items[0].id");
        Person.bearing(token).delete("/auth/api-keys/{id}", keyId).then().statusCode(204);
        Person.bearing(key).get("/auth/me").then().statusCode(401);

        List<String> codes = secondFactor(token, email, password);

        json(token, Map.of("email", CANARY + "-new@example.org", "password", password))
                .post("/auth/email/change")
                .then()
                .statusCode(202);
        json(token, Map.of("email", email)).post("/auth/email/resend").then().statusCode(202);
        json(token, Map.of("email", email)).post("/auth/password/forgot").then().statusCode(202);
        json(token, Map.of("token", CANARY)).post("/auth/email/verify").then().statusCode(400);
        json(token, Map.of("token", CANARY, "new_password", CANARY + " song"))
                .post("/auth/password/reset")
                .then()
                .statusCode(400);
        List<String> links = List.of(
                new Mailbox(email).await(2, "Confirm your e-mail address").token(),
                new Mailbox(email).await("Choose a new password").token(),
                new Mailbox(CANARY + "-new@example.org")
                        .await("Confirm your new e-mail address")
                        .token());

        upload(token, CANARY + "-name.txt", CANARY + " text about harbours.");
        upload(token, CANARY + "-broken.pdf", "%PDF-1.7 " + CANARY + " is not a PDF at all");
        upload(token, CANARY + ".bin", "\0\1\2" + CANARY);
        awaitIngestion(token);

        String session = json(token, Map.of("title", CANARY + " title"))
                .post("/sessions")
                .path("id");
        json(token, Map.of("content", CANARY + " question about harbours?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201);
        json(token, Map.of("content", CANARY, "model_id", CANARY)).post("/sessions/{id}/messages", session);
        json(token, Map.of("query", CANARY + " \\ ' \" :* & | ! <->"))
                .post("/search")
                .then()
                .statusCode(200);
        given().get("/" + CANARY).then().statusCode(404);
        Person.bearing(token).get("/privacy/export").then().statusCode(200);

        String secret = token.substring(token.lastIndexOf('.') + 1);
        String metrics =
                given().get("/q/metrics").then().statusCode(200).extract().asString();
        assertThat(logged)
                .noneMatch(line -> line.contains(CANARY) || line.contains(secret) || line.contains(key.substring(8)));
        assertThat(logged).noneMatch(line -> codes.stream().anyMatch(line::contains));
        assertThat(metrics).doesNotContain(CANARY).doesNotContain(secret).doesNotContain(key.substring(8));
        assertThat(logged).noneMatch(line -> links.stream().anyMatch(line::contains));
    }

    /** Enrols a second factor, fails and succeeds with it; gives what was secret in that. */
    private static List<String> secondFactor(String token, String email, String password) {
        String secret = Person.bearing(token).post("/auth/mfa/totp").path("secret");
        json(token, Map.of("code", CANARY))
                .post("/auth/mfa/totp/confirm")
                .then()
                .statusCode(400);
        List<String> codes = json(token, Map.of("code", Authenticator.codeOf(secret)))
                .post("/auth/mfa/totp/confirm")
                .then()
                .statusCode(200)
                .extract()
                .path("recovery_codes");
        String pending = Person.loggingIn(email, password).path("mfa_token");
        for (String code : List.of(CANARY, codes.getFirst(), codes.getFirst())) {
            given().contentType(ContentType.JSON)
                    .body(Map.of("mfa_token", pending, "code", code))
                    .post("/auth/mfa/verify");
        }
        given().contentType(ContentType.JSON)
                .body(Map.of("mfa_token", CANARY, "code", CANARY))
                .post("/auth/mfa/verify");
        return List.of(secret, pending, codes.getFirst());
    }

    private static io.restassured.specification.RequestSpecification json(String token, Object body) {
        return Person.bearing(token).contentType(ContentType.JSON).body(body);
    }

    private static void upload(String token, String name, String content) {
        Person.bearing(token)
                .multiPart("file", name, content.getBytes(StandardCharsets.ISO_8859_1))
                .post("/documents");
    }

    private static void awaitIngestion(String token) {
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> Person.bearing(token).get("/documents").<List<String>>path("items.status").stream()
                        .allMatch(status -> status.equals("ready") || status.equals("failed")));
    }
}
