package dev.customrag.chat;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sse;
import dev.customrag.testing.Together;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations on the local provider, through HTTP. */
@QuarkusTest
class ConversationTest {

    private static final String LEASE = """
            Lease of the flat in Harbour Street.

            The rent is 950 euros, due on the third working day of each month.

            The notice period is three months to the end of a month.

            Pets are welcome, apart from crocodiles.
            """;

    @TestHTTPResource("/sessions/")
    URI sessions;

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    private static String begin(Person person) {
        return person.json(Map.of())
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private Sse stream(Person person, String session, String json) {
        return Sse.post(sessions.resolve(session + "/messages"), person.accessToken(), json);
    }

    @Test
    void anAnswerQuotesTheDocumentAndCitesIt() {
        String document = alice.uploaded("lease.txt", LEASE);
        String session = begin(alice);

        JsonPath answer = alice.json(Map.of("content", "How long is the notice period?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201)
                .body("role", equalTo("assistant"))
                .body("model_id", notNullValue())
                .body("usage.input_tokens", notNullValue())
                .body("usage.output_tokens", notNullValue())
                .extract()
                .jsonPath();

        assertThat(answer.getString("content"))
                .contains("notice period is three months")
                .contains("[1]");
        Map<String, Object> citation = answer.getMap("citations[0]");
        assertThat(citation.keySet())
                .containsExactlyInAnyOrder(
                        "number",
                        "passage_id",
                        "document_id",
                        "filename",
                        "page",
                        "quote",
                        "start",
                        "end",
                        "heading",
                        "state");
        assertThat(citation)
                .containsEntry("number", 1)
                .containsEntry("document_id", document)
                .containsEntry("state", "verified")
                .containsEntry("filename", "lease.txt");
        int start = (int) citation.get("start");
        int end = (int) citation.get("end");
        assertThat(LEASE.substring(start, end))
                .isEqualTo(citation.get("quote"))
                .isEqualTo("The notice period is three months to the end of a month.");
    }

    @Test
    void streamsSourcesThenTokensThenTheStoredMessage() {
        alice.uploaded("lease.txt", LEASE);
        String session = begin(alice);

        try (Sse stream = stream(alice, session, "{\"content\": \"What is the rent?\"}")) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.contentType()).startsWith("text/event-stream");
            List<Sse.Event> events = stream.rest();

            assertThat(events.getFirst().name()).isEqualTo("sources");
            assertThat(events.getFirst().data().get("citations")).isNotEmpty();
            assertThat(events.getLast().name()).isEqualTo("done");
            List<Sse.Event> tokens = events.subList(1, events.size() - 1);
            assertThat(tokens).hasSizeGreaterThan(3).allMatch(event -> event.name()
                    .equals("token"));
            JsonNode message = events.getLast().data().get("message");
            assertThat(tokens.stream()
                            .map(event -> event.data().get("text").asText())
                            .collect(Collectors.joining()))
                    .isEqualTo(message.get("content").asText());
            alice.request()
                    .get("/sessions/{id}/messages", session)
                    .then()
                    .statusCode(200)
                    .body("items.role", contains("user", "assistant"))
                    .body("items[0].content", equalTo("What is the rent?"))
                    .body("items[1].id", equalTo(message.get("id").asText()))
                    .body("items[1].citations", hasSize(message.get("citations").size()));
        }
    }

    @Test
    void withoutRetrievalNothingIsCited() {
        alice.uploaded("lease.txt", LEASE);
        String session = begin(alice);

        alice.json(Map.of("content", "What is the rent?", "retrieval", false))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201)
                .body("citations", hasSize(0));
    }

    @Test
    void aPersonWithoutDocumentsIsToldSo() {
        String session = begin(alice);

        JsonPath answer = ask(alice, session, "What is the rent?");

        assertThat(answer.getList("citations")).isEmpty();
        assertThat(answer.getString("content")).containsIgnoringCase("document");
    }

    @Test
    void answersNeverComeFromAnotherPersonsDocuments() {
        Person bob = Person.registered();
        bob.uploaded("secret.txt", "The password of the vault is xylophone-42, says the vault manual.");
        String session = begin(alice);

        JsonPath answer = ask(alice, session, "What is the password of the vault?");

        assertThat(answer.prettify()).doesNotContain("xylophone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/json", "application/json, text/event-stream;q=0.5"})
    void whoeverDoesNotAskForAStreamGetsJson(String accept) {
        alice.json(Map.of("content", "hello"))
                .accept(accept)
                .post("/sessions/{id}/messages", begin(alice))
                .then()
                .statusCode(201)
                .header("Content-Type", equalTo("application/json;charset=UTF-8"))
                .header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no");
    }

