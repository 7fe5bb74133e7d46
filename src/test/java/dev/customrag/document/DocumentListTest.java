package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.http.Problem;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding, sorting, renaming and deleting one's documents. */
@QuarkusTest
class DocumentListTest {

    private Person alice;
    private Person bob;

    @BeforeEach
    void register() {
        alice = Person.registered();
        bob = Person.registered();
    }

    @Test
    void pagesWithoutTextAreToldWithWordsOfWarning() throws Exception {
        String id = alice.uploaded(
                "half-scanned.pdf",
                SampleFiles.pdf(
                        List.of("The first page can be read."), List.of(), List.of("The third, too."), List.of()));

        alice.request()
                .get("/documents/{id}", id)
                .then()
                .body("status", equalTo("ready"))
                .body("page_count", equalTo(4))
                .body("pages_without_text", equalTo(List.of(2, 4)))
                .body("error", nullValue())
                .body(
                        "warning",
                        equalTo("Pages 2, 4 hold no readable text, so that nothing on them can be found. If they are "
                                + "scanned, run text recognition (OCR) on the file and upload the result."));
        String text = alice.uploaded("no-pages.txt", "All of it can be read.");
        alice.request()
                .get("/documents/{id}", text)
                .then()
                .body("page_count", nullValue())
                .body("pages_without_text", equalTo(List.of()))
                .body("warning", nullValue());
    }

