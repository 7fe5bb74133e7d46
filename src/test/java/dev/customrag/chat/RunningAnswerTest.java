package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Sse;
import dev.customrag.testing.Together;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers on their way: followed, left, come back to, stopped, here and in other processes. */
@QuarkusTest
@TestProfile(OnBedrock.class)
class RunningAnswerTest {

    private static final String WORDS =
            IntStream.range(0, 60).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    @TestHTTPResource("/sessions/")
    URI sessions;

    FakeBedrock bedrock;

    private Person alice;
    private String session;

    @BeforeEach
    void begin() {
        bedrock.reset();
        bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly(WORDS, Duration.ofMillis(50)));
        alice = Person.registered();
        // With a title, so that the model is not asked for one.
        session = begin(Map.of("title", "Counting"));
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

    private Sse stream() {
        return Sse.post(messages(""), alice.accessToken(), "{\"content\": \"Count!\"}");
    }

    private JsonPath background() {
        return alice.json(Map.of("content", "Count!", "background", true))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(202)
                .body("status", equalTo("running"))
                .extract()
                .jsonPath();
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
        return alice.request()
                .get("/sessions/{id}/messages", session)
                .then()
                .statusCode(200)
                .extract()
                .path("items");
    }

    private static Sse.Event heard(Sse stream, String name) {
        Sse.Event event = stream.next().orElseThrow();
        while (!event.name().equals(name)) {
            event = stream.next().orElseThrow();
        }
        return event;
    }

    private static String text(List<Sse.Event> events) {
        return events.stream()
                .filter(event -> event.name().equals("token"))
                .map(event -> event.data().get("text").asText())
                .collect(Collectors.joining());
    }

    private int calls() {
        return bedrock.requests("converse-stream").size();
    }

