package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Sse;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of answers when the database fails them, and when they are stopped before they have begun. */
@QuarkusTest
@TestProfile(NamedConversationTest.WithTitles.class)
class BrokenAnswerTest {

    private static final String WORDS =
            IntStream.range(0, 60).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    /** As a database that shuts down says it. */
    private static final String AWAY = "57P01";

    /** As one says it that will never take these data. */
    private static final String WRONG = "22021";

    @TestHTTPResource("/sessions/")
    URI sessions;

    @Inject
    RunningAnswers running;

    @Inject
    StoredSessions stored;

    FakeBedrock bedrock;

    private Person alice;
    private String session;

    @BeforeEach
    void begin() {
        bedrock.reset();
        alice = Person.registered();
        session = begin(Map.of("title", "Counting"));
    }

    @AfterEach
    void mend() {
        for (String table : List.of("running_answers", "chat_messages", "model_calls", "usage_reservations")) {
            works(table);
        }
        bedrock.release();
    }

    private String begin(Map<String, ?> wishes) {
        return alice.json(wishes)
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private URI messages(String rest) {
        return sessions.resolve(session + "/messages" + rest);
    }

    private Response ask(String question) {
        return alice.json(Map.of("content", question)).post("/sessions/{id}/messages", session);
    }

    private String background() {
        return alice.json(Map.of("content", "Count!", "background", true))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private JsonPath message(String id) {
        return alice.request()
                .get("/sessions/{id}/messages/{message}", session, id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private List<Map<String, Object>> listed() {
        return alice.request().get("/sessions/{id}/messages", session).path("items");
    }

    private void stop() {
        alice.request()
                .delete("/sessions/{id}/messages/current", session)
                .then()
                .statusCode(204);
    }

    /** Lets each change of Alice's rows fail in this way, until it {@link #works}. */
    private void fails(String table, String change, String state) {
        fails(table, change, "true", state);
    }

    private void fails(String table, String change, String when, String state) {
        Sql.update("""
                CREATE FUNCTION fail_%1$s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF coalesce(NEW.owner_id, OLD.owner_id) = '%2$s' THEN
                        RAISE EXCEPTION 'away' USING ERRCODE = '%3$s';
                    END IF;
                    RETURN coalesce(NEW, OLD);
                END
                $$
                """.formatted(table, alice.id(), state));
        Sql.update("CREATE TRIGGER fail BEFORE %2$s ON %1$s FOR EACH ROW WHEN (%3$s) EXECUTE FUNCTION fail_%1$s()"
                .formatted(table, change, when));
    }

    private static void works(String table) {
        Sql.update("DROP TRIGGER IF EXISTS fail ON " + table);
        Sql.update("DROP FUNCTION IF EXISTS fail_" + table);
    }

    /** As another process leaves it in the database. */
    private String elsewhere(String content) {
        return elsewhere(content, "-infinity");
    }

    private String elsewhere(String content, String alive) {
        UUID question = UUID.randomUUID();
        UUID answer = UUID.randomUUID();
        String insert = """
                INSERT INTO chat_messages (id, owner_id, session_id, parent_id, role, status, content, created_at)
                VALUES (?, ?, ?::uuid, ?, ?, ?, ?, now())
                """;
        Sql.update(insert, question, alice.id(), session, null, "user", "complete", "Count!");
        Sql.update(insert, answer, alice.id(), session, question, "assistant", "running", "");
        Sql.update("""
                INSERT INTO running_answers (message_id, session_id, owner_id, process, sources, content, alive_at)
                VALUES (?, ?::uuid, ?, gen_random_uuid(), '[]', ?, ?::timestamptz)
                """, answer, session, alice.id(), content, alive);
        Sql.update("UPDATE chat_sessions SET current_message_id = ? WHERE id = ?::uuid", answer, session);
        return answer.toString();
    }

    @Test
    void anAnswerIsKeptWholeThoughTheDatabaseWasAwayWhenItEnded() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly("One two three.", Duration.ofMillis(300)));
        try (Sse stream = Sse.post(messages(""), alice.accessToken(), "{\"content\": \"Count!\"}")) {
            stream.next().orElseThrow();
            fails("chat_messages", "UPDATE", AWAY);
            Sse.Event next = stream.next().orElseThrow();
            while (!next.data().get("text").asText().endsWith("three.")) {
                next = stream.next().orElseThrow();
            }
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);
            assertThat(listed().getLast()).containsEntry("status", "running");
            works("chat_messages");

            Sse.Event last = stream.rest().getLast();
            assertThat(last.name()).isEqualTo("done");
            assertThat(last.data().at("/message/status").asText()).isEqualTo("complete");
            assertThat(message(last.data().at("/message/id").asText()).getString("content"))
                    .isEqualTo("One two three.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {AWAY, WRONG})
    void anAnswerDoesNotDependOnTheLedger(String state) {
        fails("model_calls", "INSERT", "NEW.purpose = 'answer'", state);

        ask("Count!").then().statusCode(201).body("status", equalTo("complete"));

        works("model_calls");
        if (state.equals(AWAY)) {
            await().atMost(Duration.ofSeconds(10))
                    .until(
                            () -> Sql.query("SELECT purpose FROM model_calls WHERE owner_id = ?", alice.id()),
                            purposes -> purposes.contains("answer"));
        }
    }

    @Test
    void aSessionIsFreeAgainWhateverCannotBeWrittenDown() {
        fails("running_answers", "UPDATE", WRONG);
        fails("usage_reservations", "DELETE", WRONG);

        ask("Count!").then().statusCode(500);

        works("running_answers");
        works("usage_reservations");
        ask("Count!").then().statusCode(201).body("status", equalTo("complete"));
        assertThat(listed()).extracting(message -> message.get("status")).contains("unanswered", "complete");
    }

    @Test
    void anAnswerGoesOnThoughTheDatabaseHasForgottenIt() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly(WORDS, Duration.ofMillis(50)));
        String id = background();
        await().untilAsserted(() -> assertThat(message(id).getString("content")).contains("word3"));

        assertThat(Sql.update("DELETE FROM running_answers WHERE message_id = ?::uuid", id))
                .isEqualTo(1);

        await().until(() -> Sql.query(
                        "SELECT sources IS NOT NULL AND content LIKE '%word%' FROM running_answers WHERE message_id = ?::uuid",
                        id)
                .contains(true));
        alice.json(Map.of("content", "And now?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(409);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> message(id).getString("status"), status -> !status.equals("running"));
        assertThat(message(id).getString("status")).isEqualTo("complete");
        assertThat(message(id).getString("content")).isEqualTo(WORDS);
    }

    @Test
    void anAnswerNobodyListensToEndsThoughTheDatabaseIsAway() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly(WORDS, Duration.ofMillis(50)));
        try (Sse stream = Sse.post(messages(""), alice.accessToken(), "{\"content\": \"Count!\"}")) {
            stream.next().orElseThrow();
            fails("running_answers", "UPDATE OF content", AWAY);
        }

        assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(2)))
                .isTrue();
    }