    @Test
    void whatCannotBeAnsweredInTheTypeAskedForIsNotAsked() {
        String session = begin(alice);

        alice.json(Map.of("content", "hello"))
                .accept("text/html")
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(406)
                .contentType("application/problem+json");

        alice.request().get("/sessions/{id}/messages", session).then().body("items", hasSize(0));
    }

    @Test
    void aLongQuestionIsAnsweredAndFollowedUp() {
        alice.uploaded("lease.txt", LEASE);
        String session = begin(alice);
        ask(alice, session, "What is the rent? " + "I really have to know it. ".repeat(1_200));

        assertThat(ask(alice, session, "What is the rent?").getString("content"))
                .contains("950 euros");
    }

    @Test
    void ofQuestionsAskedAtOnceEachIsAnsweredOrRefused() {
        alice.uploaded("lease.txt", LEASE);
        String session = begin(alice);

        List<Integer> statuses = Together.call(8, () -> alice.json(Map.of("content", "What is the rent?"))
                .post("/sessions/{id}/messages", session)
                .statusCode());

        assertThat(statuses).contains(201).allMatch(status -> status == 201 || status == 409);
        List<String> roles = alice.request()
                .queryParam("limit", 100)
                .get("/sessions/{id}/messages", session)
                .then()
                .body("items", hasSize(2 * Collections.frequency(statuses, 201)))
                .extract()
                .path("items.role");
        for (int i = 0; i < roles.size(); i += 2) {
            assertThat(roles.subList(i, i + 2)).containsExactly("user", "assistant");
        }
    }

    @Test
    void bracesInAQuestionAreJustBraces() {
        String session = begin(alice);
        String question = "What is {it} and {{foo}} and {#if x}{/if} in [1]?";

        ask(alice, session, question);

        alice.request().get("/sessions/{id}/messages", session).then().body("items[0].content", equalTo(question));
    }

    @Test
    void aSessionIsNamedAfterItsFirstQuestionAndMovesUp() {
        String older = begin(alice);
        String newer = begin(alice);
        Instant before = Instant.parse(
                alice.request().get("/sessions/{id}", older).then().extract().path("updated_at"));

        ask(alice, older, "What is the rent?");
        ask(alice, older, "And the deposit?");

        alice.request()
                .get("/sessions")
                .then()
                .statusCode(200)
                .body("items.id", contains(older, newer))
                .body("items.title", contains("What is the rent?", null))
                .body("next_cursor", nullValue());
        Instant after = Instant.parse(
                alice.request().get("/sessions/{id}", older).then().extract().path("updated_at"));
        assertThat(after).isAfter(before);
    }