    @Test
    void eventsAreNumberedByWhatWasHeard() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("One two three."));

        try (Sse stream = stream()) {
            List<Sse.Event> events = stream.rest();

            assertThat(events)
                    .extracting(Sse.Event::name)
                    .containsExactly("sources", "token", "token", "token", "done");
            assertThat(events).extracting(Sse.Event::id).containsExactly("0", "3", "7", "14", "15");
        }
    }

    @Test
    void whoeverStopsAnAnswerKeepsWhatWasSaid() {
        try (Sse stream = stream()) {
            heard(stream, "token");
            long asked = System.nanoTime();
            alice.request()
                    .delete("/sessions/{id}/messages/current", session)
                    .then()
                    .statusCode(204);

            assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(1)))
                    .isTrue();
            List<Sse.Event> rest = stream.rest();
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
            JsonNode message = rest.getLast().data().get("message");
            assertThat(rest.getLast().name()).isEqualTo("done");
            assertThat(message.get("status").asText()).isEqualTo("stopped");
            assertThat(WORDS).startsWith(message.get("content").asText().stripTrailing());
            assertThat(message.get("usage").get("output_tokens").asInt()).isPositive();
            assertThat(message(message.get("id").asText()).getString("content"))
                    .isEqualTo(message.get("content").asText());
        }
        alice.request()
                .delete("/sessions/{id}/messages/current", session)
                .then()
                .statusCode(404);
    }

    @Test
    void aModelThatHasNotSaidAnythingYetIsStopped() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.silence());
        String id = background().getString("id");
        bedrock.awaitRequest("converse-stream");

        alice.request()
                .delete("/sessions/{id}/messages/current", session)
                .then()
                .statusCode(204);

        assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(1)))
                .isTrue();
        await().untilAsserted(() -> assertThat(message(id).getString("status")).isEqualTo("stopped"));
    }

    @Test
    void aReloadGoesOnWithTheSameAnswer() {
        List<Sse.Event> heard = new ArrayList<>();
        String id;
        try (Sse stream = stream()) {
            IntStream.range(0, 10).forEach(i -> heard.add(stream.next().orElseThrow()));
            id = heard.getLast().id();
        }
        try (Sse again = Sse.get(messages("/current"), alice.accessToken(), id)) {
            heard.addAll(again.rest());
        }

        assertThat(heard)
                .extracting(Sse.Event::name)
                .containsOnlyOnce("sources")
                .endsWith("done");
        assertThat(text(heard)).isEqualTo(WORDS);
        assertThat(heard.getLast().data().at("/message/status").asText()).isEqualTo("complete");
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void severalHearTheSameAnswer() {
        String id = background().getString("id");

        List<String> texts = Together.call(4, () -> {
            try (Sse stream = Sse.get(messages("/" + id), alice.accessToken())) {
                return text(stream.rest());
            }
        });

        assertThat(texts).containsOnly(WORDS);
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void anAnswerInTheBackgroundIsMadeThoughNobodyListens() {
        String id = background().getString("id");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(message(id).getString("status")).isEqualTo("complete"));
        assertThat(message(id).getString("content")).isEqualTo(WORDS);
    }

    @Test
    void theAnswerSoFarIsShown() {
        String id = background().getString("id");

        await().untilAsserted(() -> assertThat(message(id).getString("content")).contains("word3"));

        assertThat(message(id).getString("status")).isEqualTo("running");
        alice.request()
                .get("/sessions/{id}/messages/current", session)
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("content", containsString("word3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "99999999999999999999", ""})
    void aForeignEventIdIsAsNone(String lastEventId) {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("One two three."));
        String id = alice.json(Map.of("content", "Count!"))
                .post("/sessions/{id}/messages", session)
                .path("id");

        try (Sse stream = Sse.get(messages("/" + id), alice.accessToken(), lastEventId)) {
            List<Sse.Event> events = stream.rest();
            assertThat(events).extracting(Sse.Event::name).containsExactly("sources", "token", "done");
            assertThat(text(events)).isEqualTo("One two three.");
        }
    }

    @Test
    void anAnswerThatIsOverIsHeardFromAnyPlace() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("One two 🦉."));
        String id = alice.json(Map.of("content", "Count!"))
                .post("/sessions/{id}/messages", session)
                .path("id");

        for (var each : Map.of("4", "two 🦉.", "9", "🦉.", "11", "", "500", "").entrySet()) {
            try (Sse stream = Sse.get(messages("/" + id), alice.accessToken(), each.getKey())) {
                List<Sse.Event> events = stream.rest();
                assertThat(text(events)).as(each.getKey()).isEqualTo(each.getValue());
                assertThat(events.getLast().name()).isEqualTo("done");
            }
        }
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void aSessionHasOneAnswerOnItsWay() {
        String id = background().getString("id");

        alice.json(Map.of("content", "And now?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(409)
                .body("type", containsString("answer-running"));
        alice.json(Map.of())
                .post("/sessions/{id}/messages/{message}/regenerate", session, id)
                .then()
                .statusCode(409);

        assertThat(listed()).hasSize(2);
    }

    @Test
    void ofManyQuestionsAtOnceOneIsAnswered() {
        List<Integer> statuses = Together.call(6, () -> alice.json(Map.of("content", "Count!", "background", true))
                .post("/sessions/{id}/messages", session)
                .statusCode());

        assertThat(statuses)
                .containsOnlyOnce(202)
                .filteredOn(status -> status == 409)
                .hasSize(5);
    }

    @Test
    void aDeletedSessionTakesItsAnswerAlong() {
        try (Sse stream = stream()) {
            heard(stream, "token");
            alice.request().delete("/sessions/{id}", session).then().statusCode(204);

            assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(1)))
                    .isTrue();
            assertThat(stream.rest().getLast().name()).isEqualTo("error");
        }
    }

    @Test
    void anotherProcessStopsAnAnswer() {
        String id = background().getString("id");

        assertThat(Sql.update("UPDATE running_answers SET stop_requested = true WHERE message_id = ?::uuid", id))
                .isEqualTo(1);

        assertThat(bedrock.awaitRequest("converse-stream").closesWithin(Duration.ofSeconds(1)))
                .isTrue();
        await().untilAsserted(() -> assertThat(message(id).getString("status")).isEqualTo("stopped"));
    }

    /** As another process leaves it in the database. */
    private String elsewhere(String alive) {
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
                VALUES (?, ?::uuid, ?, gen_random_uuid(), '[]', 'One two ', now() + ?::interval)
                """, answer, session, alice.id(), alive);
        Sql.update("UPDATE chat_sessions SET current_message_id = ? WHERE id = ?::uuid", answer, session);
        return answer.toString();
    }

    @Test
    void anAnswerOfAnotherProcessIsFollowedAndStopped() {
        String id = elsewhere("1 hour");

        try (Sse stream = Sse.get(messages("/current"), alice.accessToken())) {
            assertThat(stream.next().orElseThrow().name()).isEqualTo("sources");
            assertThat(stream.next().orElseThrow().data().get("text").asText()).isEqualTo("One two ");
            Sql.update("UPDATE running_answers SET content = 'One two three ' WHERE message_id = ?::uuid", id);
            Sse.Event next = stream.next().orElseThrow();
            assertThat(next.data().get("text").asText()).isEqualTo("three ");
            assertThat(next.id()).isEqualTo("14");
            assertThat(Sql.query("SELECT followed_at IS NOT NULL FROM running_answers WHERE message_id = ?::uuid", id))
                    .containsExactly(true);

            alice.request()
                    .delete("/sessions/{id}/messages/current", session)
                    .then()
                    .statusCode(204);
            assertThat(Sql.query("SELECT stop_requested FROM running_answers WHERE message_id = ?::uuid", id))
                    .containsExactly(true);
            Sql.update(
                    "UPDATE chat_messages SET status = 'stopped', content = 'One two three four' WHERE id = ?::uuid",
                    id);
            Sql.update("DELETE FROM running_answers WHERE message_id = ?::uuid", id);

            List<Sse.Event> rest = stream.rest();
            assertThat(text(rest)).isEqualTo("four");
            assertThat(rest.getLast().data().at("/message/status").asText()).isEqualTo("stopped");
        }
    }

    @Test
    void anAnswerWhoseProcessDiedIsEndedByTheNextQuestion() {
        String id = elsewhere("-1 hour");
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("Here."));

        alice.json(Map.of("content", "Anybody there?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201)
                .body("content", equalTo("Here."));

        assertThat(message(id).getString("status")).isEqualTo("failed");
        assertThat(message(id).getString("content")).isEqualTo("One two ");
        assertThat(message(id).getString("error.type")).endsWith("answer-interrupted");
    }

    @Test
    void anotherPersonHearsAndStopsNothing() {
        String id = background().getString("id");
        Person bob = Person.registered();
        String his = bob.json(Map.of()).post("/sessions").path("id");

        for (String of : List.of(session, his)) {
            bob.request()
                    .get("/sessions/{id}/messages/{message}", of, id)
                    .then()
                    .statusCode(404);
            bob.request()
                    .get("/sessions/{id}/messages/{message}/trace", of, id)
                    .then()
                    .statusCode(404);
            bob.request().delete("/sessions/{id}/messages/current", of).then().statusCode(404);
            bob.request().get("/sessions/{id}/messages/current", of).then().statusCode(404);
            bob.json(Map.of())
                    .post("/sessions/{id}/messages/{message}/regenerate", of, id)
                    .then()
                    .statusCode(404);
            try (Sse stream = Sse.get(sessions.resolve(of + "/messages/" + id), bob.accessToken())) {
                assertThat(stream.status()).isEqualTo(404);
            }
        }
        assertThat(message(id).getString("status")).isEqualTo("running");
    }

    @Test
    void signsOfLifeAreSentWhileTheModelIsSilent() throws Exception {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.silence());
        HttpRequest request = HttpRequest.newBuilder(messages(""))
                .header("Authorization", "Bearer " + alice.accessToken())
                .header("Accept", "text/event-stream")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"content\": \"Anybody there?\"}"))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        try (Stream<String> lines =
                client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            assertThat(lines.filter(line -> line.startsWith(":")).findFirst()).isPresent();
        } finally {
            // Closing it would wait for the end of the answer.
            client.shutdownNow();
        }
    }
}
