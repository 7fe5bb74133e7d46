package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers made again and questions asked in other words, in conversations that are kept and in ephemeral ones. */
@QuarkusTest
@TestProfile(OnBedrock.class)
class BranchesTest {

    FakeBedrock bedrock;

    private Person alice;

    @BeforeEach
    void begin() {
        bedrock.reset();
        alice = Person.registered();
    }

    private String begin(boolean ephemeral) {
        // With a title, so that the model is not asked for one.
        return alice.json(Map.of("ephemeral", ephemeral, "title", "Colours"))
                .post("/sessions")
                .then()
                .statusCode(201)
                .body("ephemeral", equalTo(ephemeral))
                .body("assistant_id", notNullValue())
                .extract()
                .path("id");
    }

    private JsonPath ask(String session, String question, String answer) {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer(answer));
        return alice.json(Map.of("content", question))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    private JsonPath again(String session, String message, Map<String, ?> wishes, String answer) {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer(answer));
        return alice.json(wishes)
                .post("/sessions/{id}/messages/{message}/regenerate", session, message)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    private List<String> contents(String session, String branch) {
        return alice.request()
                .queryParam("branch", branch)
                .get("/sessions/{id}/messages", session)
                .then()
                .statusCode(200)
                .extract()
                .path("items.content");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerMadeAgainStandsBesideTheOneBefore(boolean ephemeral) {
        String session = begin(ephemeral);
        JsonPath first = ask(session, "Colour?", "Red.");

        JsonPath second = again(session, first.getString("id"), Map.of(), "Blue.");

        assertThat(second.getString("parent_id")).isEqualTo(first.getString("parent_id"));
        assertThat(contents(session, "all")).containsExactly("Colour?", "Red.", "Blue.");
        assertThat(contents(session, "current")).containsExactly("Colour?", "Blue.");
        alice.request()
                .get("/sessions/{id}/messages", session)
                .then()
                .body("items.active", contains(true, false, true));
        ask(session, "And the other?", "Green.");
        assertThat(contents(session, "current")).containsExactly("Colour?", "Blue.", "And the other?", "Green.");
        JsonArray sent = bedrock.requests("converse-stream").getLast().body().getJsonArray("messages");
        assertThat(sent.encode()).contains("Blue.").doesNotContain("Red.");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQuestionInOtherWordsStandsBesideTheOneBefore(boolean ephemeral) {
        String session = begin(ephemeral);
        ask(session, "Hello", "Hello.");
        JsonPath first = ask(session, "Colour?", "Red.");

        JsonPath second = again(session, first.getString("parent_id"), Map.of("content", "Which colour?"), "Blue.");

        assertThat(second.getString("parent_id")).isNotEqualTo(first.getString("parent_id"));
        assertThat(contents(session, "all"))
                .containsExactly("Hello", "Hello.", "Colour?", "Red.", "Which colour?", "Blue.");
        assertThat(contents(session, "current")).containsExactly("Hello", "Hello.", "Which colour?", "Blue.");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFirstQuestionCanBeAskedInOtherWords(boolean ephemeral) {
        String session = begin(ephemeral);
        JsonPath first = ask(session, "Colour?", "Red.");

        again(session, first.getString("id"), Map.of("content", "Which colour?"), "Blue.");

        assertThat(contents(session, "current")).containsExactly("Which colour?", "Blue.");
        alice.request()
                .get("/sessions/{id}/messages", session)
                .then()
                .body("items.parent_id[0]", nullValue())
                .body("items.parent_id[2]", nullValue());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBranchIsTakenUpAgain(boolean ephemeral) {
        String session = begin(ephemeral);
        String red = ask(session, "Colour?", "Red.").getString("id");
        ask(session, "Why?", "It is warm.");
        again(session, red, Map.of(), "Blue.");
        assertThat(contents(session, "current")).containsExactly("Colour?", "Blue.");

        alice.json(Map.of("current_message_id", red))
                .patch("/sessions/{id}", session)
                .then()
                .statusCode(200)
                .body("current_message_id", notNullValue());

        assertThat(contents(session, "current")).containsExactly("Colour?", "Red.", "Why?", "It is warm.");
        alice.json(Map.of("current_message_id", UUID.randomUUID()))
                .patch("/sessions/{id}", session)
                .then()
                .statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailedSecondAnswerLeavesTheFirst(boolean ephemeral) {
        String session = begin(ephemeral);
        JsonPath first = ask(session, "Colour?", "Red.");
        bedrock.always(FakeBedrock.NOVA, BedrockScript.deny());

        alice.json(Map.of())
                .post("/sessions/{id}/messages/{message}/regenerate", session, first.getString("id"))
                .then()
                .statusCode(403);

        assertThat(contents(session, "current")).containsExactly("Colour?", "Red.");
        alice.request()
                .get("/sessions/{id}/messages", session)
                .then()
                .body("items.status", contains("complete", "complete"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"content": ""}                            | content  | must not be blank
            {"content": " \\n "}                       | content  | must not be blank
            {"content": "a\\u0000"}                    | content  | must be text without NUL
            {"content": "Again?", "model_id": "\\u0000"} | model_id | must be text without NUL
            """)
    void aQuestionInNoWordsIsRefused(String body, String field, String message) {
        String session = begin(false);
        String id = ask(session, "Colour?", "Red.").getString("id");

        alice.json(body)
                .post("/sessions/{id}/messages/{message}/regenerate", session, id)
                .then()
                .statusCode(422)
                .body("errors.field", contains(field))
                .body("errors.message", contains(message));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theWayToAnAnswerIsShown(boolean ephemeral) {
        alice.uploaded("lease.txt", "The notice period is three months to the end of a month.");
        String session = begin(ephemeral);
        String id = ask(session, "How long is the notice period?", "Three months [1].")
                .getString("id");

        alice.request()
                .get("/sessions/{id}/messages/{message}/trace", session, id)
                .then()
                .statusCode(200)
                .body("question", equalTo("How long is the notice period?"))
                .body("retrieval", equalTo(true))
                .body("passages.number", contains(1))
                .body("passages[0].filename", equalTo("lease.txt"))
                .body("passages[0].fused", notNullValue())
                .body("passages[0]", not(containsString("three months")))
                .body("model_id", equalTo(FakeBedrock.NOVA))
                .body("region", equalTo(FakeBedrock.REGION))
                .body("parameters.max_tokens", equalTo(4096))
                .body("tokens.input", notNullValue())
                .body("first_token_millis", notNullValue())
                .body("total_millis", notNullValue())
                .body("stop_reason", equalTo("end"));
        alice.request()
                .get("/sessions/{id}/messages/{message}/trace", session, UUID.randomUUID())
                .then()
                .statusCode(404);
    }

    @Test
    void ephemeralConversationsAreInNoTable() {
        String session = begin(true);
        ask(session, "The canary is called zymurgist.", "Zymurgist, then.");

        for (Object table : Sql.query(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace")) {
            assertThat(Sql.query("SELECT count(*) FROM " + table
                            + " t WHERE t::text ILIKE '%zymurgist%' OR t::text LIKE '%" + session + "%'"))
                    .as(table.toString())
                    .containsExactly(0L);
        }
        alice.request().get("/sessions").then().body("items", hasSize(0));
        alice.request().get("/sessions/{id}", session).then().statusCode(200).body("title", equalTo("Colours"));
        Person.registered().request().get("/sessions/{id}", session).then().statusCode(404);
        alice.request().delete("/sessions/{id}", session).then().statusCode(204);
        alice.request().get("/sessions/{id}", session).then().statusCode(404);
    }

    @Test
    void messagesAreFoundByTheirWords() {
        String session = begin(false);
        ask(session, "Which instrument?", "The xylophone, naturally.");
        ask(begin(false), "Which colour?", "Red.");

        alice.json(Map.of("query", "xylophone naturally"))
                .post("/sessions/search")
                .then()
                .statusCode(200)
                .body("items.session_id", contains(session))
                .body("items[0].role", equalTo("assistant"))
                .body("items[0].title", equalTo("Colours"))
                .body("items[0].snippet", containsString("xylophone"));
        alice.json(Map.of("query", "which")).post("/sessions/search").then().body("items", hasSize(2));
        String cursor = alice.json(Map.of("query", "which", "limit", 1))
                .post("/sessions/search")
                .then()
                .body("items", hasSize(1))
                .extract()
                .path("next_cursor");
        alice.json(Map.of("query", "which", "limit", 1, "cursor", cursor))
                .post("/sessions/search")
                .then()
                .body("items", hasSize(1))
                .body("next_cursor", nullValue());
        Person.registered()
                .json(Map.of("query", "xylophone"))
                .post("/sessions/search")
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        alice.json(Map.of("query", "&|!():*'\"<->"))
                .post("/sessions/search")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"query\": \" \"}", "{\"query\": \"a\", \"limit\": 0}", "{\"query\": \"a\\u0000\"}"})
    void aSearchForNothingIsRefused(String body) {
        alice.json(body).post("/sessions/search").then().statusCode(422);
    }

    @Test
    void allConversationsAreDeletedAtOnce() {
        String kept = begin(false);
        String passing = begin(true);
        Person bob = Person.registered();
        String his = bob.json(Map.of()).post("/sessions").path("id");

        alice.request().delete("/sessions").then().statusCode(204);

        alice.request().get("/sessions/{id}", kept).then().statusCode(404);
        alice.request().get("/sessions/{id}", passing).then().statusCode(404);
        bob.request().get("/sessions/{id}", his).then().statusCode(200);
        alice.request().delete("/sessions").then().statusCode(204);
    }

    @Test
    void aConversationGoesOnWithoutItsAssistant() {
        String pirate = alice.json(Map.of("name", "Pirate", "instructions", "Speak like a pirate."))
                .post("/assistants")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String session = alice.json(Map.of("assistant_id", pirate, "title", "Pirates"))
                .post("/sessions")
                .then()
                .statusCode(201)
                .body("assistant_id", equalTo(pirate))
                .extract()
                .path("id");
        ask(session, "Hello", "Ahoy.");
        assertThat(bedrock.requests("converse-stream").getLast().system()).contains("Speak like a pirate.");

        alice.request().delete("/assistants/{id}", pirate).then().statusCode(204);

        alice.request().get("/sessions/{id}", session).then().body("assistant_id", nullValue());
        assertThat(contents(session, "all")).containsExactly("Hello", "Ahoy.");
        ask(session, "And now?", "Hello.");
        assertThat(bedrock.requests("converse-stream").getLast().system()).doesNotContain("pirate");
    }

    @Test
    void anAssistantsSettingsReachTheModel() {
        String id = alice.json(Map.of("name", "Short", "temperature", 0.3, "max_tokens", 77))
                .post("/assistants")
                .path("id");
        String session = alice.json(Map.of("assistant_id", id, "title", "Short"))
                .post("/sessions")
                .path("id");

        ask(session, "Hello", "Hello.");

        JsonObject sent = bedrock.requests("converse-stream").getLast().body().getJsonObject("inferenceConfig");
        assertThat(sent.getInteger("maxTokens")).isEqualTo(77);
        assertThat(sent.getDouble("temperature")).isEqualTo(0.3);
    }

    @Test
    void anAssistantOfSomeDocumentsKnowsNoOthers() {
        String known = alice.uploaded("lease.txt", "The notice period is three months.");
        alice.uploaded("secret.txt", "The notice period of the vault is xylophone.");
        String some = alice.json(Map.of("name", "Lease", "all_documents", false, "document_ids", List.of(known)))
                .post("/assistants")
                .path("id");
        ask(
                alice.json(Map.of("assistant_id", some, "title", "Some"))
                        .post("/sessions")
                        .path("id"),
                "How long is the notice period?",
                "x");
        assertThat(bedrock.requests("converse-stream").getLast().lastMessage())
                .contains("three months")
                .doesNotContain("xylophone");
    }

    @Test
    void anAssistantOfNoDocumentsSaysSoUnlessItMayAnswerFromKnowledge() {
        alice.uploaded("lease.txt", "The notice period is three months.");
        String none = alice.json(Map.of("name", "Nothing", "document_ids", List.of()))
                .post("/assistants")
                .path("id");
        String session = alice.json(Map.of("assistant_id", none, "title", "None"))
                .post("/sessions")
                .path("id");

        JsonPath declined = ask(session, "How long is the notice period?", "x");

        assertThat(declined.getString("content")).isEqualTo(Declining.in("english"));
        assertThat(declined.getString("model_id")).isNull();
        assertThat(bedrock.requests("converse-stream")).isEmpty();

        alice.json(Map.of("answers_from", "documents_and_knowledge"))
                .patch("/assistants/{id}", none)
                .then()
                .statusCode(200);
        assertThat(ask(session, "And in general?", "Often three months.").getString("content"))
                .isEqualTo("Often three months.");
        assertThat(bedrock.requests("converse-stream").getLast().lastMessage()).isEqualTo("And in general?");
    }
}
