package dev.customrag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.Cluster;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.ServiceProcess;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Sse;
import io.restassured.RestAssured;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Answers that are made by one replica, and followed, stopped and come back to through another. Starting a replica takes
 * seconds: what ends one comes last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RunningAnswersIT {

    private static final String WORDS = words(60);

    /** Said within the time that a process has to stop. */
    private static final String SHORT = words(15);

    /** More than can be said in any of these tests. */
    private static final String ENDLESS = words(10_000);

    private static final Duration PAUSE = Duration.ofMillis(40);

    /** One that is not waited for on a busy machine: everything takes longer there. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Cluster cluster;
    private static FakeBedrock bedrock;

    private static Person alice;

    /** Makes the answers, and the one beside it. */
    private ServiceProcess here;

    private ServiceProcess there;
    private String session;

    @BeforeAll
    static void setUp() {
        cluster = Cluster.shared();
        bedrock = cluster.bedrock();
        cluster.replicas(2);
        alice = Person.registered();
    }

    @AfterAll
    static void tearDown() {
        RestAssured.reset();
    }

    private static String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    }

    private static void says(String text) {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly(text, PAUSE));
    }

    /** @param text what the model says, slowly */
    private void begin(int replicas, String text) {
        List<ServiceProcess> running = cluster.replicas(replicas);
        here = running.getFirst();
        there = running.getLast();
        bedrock.reset();
        says(text);
        session = session();
    }

    private String session() {
        return alice.json(Map.of())
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private String messages(String rest) {
        return "/sessions/" + session + "/messages" + rest;
    }

    /** Asks here. */
    private Sse ask() {
        return Sse.post(here.uri(messages("")), alice.accessToken(), "{\"content\": \"Count!\"}");
    }

    /** Asks here, in a session of its own, without listening. */
    private String askInBackground() {
        here.addressed();
        return alice.json(Map.of("content", "Count!", "background", true))
                .post("/sessions/{id}/messages", session())
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private Sse follow(ServiceProcess replica, String rest) {
        return Sse.get(replica.uri(messages(rest)), alice.accessToken());
    }

    private void stopThere(int status) {
        there.addressed();
        alice.request().delete(messages("/current")).then().statusCode(status);
    }

    private JsonNode message(ServiceProcess replica, String id) {
        replica.addressed();
        return alice.request()
                .get(messages("/" + id))
                .then()
                .statusCode(200)
                .extract()
                .as(JsonNode.class);
    }

    /** The next so many words of an answer. */
    private static List<Sse.Event> heard(Sse stream, int words) {
        var events = new ArrayList<Sse.Event>();
        while (text(events).chars().filter(character -> character == ' ').count() < words) {
            events.add(stream.next().orElseThrow());
        }
        return events;
    }

    private static String text(List<Sse.Event> events) {
        return events.stream()
                .filter(event -> event.name().equals("token"))
                .map(event -> event.data().get("text").asText())
                .collect(Collectors.joining());
    }

    private static JsonNode done(List<Sse.Event> events) {
        assertThat(events.getLast().name()).isEqualTo("done");
        return events.getLast().data().get("message");
    }

    private static int calls() {
        return bedrock.requests("converse-stream").size();
    }

    private static void assertTheCallEnds(Duration limit) {
        assertThat(bedrock.awaitRequest("converse-stream").closesWithin(limit)).isTrue();
    }

    private static List<Object> query(String sql, Object... parameters) {
        try (Connection connection = cluster.database().connect()) {
            return Sql.query(connection, sql, parameters);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String kept(String id, String column) {
        return query("SELECT %s FROM chat_messages WHERE id = ?::uuid".formatted(column), id)
                .getFirst()
                .toString();
    }

    @Test
    @Order(1)
    void anAnswerIsFollowedThroughAnotherReplica() {
        begin(2, WORDS);
        try (Sse asked = ask()) {
            List<Sse.Event> beginning = heard(asked, 10);
            try (Sse current = follow(there, "/current")) {
                List<Sse.Event> currently = heard(current, 1);
                there.addressed();
                String id = alice.request()
                        .get(messages("/current"))
                        .then()
                        .statusCode(200)
                        .body("status", equalTo("running"), "content", startsWith("word0 word1"))
                        .extract()
                        .path("id");
                alice.json(Map.of("content", "And now?"))
                        .post(messages(""))
                        .then()
                        .statusCode(409)
                        .body("type", containsString("answer-running"));
                try (Sse again = Sse.get(
                        there.uri(messages("/" + id)),
                        alice.accessToken(),
                        beginning.getLast().id())) {
                    List<Sse.Event> resumed = again.rest();
                    currently.addAll(current.rest());
                    String streamed = text(beginning) + text(asked.rest());

                    assertThat(streamed).isEqualTo(WORDS);
                    assertThat(text(currently)).isEqualTo(WORDS);
                    assertThat(text(beginning) + text(resumed)).isEqualTo(WORDS);
                    assertThat(currently).extracting(Sse.Event::name).containsOnlyOnce("sources", "done");
                    assertThat(resumed).extracting(Sse.Event::name).containsOnly("token", "done");
                    assertThat(done(resumed)).isEqualTo(done(currently)).isEqualTo(message(here, id));
                    assertThat(done(resumed).get("status").asText()).isEqualTo("complete");
                }
            }
        }
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    @Order(2)
    void anAnswerIsStoppedThroughAnotherReplica() {
        begin(2, ENDLESS);
        try (Sse asked = ask();
                Sse followed = follow(there, "/current")) {
            List<Sse.Event> events = heard(asked, 10);

            stopThere(204);

            assertTheCallEnds(Duration.ofSeconds(1));
            events.addAll(asked.rest());
            JsonNode stopped = done(events);
            String id = stopped.get("id").asText();
            assertThat(stopped.get("status").asText()).isEqualTo("stopped");
            assertThat(stopped.get("content").asText()).isEqualTo(text(events));
            assertThat(ENDLESS).startsWith(text(events));
            assertThat(done(followed.rest()))
                    .isEqualTo(stopped)
                    .isEqualTo(message(here, id))
                    .isEqualTo(message(there, id));
        }
        stopThere(404);
    }

    @Test
    @Order(3)
    void anAnswerGoesOnAsLongAsSomebodyListensToAnyReplica() {
        begin(2, ENDLESS);
        Sse asked = ask();
        heard(asked, 2);
        try (Sse followed = follow(there, "/current")) {
            heard(followed, 2);
            asked.close();
            heard(followed, 30);
            assertThat(bedrock.awaitRequest("converse-stream").closedEarly()).isNotDone();
        }
        assertTheCallEnds(Duration.ofSeconds(2));
    }

    /** What other replicas know of answers is not in the database's log, and so not there any more. */
    @Test
    @Order(4)
    void anAnswerGoesOnThoughTheDatabaseCrashes() {
        begin(2, ENDLESS);
        try (Sse asked = ask()) {
            List<Sse.Event> events = heard(asked, 5);

            cluster.database().kill();
            cluster.database().startAgain();

            there.addressed();
            await().atMost(PATIENCE)
                    .until(() -> alice.request().get(messages("/current")).statusCode() == 200);
            try (Sse followed = follow(there, "/current")) {
                List<Sse.Event> again = heard(followed, 5);
                events.addAll(heard(asked, 20));
                stopThere(204);
                events.addAll(asked.rest());
                again.addAll(followed.rest());

                assertThat(done(events).get("content").asText()).isEqualTo(text(events));
                assertThat(done(again)).isEqualTo(done(events));
                assertThat(text(again)).isEqualTo(text(events));
            }
        }
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    @Order(5)
    void anAnswerWhoseReplicaIsKilledFailsWithWhatWasSaid() {
        begin(2, ENDLESS);
        try (Sse asked = ask();
                Sse followed = follow(there, "/current")) {
            heard(asked, 20);
            List<Sse.Event> events = heard(followed, 10);
            long killed = System.nanoTime();
            here.kill();
            events.addAll(followed.rest());

            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(5));
            assertThat(events.getLast().name()).isEqualTo("error");
            assertThat(events.getLast().data().get("type").asText()).endsWith("answer-interrupted");
            there.addressed();
            List<Map<String, Object>> listed = alice.request().get(messages("")).path("items");
            assertThat(listed).extracting(each -> each.get("status")).containsExactly("complete", "failed");
            assertThat(listed.getLast().get("content").toString())
                    .isEqualTo(text(events))
                    .startsWith("word0 word1 word2 word3 word4 word5 word6 word7 word8");
        }
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("Here."));
        alice.json(Map.of("content", "Anybody there?"))
                .post(messages(""))
                .then()
                .statusCode(201)
                .body("content", equalTo("Here."));
        assertThat(alice.request().get(messages("")).<List<?>>path("items")).hasSize(4);
    }

    @Test
    @Order(6)
    void aReplicaThatIsAskedToStopEndsItsAnswersFirst() {
        begin(1, SHORT);
        String background = askInBackground();
        says(ENDLESS);
        String endless = askInBackground();
        says(SHORT);
        try (Sse asked = ask()) {
            List<Sse.Event> events = heard(asked, 3);
            var stopped = CompletableFuture.runAsync(here::stop);
            events.addAll(asked.rest());

            assertThat(text(events)).isEqualTo(SHORT);
            assertThat(done(events).get("status").asText()).isEqualTo("complete");
            stopped.join();
        }
        assertThat(kept(background, "status")).isEqualTo("complete");
        assertThat(kept(background, "content")).isEqualTo(SHORT);
        assertThat(kept(endless, "status")).isEqualTo("failed");
        assertThat(kept(endless, "error")).contains("answer-interrupted");
        assertThat(kept(endless, "content")).startsWith("word0 word1 word2 word3 word4 word5 ");
        assertThat(query("SELECT message_id FROM running_answers WHERE owner_id = ?", alice.id()))
                .isEmpty();
    }
}
