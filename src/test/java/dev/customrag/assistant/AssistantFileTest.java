package dev.customrag.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Assistants as files. */
@QuarkusTest
class AssistantFileTest {

    private Person alice;
    private Person bob;

    @BeforeEach
    void register() {
        alice = Person.registered();
        bob = Person.registered();
    }

    @Test
    void anotherPersonMakesTheSameOfAFile() {
        String hers = alice.uploaded("lease.txt", "The rent is 950 euros.");
        String his = bob.uploaded("a copy of the lease.txt", "The rent is 950 euros.");
        Map<String, Object> original = made(Map.of(
                "name",
                "Vertr\u00e4ge & mehr",
                "instructions",
                "Be brief.",
                "temperature",
                0.2f,
                "retrieval",
                Map.of("enabled", true, "limit", 9),
                "answers_from",
                "documents_and_knowledge",
                "document_ids",
                List.of(hers),
                "is_default",
                true));

        Response exported = alice.request().get("/assistants/{id}/export", original.get("id"));

        exported.then()
                .statusCode(200)
                .header("Content-Disposition", is("attachment; filename=\"vertrage-mehr.json\""))
                .body("format", is("customrag-assistant"))
                .body("version", is(1))
                .body("documents.filename", contains("lease.txt"));
        assertThat(exported.asString())
                .doesNotContain(hers)
                .doesNotContain(original.get("id").toString())
                .doesNotContain(alice.id().toString());

        Map<String, Object> imported = bob.json(exported.asString())
                .post("/assistants/import")
                .then()
                .statusCode(201)
                .body("notices", empty())
                .body("missing_documents", empty())
                .body("assistant.document_ids", contains(his))
                .body("assistant.is_default", is(false))
                .extract()
                .path("assistant");
        for (String member : List.of("name", "instructions", "temperature", "retrieval", "answers_from", "model_id")) {
            assertThat(imported.get(member)).as(member).isEqualTo(original.get(member));
        }
        assertThat(bob.request().get("/assistants/{id}", imported.get("id")).<Map<String, Object>>path(""))
                .isEqualTo(imported);
    }

    @Test
    void whatIsNotThereIsLeftOutAndSaid() {
        String hers = alice.uploaded("lease.txt", "The rent is 950 euros.");
        Map<String, Object> original = made(Map.of("name", "a", "document_ids", List.of(hers)));
        Map<String, Object> file = alice.request()
                .get("/assistants/{id}/export", original.get("id"))
                .path("");
        var assistant = new HashMap<>(object(file.get("assistant")));
        assistant.put("model_id", "elsewhere.model-v1:0");
        file.put("assistant", assistant);

        bob.json(file)
                .post("/assistants/import")
                .then()
                .statusCode(201)
                .body("notices", hasSize(2))
                .body("missing_documents.filename", contains("lease.txt"))
                .body("assistant.model_id", nullValue())
                .body("assistant.all_documents", is(false))
                .body("assistant.document_ids", empty());
    }

    @Test
    void aFileOfOneThatKnowsAllMakesOneThatKnowsAll() {
        Map<String, Object> original = made(Map.of("name", "a"));
        Map<String, Object> file = alice.request()
                .get("/assistants/{id}/export", original.get("id"))
                .path("");
        assertThat(file.get("documents")).isEqualTo(List.of());

        bob.json(file).post("/assistants/import").then().statusCode(201).body("assistant.all_documents", is(true));
    }

    /** Ids in it, written there by hand, are not taken: they would be those of another place. */
    @Test
    void idsAndTheDefaultDoNotComeAlong() {
        String his = bob.uploaded("his.txt", "Not in the file.");

        bob.json(file("{\"name\": \"a\", \"document_ids\": [\"%s\"], \"is_default\": true}".formatted(his)))
                .post("/assistants/import")
                .then()
                .statusCode(201)
                .body("assistant.all_documents", is(true))
                .body("assistant.is_default", is(false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            format                | {"format": "other", "version": 1, "assistant": {"name": "a"}}
            version               | {"format": "customrag-assistant", "version": 2, "assistant": {"name": "a"}}
            version               | {"format": "customrag-assistant", "assistant": {"name": "a"}}
            assistant             | {"format": "customrag-assistant", "version": 1}
            assistant.name        | {"format": "customrag-assistant", "version": 1, "assistant": {}}
            assistant.temperature | {"format": "customrag-assistant", "version": 1, "assistant": {"name": "a", "temperature": 9}}
            documents[0].sha256   | {"format": "customrag-assistant", "version": 1, "assistant": {"name": "a"}, "documents": [{"filename": "a", "sha256": "A"}]}
            documents[0]          | {"format": "customrag-assistant", "version": 1, "assistant": {"name": "a"}, "documents": [null]}
            """)
    void aFieldThatIsNotAcceptableIsNamed(String field, String file) {
        bob.json(file).post("/assistants/import").then().statusCode(422).body("errors.field", contains(field));
    }

    @Test
    void whatIsNoFileIsRefused() {
        bob.json("{").post("/assistants/import").then().statusCode(400);
        bob.json("[]").post("/assistants/import").then().statusCode(400);
        bob.json(file("{\"name\": \"a\", \"instructions\": \"%s\"}".formatted("i".repeat(1024 * 1024))))
                .post("/assistants/import")
                .then()
                .statusCode(413);
        String tooMany = "{\"filename\": \"a\", \"sha256\": \"%s\"},"
                .formatted("0".repeat(64))
                .repeat(501);
        bob.json(
                        "{\"format\": \"customrag-assistant\", \"version\": 1, \"assistant\": {\"name\": \"a\"}, \"documents\": ["
                                + tooMany.substring(0, tooMany.length() - 1) + "]}")
                .post("/assistants/import")
                .then()
                .statusCode(422)
                .body("errors.field", contains("documents"));
    }

    private static String file(String assistant) {
        return "{\"format\": \"customrag-assistant\", \"version\": 1, \"assistant\": %s}".formatted(assistant);
    }

    private Map<String, Object> made(Map<String, Object> said) {
        return alice.json(said)
                .post("/assistants")
                .then()
                .statusCode(201)
                .extract()
                .path("");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object json) {
        return (Map<String, Object>) json;
    }
}
