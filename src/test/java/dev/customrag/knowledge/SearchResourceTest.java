package dev.customrag.knowledge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /search} through HTTP. */
@QuarkusTest
class SearchResourceTest {

    private static final String TEXT = "The notice period is three months.";

    private Person alice;
    private String document;

    @BeforeEach
    void upload() {
        alice = Person.registered();
        document = alice.uploaded("lease.txt", TEXT);
    }

    @Test
    void aPassageNamesItsDocumentAndItsPlace() {
        alice.json(Map.of("query", "How long is the notice period?"))
                .post("/search")
                .then()
                .statusCode(200)
                .body("passages", hasSize(1))
                .body("passages[0].id", notNullValue())
                .body("passages[0].document_id", equalTo(document))
                .body("passages[0].filename", equalTo("lease.txt"))
                .body("passages[0].page", nullValue())
                .body("passages[0].start", equalTo(0))
                .body("passages[0].end", equalTo(TEXT.length()))
                .body("passages[0].text", equalTo(TEXT))
                .body("passages[0].score", notNullValue());
    }

    @Test
    void neighbouringPassagesOfASectionAreOneHit() {
        String text = IntStream.range(0, 24)
                .mapToObj(i ->
                        "Crocodile keeping, rule %d: feed the crocodile in the bathroom of the crocodile house at %d o'clock."
                                .formatted(i, i))
                .collect(Collectors.joining("\n\n"));
        String rules = alice.uploaded("rules.txt", text);
        int passages = alice.request()
                .get("/documents/{id}/passages", rules)
                .then()
                .extract()
                .path("items.size()");

        List<Map<String, Object>> found = alice.json(Map.of("query", "rules of feeding the crocodile", "limit", 5))
                .post("/search")
                .then()
                .statusCode(200)
                .extract()
                .path("passages.findAll { it.document_id == '" + rules + "' }");

        assertThat(passages).isBetween(2, 3);
        assertThat(found).hasSize(1);
        assertThat(found.getFirst())
                .containsEntry("start", 0)
                .containsEntry("end", text.length())
                .containsEntry("text", text);
    }

    @Test
    void aHitHasTheMembersOfAPassageAlone() {
        Map<String, Object> hit = alice.json(Map.of("query", "How long is the notice period?"))
                .post("/search")
                .then()
                .statusCode(200)
                .extract()
                .path("passages[0]");

        assertThat(hit)
                .containsOnlyKeys("id", "document_id", "filename", "page", "heading", "start", "end", "text", "score");
    }

    @Test
    void theSameTextInTwoFilesIsOneHit() {
        alice.uploaded("copy.txt", TEXT + "\n");

        alice.json(Map.of("query", "How long is the notice period?"))
                .post("/search")
                .then()
                .statusCode(200)
                .body("passages.text", contains(TEXT));
    }

    @Test
    void documentIdsNarrowASearchAndAnotherPersonsFindNothing() {
        Person bob = Person.registered();
        Map<String, Object> narrowed = Map.of("query", "notice period", "document_ids", List.of(document));

        alice.json(narrowed).post("/search").then().statusCode(200).body("passages.document_id", contains(document));
        bob.json(narrowed).post("/search").then().statusCode(200).body("passages", hasSize(0));
        alice.json(Map.of("query", "notice period", "document_ids", List.of()))
                .post("/search")
                .then()
                .statusCode(200)
                .body("passages", hasSize(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|query",
                "{\"query\": \" \"}|query",
                "{\"query\": \"a\\u0000b\"}|query",
                "{\"query\": \"rent\", \"limit\": 0}|limit",
                "{\"query\": \"rent\", \"limit\": 101}|limit",
                "{\"query\": \"rent\", \"limit\": \"many\"}|limit"
            })
    void whatCannotBeSearchedForIsRefused(String body, String field) {
        alice.request()
                .contentType(ContentType.JSON)
                .body(body)
                .post("/search")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("errors.field", everyItem(equalTo(field)));
    }

    @Test
    void anOversizedQueryIsRefused() {
        alice.json(Map.of("query", "x".repeat(4_001))).post("/search").then().statusCode(422);
    }

    @Test
    void malformedJsonIsRefused() {
        alice.request()
                .contentType(ContentType.JSON)
                .body("{\"query\": ")
                .post("/search")
                .then()
                .statusCode(400);
    }

    @Test
    void withoutATokenNothingIsFound() {
        given().contentType(ContentType.JSON)
                .body(Map.of("query", "rent"))
                .post("/search")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", notNullValue());
    }
}