    @Test
    void whoeverFollowsAnAnswerWhoseProcessDiedHearsItsEnd() {
        String id = elsewhere("One two ");

        try (Sse stream = Sse.get(messages("/current"), alice.accessToken())) {
            assertThat(stream.status()).isEqualTo(404);
        }
        assertThat(message(id).getString("status")).isEqualTo("failed");
        try (Sse stream = Sse.get(messages("/" + id), alice.accessToken(), "4")) {
            List<Sse.Event> events = stream.rest();
            assertThat(events).extracting(Sse.Event::name).containsExactly("token", "error");
            assertThat(events.getFirst().data().get("text").asText()).isEqualTo("two ");
            assertThat(events.getLast().data().get("type").asText()).endsWith("answer-interrupted");
        }
    }

    @Test
    void whoeverLooksAtAnAnswerWhoseProcessDiedSeesThatItFailed() {
        String id = elsewhere("One two ");

        assertThat(message(id).getString("status")).isEqualTo("failed");
        assertThat(message(id).getString("content")).isEqualTo("One two ");
    }

    @Test
    void whoeverStopsAnAnswerWhoseProcessDiedEndsIt() {
        String id = elsewhere("One two ");

        stop();

        assertThat(message(id).getString("status")).isEqualTo("failed");
        ask("Count!").then().statusCode(201);
    }

