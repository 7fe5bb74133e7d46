package dev.customrag.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.DocumentRows;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class AssistantResourceTest {

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void anAssistantHasUsualValuesForWhatIsNotSaid() {
        JsonPath assistant = made(Map.of("name", " Contracts "))
                .body("name", is("Contracts"))
                .body("description", is(""))
                .body("instructions", is(""))
                .body("model_id", nullValue())
                .body("temperature", nullValue())
                .body("top_p", nullValue())
                .body("max_tokens", nullValue())
                .body("retrieval", equalTo(Map.of("enabled", true, "limit", 5)))
                .body("answers_from", is("documents"))
                .body("all_documents", is(true))
                .body("document_ids", empty())
                .body("is_default", is(false))
                .extract()
                .jsonPath();
        assertThat(assistant.getString("updated_at")).isEqualTo(assistant.getString("created_at"));
    }

    @Test
    void everythingSaidIsKept() {
        String document = DocumentRows.insert(alice.id(), "lease.txt").toString();
        var said = new HashMap<String, Object>();
        said.put("name", "Contracts");
        said.put("description", "Knows the lease");
        said.put("instructions", "Answer in one sentence.\nQuote the lease.");
        said.put("model_id", model());
        said.put("temperature", 0.2f);
        said.put("top_p", 0.9f);
        said.put("max_tokens", 1000);
        said.put("retrieval", Map.of("enabled", false, "limit", 50));
        said.put("answers_from", "documents_and_knowledge");
        said.put("all_documents", false);
        said.put("document_ids", List.of(document));
        said.put("is_default", true);

        Map<String, Object> made = made(said).extract().path("");

        assertThat(made).containsAllEntriesOf(said);
        assertThat(get(made.get("id")).<Map<String, Object>>path("")).isEqualTo(made);
    }

    @Test
    void aChangeLeavesWhatItDoesNotName() {
        var said = new HashMap<String, Object>(Map.of("name", "Contracts", "description", "Old", "temperature", 0.5f));
        said.put("retrieval", Map.of("enabled", false, "limit", 7));
        Map<String, Object> made = made(said).extract().path("");

        Map<String, Object> changed = changing(made.get("id"), Map.of("description", "New"))
                .then()
                .statusCode(200)
                .extract()
                .path("");

        assertThat(changed).containsEntry("description", "New");
        assertThat(without(changed, "description", "updated_at")).isEqualTo(without(made, "description", "updated_at"));
        changing(made.get("id"), Map.of("retrieval", Map.of("limit", 9)))
                .then()
                .body("retrieval", equalTo(Map.of("enabled", false, "limit", 9)));
    }

    @Test
    void nullClearsWhatMayBeEmpty() {
        var said = new HashMap<String, Object>(
                Map.of("name", "Contracts", "description", "Old", "instructions", "Be brief.", "model_id", model()));
        said.putAll(Map.of("temperature", 0.5f, "top_p", 0.5f, "max_tokens", 10));
        Object id = made(said).extract().path("id");
        said.replaceAll((member, value) -> null);

        changing(id, said)
                .then()
                .statusCode(200)
                .body("name", is("Contracts"))
                .body("description", is(""))
                .body("instructions", is(""))
                .body("model_id", nullValue())
                .body("temperature", nullValue())
                .body("top_p", nullValue())
                .body("max_tokens", nullValue());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name              | "name": ""                      | must not be blank
            name              | "name": "  "                    | must not be blank
            name              | "name": "two\\nlines"           | must be one line
            name              | "name": {}                      | has the wrong type or format
            description       | "description": "\\u0000"        | must be text without NUL
            instructions      | "instructions": ["text"]        | has the wrong type or format
            model_id          | "model_id": ""                  | size must be between 1 and 2048
            temperature       | "temperature": -0.1             | must be greater than or equal to 0
            temperature       | "temperature": 1.01             | must be less than or equal to 1
            temperature       | "temperature": "warm"           | has the wrong type or format
            top_p             | "top_p": 0                      | must be greater than 0
            top_p             | "top_p": 1.01                   | must be less than or equal to 1
            max_tokens        | "max_tokens": 0                 | must be greater than or equal to 1
            max_tokens        | "max_tokens": 1000001           | must be less than or equal to 1000000
            max_tokens        | "max_tokens": 99999999999       | has the wrong type or format
            retrieval         | "retrieval": 5                  | has the wrong type or format
            retrieval.limit   | "retrieval": {"limit": 0}       | must be greater than or equal to 1
            retrieval.limit   | "retrieval": {"limit": 51}      | must be less than or equal to 50
            retrieval.enabled | "retrieval": {"enabled": "7"}   | has the wrong type or format
            answers_from      | "answers_from": "hearsay"       | has the wrong type or format
            answers_from      | "answers_from": 7               | has the wrong type or format
            all_documents     | "all_documents": "some"         | has the wrong type or format
            document_ids[0]   | "document_ids": ["x"]           | has the wrong type or format
            """)
    void aFieldThatIsNotAcceptableIsNamed(String field, String member, String message) {
        String body = "{%s %s}".formatted(field.equals("name") ? "" : "\"name\": \"a\",", member);

        for (Response refused : List.of(
                alice.json(body).post("/assistants"), alice.json(body).patch("/assistants/{id}", defaultId()))) {
            refused.then()
                    .statusCode(422)
                    .body("errors.field", contains(field))
                    .body("errors.message", contains(message));
        }
    }

    @Test
    void whatIsNoNumberIsNoTemperature() {
        making(Map.of("name", "a", "temperature", "NaN"))
                .then()
                .statusCode(422)
                .body("errors.field", hasItem("temperature"));
    }

    @Test
    void textsHaveTheirGreatestLengths() {
        made(Map.of("name", "n".repeat(100), "description", "d".repeat(1000), "instructions", "i".repeat(8000)));

        making(Map.of("name", "n".repeat(101), "description", "d".repeat(1001), "instructions", "i".repeat(8001)))
                .then()
                .statusCode(422)
                .body("errors.field", contains("description", "instructions", "name"));
        making(Map.of()).then().statusCode(422).body("errors.field", contains("name"));
        making(Map.of("name", "a", "instructions", "i".repeat(1024 * 1024)))
                .then()
                .statusCode(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"Contracts\"", "null"})
    void whatIsNoJsonObjectIsRefused(String body) {
        alice.json(body).post("/assistants").then().statusCode(400);
        alice.json(body).patch("/assistants/{id}", defaultId()).then().statusCode(400);
    }

    @Test
    void aModelThatThereIsNotIsRefused() {
        making(Map.of("name", "a", "model_id", "nobody.nothing"))
                .then()
                .statusCode(404)
                .body("type", is("urn:customrag:problem:unknown-model"));
        changing(defaultId(), Map.of("model_id", "nobody.nothing"))
                .then()
                .statusCode(404)
                .body("type", is("urn:customrag:problem:unknown-model"));
        get(defaultId()).then().body("model_id", nullValue());
    }

    @Test
    void whoNamesDocumentsMeansThoseOnly() {
        String one = DocumentRows.insert(alice.id(), "one.txt").toString();
        String two = DocumentRows.insert(alice.id(), "two.txt").toString();
        Object id = made(Map.of("name", "a", "document_ids", List.of(one, two, two)))
                .body("all_documents", is(false))
                .body("document_ids", containsInAnyOrder(one, two))
                .extract()
                .path("id");

        changing(id, Map.of("document_ids", List.of(two))).then().body("document_ids", contains(two));
        changing(id, Map.of("name", "b"))
                .then()
                .body("document_ids", contains(two))
                .body("all_documents", is(false));
        changing(id, Map.of("all_documents", true, "document_ids", List.of(one)))
                .then()
                .statusCode(422)
                .body("errors.field", contains("document_ids"));
        changing(id, Map.of("all_documents", true))
                .then()
                .body("document_ids", empty())
                .body("all_documents", is(true));
        changing(id, Map.of("document_ids", List.of()))
                .then()
                .body("document_ids", empty())
                .body("all_documents", is(false));
        changing(id, Map.of("all_documents", true, "document_ids", List.of()))
                .then()
                .body("all_documents", is(true));
    }

    @Test
    void aDeletedDocumentIsForgottenAndNoOtherComesInItsPlace() {
        String document = DocumentRows.insert(alice.id(), "lease.txt").toString();
        Object id = made(Map.of("name", "a", "document_ids", List.of(document)))
                .extract()
                .path("id");

        alice.request().delete("/documents/{id}", document).then().statusCode(204);

        get(id).then().body("document_ids", empty()).body("all_documents", is(false));
    }

    @Test
    void anotherPersonsDocumentCannotBeKnown() {
        UUID hers = DocumentRows.insert(Person.registered().id(), "hers.txt");

        making(Map.of("name", "a", "document_ids", List.of(hers)))
                .then()
                .statusCode(422)
                .body("errors.field", contains("document_ids"));
        changing(defaultId(), Map.of("document_ids", List.of(hers)))
                .then()
                .statusCode(422)
                .body("errors.field", contains("document_ids"));
        List<UUID> many =
                IntStream.range(0, 501).mapToObj(i -> UUID.randomUUID()).toList();
        making(Map.of("name", "a", "document_ids", many))
                .then()
                .statusCode(422)
                .body("errors.message", contains("size must be between 0 and 500"));
    }

    @Test
    void aDefaultAssistantIsThereFromTheFirstSignIn() {
        alice.request()
                .get("/assistants")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].name", is("Assistant"))
                .body("items[0].is_default", is(true))
                .body("next_cursor", nullValue());
        changing(defaultId(), Map.of("name", "Mine", "is_default", true))
                .then()
                .statusCode(200)
                .body("name", is("Mine"));
        assertThat(defaults()).hasSize(1);
    }

    @Test
    void firstCallsAtOnceMakeOneDefault() {
        Set<String> ids = new HashSet<>(Together.call(12, () -> defaultId()));
        assertThat(ids).hasSize(1);

        Person bob = Person.registered();
        Together.call(8, () -> bob.json(Map.of("name", "a", "is_default", true)).post("/assistants"));
        assertThat(Sql.query("SELECT name FROM assistants WHERE owner_id = ? AND is_default", bob.id()))
                .containsExactly("a");
        assertThat(Sql.query("SELECT 1 FROM assistants WHERE owner_id = ?", bob.id()))
                .hasSize(9);
    }

    @Test
    void anotherCanBeMadeTheDefault() {
        String first = defaultId();
        String second = made(Map.of("name", "a", "is_default", true))
                .body("is_default", is(true))
                .extract()
                .path("id");
        assertThat(defaults()).containsExactly(second);

        changing(first, Map.of("is_default", true)).then().body("is_default", is(true));
        assertThat(defaults()).containsExactly(first);
        changing(first, Map.of("is_default", false))
                .then()
                .statusCode(409)
                .body("type", is("urn:customrag:problem:default-assistant"));
        changing(second, Map.of("is_default", false)).then().statusCode(200);
        assertThat(defaults()).containsExactly(first);
    }

    @Test
    void theDefaultCannotBeDeletedAndOthersOnce() {
        String id = made(Map.of("name", "a")).extract().path("id");

        alice.request()
                .delete("/assistants/{id}", defaultId())
                .then()
                .statusCode(409)
                .body("detail", is("The default assistant cannot be deleted. Make another one the default first."));
        List<Integer> statuses = Together.call(
                6, () -> alice.request().delete("/assistants/{id}", id).statusCode());

        assertThat(statuses).containsExactlyInAnyOrder(204, 404, 404, 404, 404, 404);
        get(id).then().statusCode(404);
    }

    @Test
    void aCopyIsLikeTheOriginal() {
        String document = DocumentRows.insert(alice.id(), "lease.txt").toString();
        Map<String, Object> original = made(Map.of(
                        "name",
                        "n".repeat(99) + "m",
                        "instructions",
                        "Be brief.",
                        "temperature",
                        0.5f,
                        "document_ids",
                        List.of(document),
                        "is_default",
                        true))
                .extract()
                .path("");

        Map<String, Object> copy = alice.request()
                .post("/assistants/{id}/duplicate", original.get("id"))
                .then()
                .statusCode(201)
                .extract()
                .path("");

        assertThat(copy).containsEntry("name", "n".repeat(93) + " (copy)").containsEntry("is_default", false);
        assertThat(without(copy, "id", "name", "is_default", "created_at", "updated_at"))
                .isEqualTo(without(original, "id", "name", "is_default", "created_at", "updated_at"));
        assertThat(copy.get("id")).isNotEqualTo(original.get("id"));
    }

    @Test
    void twoHundredAreAsManyAsThereMayBe() {
        String first = defaultId();
        Sql.update("""
                INSERT INTO assistants (id, owner_id, name, created_at, updated_at)
                SELECT gen_random_uuid(), ?, 'a', now(), now() FROM generate_series(1, 197)
                """, alice.id());

        List<Integer> statuses =
                Together.call(6, () -> making(Map.of("name", "a")).statusCode());

        assertThat(statuses).containsExactlyInAnyOrder(201, 201, 409, 409, 409, 409);
        making(Map.of("name", "a")).then().body("type", is("urn:customrag:problem:too-many-assistants"));
        alice.request().post("/assistants/{id}/duplicate", first).then().statusCode(409);
        changing(first, Map.of("name", "Still changeable")).then().statusCode(200);
    }

    @Test
    void changesAtOnceAreAllKept() {
        Object id = made(Map.of("name", "a")).extract().path("id");
        List<Map<String, Object>> changes = List.of(
                Map.of("name", "b"),
                Map.of("description", "Two"),
                Map.of("instructions", "Three"),
                Map.of("temperature", 0.5f),
                Map.of("max_tokens", 10),
                Map.of("answers_from", "documents_and_knowledge"));
        var next = new AtomicInteger();

        Together.call(
                changes.size(),
                () -> changing(id, changes.get(next.getAndIncrement())).then().statusCode(200));

        var all = new HashMap<String, Object>();
        changes.forEach(all::putAll);
        assertThat(get(id).<Map<String, Object>>path("")).containsAllEntriesOf(all);
    }

    @Test
    void documentsMayBeDeletedWhileTheyAreNamed() {
        List<String> documents = IntStream.range(0, 8)
                .mapToObj(i -> DocumentRows.insert(alice.id(), "a.txt").toString())
                .toList();
        Object id = made(Map.of("name", "a", "document_ids", documents.subList(4, 8)))
                .extract()
                .path("id");
        var next = new AtomicInteger();

        List<Integer> statuses = Together.call(8, () -> {
            int i = next.getAndIncrement();
            return i % 2 == 0
                    ? changing(id, Map.of("document_ids", documents)).statusCode()
                    : alice.json(Map.of("ids", List.of(documents.get(i), documents.get(7 - i))))
                            .post("/documents/delete")
                            .statusCode();
        });

        assertThat(statuses).hasSize(8).isSubsetOf(200, 422);
        get(id).then().body("document_ids", empty());
    }

    @Test
    void theListGoesPageByPageNewestFirst() {
        List<String> newestFirst = new ArrayList<>(List.of(defaultId()));
        for (int i = 0; i < 4; i++) {
            newestFirst.addFirst(made(Map.of("name", "a" + i)).extract().path("id"));
        }

        List<String> listed = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Response page = alice.request()
                    .queryParam("limit", 2)
                    .queryParam("cursor", cursor)
                    .get("/assistants");
            listed.addAll(page.path("items.id"));
            cursor = page.path("next_cursor");
        }

        assertThat(listed).isEqualTo(newestFirst);
    }

    @Test
    void anotherPersonsAssistantLooksLikeNone() {
        Object id = made(Map.of("name", "a")).extract().path("id");
        Person bob = Person.registered();

        for (Response refused : List.of(
                bob.request().get("/assistants/{id}", id),
                bob.json(Map.of("name", "his")).patch("/assistants/{id}", id),
                bob.json(Map.of("is_default", true)).patch("/assistants/{id}", id),
                bob.request().post("/assistants/{id}/duplicate", id),
                bob.request().get("/assistants/{id}/export", id),
                bob.request().delete("/assistants/{id}", id),
                alice.request().get("/assistants/{id}", UUID.randomUUID()),
                alice.request().get("/assistants/{id}", "none"))) {
            refused.then().statusCode(404);
        }
        bob.request().get("/assistants").then().body("items.name", contains("Assistant"));
        get(id).then().body("name", is("a"));
    }

    @Test
    void nobodyWithoutATokenHasAssistants() {
        RestAssured.given().get("/assistants").then().statusCode(401);
        RestAssured.given()
                .contentType(ContentType.JSON)
                .body(Map.of("name", "a"))
                .post("/assistants")
                .then()
                .statusCode(401);
        alice.withKey().json(Map.of("name", "a")).post("/assistants").then().statusCode(201);
    }

    private Response making(Object said) {
        return alice.json(said).post("/assistants");
    }

    private ValidatableResponse made(Object said) {
        return making(said).then().statusCode(201);
    }

    private Response changing(Object id, Object change) {
        return alice.json(change).patch("/assistants/{id}", id);
    }

    private Response get(Object id) {
        return alice.request().get("/assistants/{id}", id);
    }

    private String defaultId() {
        return alice.request().get("/assistants").path("items.find { it.is_default }.id");
    }

    private List<String> defaults() {
        return alice.request().get("/assistants").path("items.findAll { it.is_default }.id");
    }

    private String model() {
        return alice.request().get("/models").path("items.find { it.kind == 'chat' }.id");
    }

    private static Map<String, Object> without(Map<String, Object> object, String... members) {
        var rest = new HashMap<>(object);
        List.of(members).forEach(rest::remove);
        return rest;
    }
}