    @Test
    void rangesOfPagesAreToldInFewWords() {
        assertThat(PageRanges.inWords(List.of(3))).isEqualTo("3");
        assertThat(PageRanges.inWords(List.of(3, 5, 6, 7))).isEqualTo("3, 5-7");
        assertThat(PageRanges.inWords(IntStream.rangeClosed(1, 10_000).boxed().toList()))
                .isEqualTo("1-10000");
        assertThat(PageRanges.inWords(
                        IntStream.range(0, 500).mapToObj(i -> 2 * i + 1).toList()))
                .isEqualTo("1, 3, 5, 7, 9, 11, 13, 15, 17, 19 and 490 more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"created_at", "-created_at", "filename", "-filename", "size_bytes", "-size_bytes"})
    void theListIsSortedPageByPage(String sort) {
        List<String> names =
                List.of("Zebra.txt", "äpfel.txt", "apfel.txt", "BIRNE.txt", "same.txt", "same.txt", "10.txt");
        for (int i = 0; i < names.size(); i++) {
            accepted(names.get(i), "x".repeat(i % 3) + " text " + i);
        }

        List<Map<String, Object>> seen = all("sort", sort, 2);

        String key = sort.replace("-", "");
        assertThat(seen)
                .extracting(row -> row.get("id"))
                .doesNotHaveDuplicates()
                .hasSize(names.size());
        List<Map<String, Object>> ascending = new ArrayList<>(seen);
        if (sort.startsWith("-")) {
            Collections.reverse(ascending);
        }
        if (key.equals("filename")) {
            assertThat(ascending)
                    .extracting(row -> row.get(key)
                            .toString()
                            .toLowerCase(java.util.Locale.ROOT)
                            .replace("ä", "a"))
                    .isSorted();
        } else if (key.equals("size_bytes")) {
            assertThat(ascending).extracting(row -> (Integer) row.get(key)).isSorted();
        } else {
            assertThat(ascending).extracting(row -> row.get(key).toString()).isSorted();
            assertThat(ascending).extracting(row -> row.get("filename")).isEqualTo(names);
        }
    }

    @Test
    void namesAreFoundWhateverTheirCaseAndAccents() {
        accepted("Résumé 100%_final.pdf.txt", "one");
        accepted("resume.txt", "two");
        accepted("Straße nach Køln.txt", "three");
        bobsToo();

        assertThat(found("RESUME")).containsExactlyInAnyOrder("Résumé 100%_final.pdf.txt", "resume.txt");
        assertThat(found("résumé")).hasSize(2);
        assertThat(found("100%_")).containsExactly("Résumé 100%_final.pdf.txt");
        assertThat(found("%")).hasSize(1);
        assertThat(found("_")).hasSize(1);
        assertThat(found("\\")).isEmpty();
        assertThat(found("STRAßE")).containsExactly("Straße nach Køln.txt");
        assertThat(found("' OR true --")).isEmpty();
        assertThat(found("  ")).hasSize(3);
    }

    private void bobsToo() {
        bob.uploading("resume of Bob.txt", SampleFiles.text("of Bob")).then().statusCode(202);
    }

    @Test
    void theListIsFilteredByOneStatusOrSeveral() {
        String good = alice.uploaded("good.txt", "Good.");
        String bad = alice.uploading("bad.pdf", SampleFiles.scannedPdf()).path("id");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> alice.request().get("/documents/{id}", bad).path("status"), "failed"::equals);

        assertThat(ids("?status=ready")).containsExactly(good);
        assertThat(ids("?status=failed")).containsExactly(bad);
        assertThat(ids("?status=failed&status=ready")).containsExactly(bad, good);
        assertThat(ids("?status=failed,ready&sort=created_at")).containsExactly(good, bad);
        assertThat(ids("?status=queued")).isEmpty();
        assertThat(ids("?status=failed&q=good")).isEmpty();
    }

    @Test
    void whatIsNoOrderOrFilterIsRefusedByName() {
        Map.of(
                        "sort=name",
                        "sort",
                        "sort=--filename",
                        "sort",
                        "status=done",
                        "status[0]",
                        "status=ready,",
                        "status[0]",
                        "q=" + "x".repeat(256),
                        "q",
                        "q=a%00b",
                        "q",
                        "limit=101",
                        "limit")
                .forEach((query, field) -> alice.request()
                        .urlEncodingEnabled(false)
                        .get("/documents?" + query)
                        .then()
                        .statusCode(422)
                        .contentType("application/problem+json")
                        .body("errors[0].field", equalTo(field)));
    }

    @Test
    void aCursorIsGoodForItsOrderAndFilterAlone() {
        for (int i = 0; i < 3; i++) {
            accepted("a.txt", "Text number " + i);
        }
        String cursor = alice.request().get("/documents?limit=1&sort=filename").path("next_cursor");

        alice.request()
                .get("/documents?limit=1&sort=filename&cursor={cursor}", cursor)
                .then()
                .statusCode(200);
        for (String other : List.of("", "&sort=-filename", "&sort=filename&q=a", "&sort=filename&status=ready")) {
            alice.request()
                    .get("/documents?limit=1&cursor={cursor}" + other, cursor)
                    .then()
                    .statusCode(422)
                    .body("errors[0].field", equalTo("cursor"));
        }
        for (String damaged : List.of("none", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", cursor + "AAAA")) {
            alice.request()
                    .get("/documents?sort=filename&cursor={cursor}", damaged)
                    .then()
                    .statusCode(400);
        }
    }

    @Test
    void aDocumentIsRenamedWhereverItIsShown() {
        String id = alice.uploaded("old.txt", "The kettle whistles at noon.");

        rename(id, "  ../new\u202e  name.pdf ")
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("filename", equalTo("new name.pdf"))
                .body("media_type", equalTo("text/plain"))
                .body("status", equalTo("ready"));

        alice.request().get("/documents/{id}", id).then().body("filename", equalTo("new name.pdf"));
        alice.request().get("/documents/{id}/passages", id).then().body("items[0].filename", equalTo("new name.pdf"));
        alice.json(Map.of("query", "When does the kettle whistle?"))
                .post("/search")
                .then()
                .body("passages[0].filename", equalTo("new name.pdf"));
        assertThat(found("old")).isEmpty();
        assertThat(found("NEW NAME")).containsExactly("new name.pdf");
    }

    @Test
    void whatIsNoNameIsRefused() {
        String id = accepted("kept.txt", "The name stays.");
        for (String name : List.of("", "  ", "\u0000\u202e", "..", "a/", "x".repeat(256))) {
            rename(id, name).then().statusCode(422).body("errors[0].field", equalTo("filename"));
        }
        alice.json(Map.of()).patch("/documents/{id}", id).then().statusCode(422);
        rename(id, "x".repeat(255)).then().statusCode(200);
        bob.json(Map.of("filename", "of-bob.txt"))
                .patch("/documents/{id}", id)
                .then()
                .statusCode(404);
        assertThat(Together.call(8, () -> rename(id, "again.txt")))
                .extracting(Response::statusCode)
                .containsOnly(200);
        assertThat(found("again")).containsExactly("again.txt");
    }

    @Test
    void aLongNameOfCompatibilityFormsIsStored() {
        String id = accepted("\ufdfa".repeat(250) + ".txt", "Eighteen letters each.");

        alice.request().get("/documents/{id}", id).then().statusCode(200);
        assertThat(all("sort", "filename", 1)).hasSize(1);
    }

    @Test
    void severalDocumentsAreDeletedAtOnce() {
        String first = alice.uploaded("first.txt", "First.");
        String second = accepted("second.txt", "Second.");
        String kept = accepted("kept.txt", "Kept.");
        String ofBob = bob.uploading("of-bob.txt", SampleFiles.text("Of Bob.")).path("id");
        String nobodys = UUID.randomUUID().toString();

        delete(List.of(second, ofBob, first, nobodys, first))
                .then()
                .statusCode(200)
                .body("deleted", equalTo(List.of(second, first)))
                .body("missing", equalTo(List.of(ofBob, nobodys)));
        delete(List.of(first, second))
                .then()
                .statusCode(200)
                .body("deleted", equalTo(List.of()))
                .body("missing", equalTo(List.of(first, second)));

        assertThat(ids("")).containsExactly(kept);
        bob.request().get("/documents/{id}", ofBob).then().statusCode(200);
        assertThat(Sql.query("SELECT 1 FROM passages WHERE document_id = ?", UUID.fromString(first)))
                .isEmpty();
    }

    @Test
    void whatIsNoListOfIdsIsRefused() {
        delete(List.of()).then().statusCode(422).body("errors[0].field", equalTo("ids"));
        delete(Collections.nCopies(101, UUID.randomUUID().toString()))
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("ids"));
        delete(List.of("no-id")).then().statusCode(422).body("errors[0].field", equalTo("ids[0]"));
        delete(Collections.singletonList(null)).then().statusCode(422);
        alice.json(Map.of()).post("/documents/delete").then().statusCode(422);
    }

    @Test
    void deletionsAtTheSameMomentTakeEachDocumentOnce() {
        List<String> ids = Stream.of("a", "b", "c", "d")
                .map(name -> accepted(name + ".txt", name))
                .toList();

        List<Response> answers = Together.call(6, () -> delete(ids));

        assertThat(answers).extracting(Response::statusCode).containsOnly(200);
        assertThat(answers.stream().flatMap(answer -> answer.jsonPath().<String>getList("deleted").stream()))
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void aRenamedFileIsNamedInFull() {
        assertThat(Filename.chosen("a\\b/c  d.txt")).isEqualTo("c d.txt");
        assertThatThrownBy(() -> Filename.chosen(null)).isInstanceOf(Problem.class);
    }

    private Response rename(String id, String name) {
        return alice.json(Map.of("filename", name)).patch("/documents/{id}", id);
    }

    private Response delete(List<String> ids) {
        return alice.json(Collections.singletonMap("ids", ids)).post("/documents/delete");
    }

    private String accepted(String filename, String text) {
        // RestAssured would write the name as ASCII.
        String id = alice.uploading("name.txt", SampleFiles.text(text))
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        rename(id, filename).then().statusCode(200);
        return id;
    }

    private List<String> found(String q) {
        return alice.request().queryParam("q", q).get("/documents").jsonPath().getList("items.filename");
    }

    private List<String> ids(String query) {
        return alice.request()
                .get("/documents" + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.id");
    }

    /** The whole list, by pages. */
    private List<Map<String, Object>> all(String parameter, String value, int limit) {
        List<Map<String, Object>> rows = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonPath page = alice.request()
                    .queryParam(parameter, value)
                    .queryParam("limit", limit)
                    .queryParam("cursor", cursor)
                    .get("/documents")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            rows.addAll(page.getList("items"));
            cursor = page.getString("next_cursor");
        }
        return rows;
    }
}