    @Test
    void anAnswerWhoseProcessDiedBeforeItsFirstWordMakesWayForTheNextQuestion() {
        String id = elsewhere("");

        ask("Anybody there?").then().statusCode(201).body("content", containsString("Anybody there?"));

        alice.request()
                .get("/sessions/{id}/messages/{message}", session, id)
                .then()
                .statusCode(404);
        assertThat(listed())
                .extracting(message -> message.get("status"))
                .containsExactly("unanswered", "complete", "complete");
        assertThat(listed().get(1))
                .containsEntry("parent_id", listed().getFirst().get("id"));
    }

    @Test
    void anAnswerThatTheDatabaseHasForgottenIsWaitedFor() {
        String id = elsewhere("One ", "infinity");
        Sql.update("DELETE FROM running_answers WHERE message_id = ?::uuid", id);

        try (Sse stream = Sse.get(messages("/" + id), alice.accessToken())) {
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            Sql.update("UPDATE chat_messages SET status = 'complete', content = 'One two' WHERE id = ?::uuid", id);

            List<Sse.Event> events = stream.rest();
            assertThat(events).extracting(Sse.Event::name).containsExactly("sources", "token", "done");
            assertThat(events.getLast().data().at("/message/status").asText()).isEqualTo("complete");
        }
    }

    @Test
    void anAbandonedAnswerThatCannotBeEndedKeepsNoneBehindItFromItsEnd() {
        String broken = elsewhere("One ");
        Sql.update("UPDATE chat_messages SET citations = '\"none\"' WHERE id = ?::uuid", broken);
        session = begin(Map.of("title", "Another"));
        String next = elsewhere("One two ");

        new ChatJobs(running, stored).sweep(() -> false);

        assertThat(message(next).getString("status")).isEqualTo("failed");
        Sql.update("DELETE FROM chat_messages WHERE id = ?::uuid", broken);
    }

    @Test
    void aCharacterThatCannotBeStoredIsLeftOut() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("One\0 two."));

        ask("Count!").then().statusCode(201).body("content", equalTo("One two."));
    }

    @Test
    void whoStopsAnAnswerDoesNotWaitForTheQuestionToBeEmbedded() throws Exception {
        bedrock.hold();
        var answer = CompletableFuture.supplyAsync(() -> ask("Count!"));
        bedrock.awaitRequest("invoke");

        stop();

        answer.get(2, TimeUnit.SECONDS).then().statusCode(201).body("status", equalTo("stopped"));
        assertThat(bedrock.requests("converse-stream")).isEmpty();
        bedrock.release();
        ask("Count!").then().statusCode(201).body("status", equalTo("complete"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/event-stream"})
    void whoeverLeavesBeforeAnAnswerHasBegunEndsIt(String accepted) throws Exception {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.silence());
        bedrock.hold();
        try (var asked = new Socket(sessions.getHost(), sessions.getPort())) {
            String body = "{\"content\": \"Count!\"}";
            asked.getOutputStream()
                    .write(
                            "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(
                                            messages("").getPath(), alice.accessToken(), accepted, body.length(), body)
                                    .getBytes(StandardCharsets.UTF_8));
            bedrock.awaitRequest("invoke");
        }
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        bedrock.release();

        await().atMost(Duration.ofMillis(1500)).untilAsserted(() -> assertThat(listed())
                .extracting(message -> message.get("status"))
                .containsExactly("complete", "stopped"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatFailsLeavesTheBranchThatIsShown(boolean ephemeral) {
        session = begin(Map.of("title", "Counting", "ephemeral", ephemeral));
        String shown = ask("One?").then().statusCode(201).extract().path("id");
        bedrock.always(FakeBedrock.NOVA, new BedrockScript.SlowStart(Duration.ofSeconds(1), BedrockScript.deny()));
        alice.json(Map.of("content", "Two?", "background", true))
                .post("/sessions/{id}/messages/{message}/regenerate", session, shown)
                .then()
                .statusCode(202);

        alice.json(Map.of("current_message_id", shown))
                .patch("/sessions/{id}", session)
                .then()
                .statusCode(200);

        await().until(() -> listed().stream().anyMatch(message -> "unanswered".equals(message.get("status"))));
        alice.request()
                .get("/sessions/{id}", session)
                .then()
                .statusCode(200)
                .body("current_message_id", equalTo(shown));
    }
}