    @Test
    void sessionsAreMadeReadRenamedListedAndDeleted() {
        String id = alice.json(Map.of("title", "Contracts"))
                .post("/sessions")
                .then()
                .statusCode(201)
                .body("title", equalTo("Contracts"))
                .body("assistant_id", notNullValue())
                .body("ephemeral", equalTo(false))
                .body("created_at", endsWith("Z"))
                .body("updated_at", endsWith("Z"))
                .extract()
                .path("id");

        alice.json(Map.of("title", " Leases "))
                .patch("/sessions/{id}", id)
                .then()
                .statusCode(200)
                .body("title", equalTo("Leases"));
        alice.request().delete("/sessions/{id}", id).then().statusCode(204);
        alice.request().get("/sessions/{id}", id).then().statusCode(404);
        alice.request().delete("/sessions/{id}", id).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"title": ""}     | must not be blank
            {"title": "  "}   | must not be blank
            {"title": "a\\nb"} | must be one line
            """)
    void aTitleIsALineOfText(String body, String message) {
        String session = begin(alice);

        for (Response refused :
                List.of(alice.json(body).post("/sessions"), alice.json(body).patch("/sessions/{id}", session))) {
            refused.then()
                    .statusCode(422)
                    .body("errors.field", contains("title"))
                    .body("errors.message", contains(message));
        }
    }

    @Test
    void listsContinueWhereTheyLeftOff() {
        List<String> made = List.of(begin(alice), begin(alice), begin(alice));

        JsonPath first = alice.request()
                .queryParam("limit", 2)
                .get("/sessions")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        JsonPath second = alice.request()
                .queryParam("limit", 2)
                .queryParam("cursor", first.getString("next_cursor"))
                .get("/sessions")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();

        assertThat(first.getList("items.id", String.class)).containsExactly(made.get(2), made.get(1));
        assertThat(second.getList("items.id", String.class)).containsExactly(made.get(0));
        assertThat(second.getString("next_cursor")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101", "-1", "many"})
    void aLimitOutOfRangeIsRefused(String limit) {
        alice.request().queryParam("limit", limit).get("/sessions").then().statusCode(422);
    }

    @Test
    void aForgedCursorIsRefused() {
        alice.request().queryParam("cursor", "nonsense").get("/sessions").then().statusCode(400);
    }

    @Test
    void anotherPersonsSessionDoesNotExist() {
        String session = begin(alice);
        Person bob = Person.registered();

        bob.request().get("/sessions/{id}", session).then().statusCode(404);
        bob.json(Map.of("title", "mine"))
                .patch("/sessions/{id}", session)
                .then()
                .statusCode(404);
        bob.request().delete("/sessions/{id}", session).then().statusCode(404);
        bob.request().get("/sessions/{id}/messages", session).then().statusCode(404);
        bob.json(Map.of("content", "hello"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(404);
        try (Sse stream = stream(bob, session, "{\"content\": \"hello\"}")) {
            assertThat(stream.status()).isEqualTo(404);
            assertThat(stream.contentType()).startsWith("application/problem+json");
        }
        bob.request().get("/sessions").then().body("items", hasSize(0));
        alice.request().get("/sessions/{id}/messages", session).then().body("items", hasSize(0));
    }

    @Test
    void withoutATokenNothingIsAnswered() {
        String session = begin(alice);

        given().get("/sessions").then().statusCode(401);
        given().contentType("application/json")
                .body("{}")
                .post("/sessions")
                .then()
                .statusCode(401);
        given().get("/sessions/{id}", session).then().statusCode(401);
        given().contentType("application/json")
                .body("{\"title\":\"x\"}")
                .patch("/sessions/{id}", session)
                .then()
                .statusCode(401);
        given().delete("/sessions/{id}", session).then().statusCode(401);
        given().get("/sessions/{id}/messages", session).then().statusCode(401);
        given().contentType("application/json")
                .body("{\"content\":\"x\"}")
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", notNullValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"content\": \"\"}",
                "{\"content\": \"  \"}",
                "{\"content\": null}",
                "{\"content\": \"a\\u0000b\"}"
            })
    void aQuestionWithoutContentIsRefused(String body) {
        alice.json(body)
                .post("/sessions/{id}/messages", begin(alice))
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("errors.field", everyItem(equalTo("content")));
    }

    @Test
    void anOversizedQuestionIsRefused() {
        alice.json(Map.of("content", "x".repeat(32_001)))
                .post("/sessions/{id}/messages", begin(alice))
                .then()
                .statusCode(422);
    }

    @Test
    void malformedJsonIsRefused() {
        alice.json("{\"content\": ")
                .post("/sessions/{id}/messages", begin(alice))
                .then()
                .statusCode(400);
    }

    @Test
    void anUnknownModelIsRefusedBeforeTheStreamBegins() {
        String session = begin(alice);

        alice.json(Map.of("content", "hello", "model_id", "no-such-model"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
        try (Sse stream = stream(alice, session, "{\"content\": \"hello\", \"model_id\": \"no-such-model\"}")) {
            assertThat(stream.status()).isEqualTo(404);
        }
        alice.request().get("/sessions/{id}/messages", session).then().body("items", hasSize(0));
    }

    @Test
    void anUnknownSessionOrAMalformedIdIsNotFound() {
        alice.request().get("/sessions/{id}", UUID.randomUUID()).then().statusCode(404);
        alice.request().get("/sessions/{id}", "not-a-uuid").then().statusCode(404);
        alice.json(Map.of("assistant_id", UUID.randomUUID()))
                .post("/sessions")
                .then()
                .statusCode(404);
    }

    private static JsonPath ask(Person person, String session, String question) {
        return person.json(Map.of("content", question))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }
}
