package dev.customrag.document;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DocumentResourceTest {

    private Person alice;
    private Person bob;

    @TestHTTPResource("/documents")
    URI documents;

    @BeforeEach
    void register() {
        alice = Person.registered();
        bob = Person.registered();
    }

    @Test
    void aPdfIsTakenInReadAndFoundByPage() throws Exception {
        byte[] pdf = SampleFiles.pdf(
                List.of("The warranty of the dishwasher is two years."),
                List.of("The filter must be cleaned every thirty washes."));

        JsonPath queued = alice.uploading("manual.pdf", pdf)
                .then()
                .statusCode(202)
                .extract()
                .jsonPath();

        assertThat(queued.getMap("$"))
                .containsOnlyKeys(
                        "id",
                        "filename",
                        "media_type",
                        "size_bytes",
                        "sha256",
                        "status",
                        "progress",
                        "page_count",
                        "pages_without_text",
                        "passage_count",
                        "error",
                        "warning",
                        "created_at",
                        "updated_at",
                        "ready_at")
                .containsEntry("filename", "manual.pdf")
                .containsEntry("media_type", "application/pdf")
                .containsEntry("size_bytes", pdf.length)
                .containsEntry(
                        "sha256",
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(pdf)));
        assertThat(queued.getString("created_at")).endsWith("Z");

        JsonPath ready = finished(alice, queued.getString("id"));
        assertThat(ready.getMap("$"))
                .containsEntry("status", "ready")
                .containsEntry("progress", 1.0f)
                .containsEntry("passage_count", 2)
                .containsEntry("error", null);
        assertThat(ready.getString("ready_at")).endsWith("Z");

        alice.request()
                .get("/documents/{id}/passages", ready.getString("id"))
                .then()
                .statusCode(200)
                .body("items.page", equalTo(List.of(1, 2)))
                .body("items[0].text", equalTo("The warranty of the dishwasher is two years."))
                .body("items[0].start", equalTo(0))
                .body("items[0].end", equalTo(44))
                .body("items[0].filename", equalTo("manual.pdf"))
                .body("next_cursor", nullValue());
        alice.json(Map.of("query", "How often must I clean the filter?", "limit", 1))
                .post("/search")
                .then()
                .statusCode(200)
                .body("passages[0].page", equalTo(2));
    }

    @Test
    void theOriginalComesBackByteForByteAsAnAttachment() {
        var bytes = new byte[700_000];
        new Random(5).nextBytes(bytes);
        byte[] text = HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
        HttpResponse<String> uploaded = post("form-data; name=\"file\"; filename=\"Ångström 1.txt\"", text);
        String id = new JsonPath(uploaded.body()).getString("id");

        Response response = alice.request().get("/documents/{id}/content", id);

        response.then()
                .statusCode(200)
                .contentType("text/plain")
                .header("X-Content-Type-Options", "nosniff")
                .header("ETag", "\"" + new JsonPath(uploaded.body()).getString("sha256") + "\"")
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"_ngstr_m 1.txt\"; " + "filename*=UTF-8''%C3%85ngstr%C3%B6m%201.txt");
        assertThat(response.asByteArray()).isEqualTo(text);
        assertThat(answer(request(id + "/content").GET()).headers().firstValue("Content-Length"))
                .hasValue(String.valueOf(text.length));
        alice.request()
                .header("If-None-Match", response.header("ETag"))
                .get("/documents/{id}/content", id)
                .then()
                .statusCode(304);
        alice.request()
                .header("If-None-Match", "\"another\"")
                .get("/documents/{id}/content", id)
                .then()
                .statusCode(200);
        alice.request().delete("/documents/{id}", id).then().statusCode(204);
    }

    @Test
    void theSameBytesAgainAreTheSameDocumentButOnlyForTheirOwner() {
        byte[] text = SampleFiles.text("One and the same text.");
        String id = upload(alice, "first.txt", text);

        alice.uploading("second.txt", text)
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("filename", equalTo("first.txt"));
        bob.uploading("third.txt", text).then().statusCode(202);
    }

    @Test
    void theSameBytesManyTimesAtOnceAreOneDocument() {
        byte[] text = SampleFiles.text("Uploaded many times at once.");

        List<Response> responses = Together.call(8, () -> alice.uploading("again.txt", text));

        assertThat(responses).extracting(Response::statusCode).containsOnlyOnce(202);
        assertThat(responses).extracting(Response::statusCode).containsOnly(200, 202);
        assertThat(responses)
                .extracting(r -> r.path("id"))
                .containsOnly(responses.getFirst().<String>path("id"));
    }

    @Test
    void whatIsNoFileIsRefusedWithAReason() {
        for (HttpResponse<String> response : List.of(
                post("form-data; name=\"file\"; filename=\"empty.txt\"", new byte[0]),
                post("form-data; name=\"other\"; filename=\"other.txt\"", SampleFiles.text("Another part")))) {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(new JsonPath(response.body()).getString("errors[0].field"))
                    .isEqualTo("file");
        }
        alice.json(Map.of()).post("/documents").then().statusCode(415).contentType("application/problem+json");
    }

    @Test
    void whatCannotBeReadIsRefusedByItsContent() {
        alice.uploading("picture.pdf", SampleFiles.png())
                .then()
                .statusCode(415)
                .contentType("application/problem+json")
                .body("detail", containsString("Upload a PDF, Word (DOCX)"));
        alice.uploading("old.docx", SampleFiles.ole2())
                .then()
                .statusCode(415)
                .body("detail", containsString("save it as DOCX"));
    }

    @Test
    void aFileThatCannotBeReadFailsWithWordsAndDisturbsNoOther() {
        Map<String, byte[]> files = Map.of(
                "protected with a password", SampleFiles.encryptedPdf(),
                "text recognition (OCR)", SampleFiles.scannedPdf(),
                "damaged or incomplete", SampleFiles.truncated(SampleFiles.pdf(List.of("Half of it is missing."))),
                "unpacks to more data", SampleFiles.zipBomb());
        Map<String, String> ids = new HashMap<>();
        files.forEach((words, bytes) -> ids.put(words, accepted(alice, "file", bytes)));

        ids.forEach((words, id) -> {
            JsonPath failed = finished(alice, id);
            assertThat(failed.getString("status")).isEqualTo("failed");
            assertThat(failed.getString("error")).contains(words);
            assertThat(failed.getInt("passage_count")).isZero();
        });
        upload(alice, "good.txt", SampleFiles.text("Nothing is wrong with this one."));
    }

    @Test
    void aWordDocumentCannotTakeInFilesOfTheMachine() {
        String id = accepted(alice, "thief.docx", SampleFiles.docxWithExternalEntity("file:///etc/passwd"));

        finished(alice, id);

        assertThat(Sql.query("SELECT text FROM passages WHERE document_id = ?", UUID.fromString(id)))
                .noneMatch(text -> text.toString().contains("root"));
    }

    @Test
    void documentsAreListedNewestFirstPageByPage() {
        Person carol = Person.registered();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(accepted(carol, "a.txt", SampleFiles.text("Text number " + i)));
        }

        JsonPath first = carol.request().get("/documents?limit=3").jsonPath();
        JsonPath second = carol.request()
                .get("/documents?limit=3&cursor={cursor}", first.getString("next_cursor"))
                .jsonPath();

        assertThat(first.getList("items.id", String.class)).isEqualTo(ids.subList(0, 3));
        assertThat(second.getList("items.id", String.class)).isEqualTo(ids.subList(3, 5));
        assertThat(second.getString("next_cursor")).isNull();
        carol.request().get("/documents?limit=0").then().statusCode(422);
        carol.request().get("/documents?cursor=x").then().statusCode(400);
    }

    @Test
    void passagesAreListedInOrderPageByPage() {
        String markdown = "# One\n\nFirst.\n\n# Two\n\nSecond.\n\n# Three\n\nThird.\n";
        String id = upload(alice, "sections.md", SampleFiles.text(markdown));

        JsonPath first =
                alice.request().get("/documents/{id}/passages?limit=2", id).jsonPath();
        JsonPath second = alice.request()
                .get("/documents/{id}/passages?limit=2&cursor={cursor}", id, first.getString("next_cursor"))
                .jsonPath();

        assertThat(first.getList("items.heading", String.class)).containsExactly("One", "Two");
        assertThat(second.getList("items.heading", String.class)).containsExactly("Three");
        assertThat(second.getString("items[0].text")).isEqualTo("Three\n\nThird.");
        assertThat(second.getString("next_cursor")).isNull();
    }

    @Test
    void passagesAreListedFromAPlaceInTheText() {
        String markdown = "# One\n\nFirst.\n\n# Two\n\nSecond.\n\n# Three\n\nThird.\n";
        String id = upload(alice, "places.md", SampleFiles.text(markdown));
        List<Integer> ends =
                alice.request().get("/documents/{id}/passages", id).jsonPath().getList("items.end", Integer.class);

        assertThat(headings(id, "from=0")).containsExactly("One", "Two", "Three");
        assertThat(headings(id, "from=" + (ends.getFirst() - 1))).containsExactly("One", "Two", "Three");
        assertThat(headings(id, "from=" + ends.getFirst())).containsExactly("Two", "Three");
        assertThat(headings(id, "from=" + Integer.MAX_VALUE)).isEmpty();
        JsonPath first = alice.request()
                .get("/documents/{id}/passages?limit=1&from={from}", id, ends.getFirst())
                .jsonPath();
        assertThat(headings(id, "limit=1&from=0&cursor=" + first.getString("next_cursor")))
                .containsExactly("Three");
        alice.request().get("/documents/{id}/passages?from=-1", id).then().statusCode(422);
        assertThat(alice.request().get("/documents/{id}/passages?from=x", id).statusCode())
                .isBetween(400, 422);
        assertThat(alice.request()
                        .get("/documents/{id}/passages?from=99999999999", id)
                        .statusCode())
                .isBetween(400, 422);
    }

    private List<String> headings(String document, String query) {
        return alice.request()
                .get("/documents/" + document + "/passages?" + query)
                .jsonPath()
                .getList("items.heading", String.class);
    }

    @Test
    void aDeletedDocumentIsGoneWithItsPassagesAndItsBytes() {
        String id = upload(alice, "short-lived.txt", SampleFiles.text("Not for long."));

        alice.request().delete("/documents/{id}", id).then().statusCode(204);

        alice.request().get("/documents/{id}", id).then().statusCode(404);
        alice.request().delete("/documents/{id}", id).then().statusCode(404);
        UUID document = UUID.fromString(id);
        assertThat(Sql.query("SELECT id FROM passages WHERE document_id = ?", document))
                .isEmpty();
        assertThat(Sql.query("SELECT document_id FROM document_contents WHERE document_id = ?", document))
                .isEmpty();
    }

    @Test
    void aDocumentIsIngestedOnceMoreWhenAsked() {
        String id = upload(alice, "again.txt", SampleFiles.text("To be read twice."));
        List<Object> before = passageIds(id);

        alice.request()
                .post("/documents/{id}/reingest", id)
                .then()
                .statusCode(202)
                .body("id", equalTo(id));

        assertThat(finished(alice, id).getString("status")).isEqualTo("ready");
        assertThat(passageIds(id)).hasSize(1).doesNotContainAnyElementsOf(before);
    }

    @Test
    void anotherPersonsDocumentAMissingOneAndAMalformedIdLookTheSame() {
        String ofAlice = upload(alice, "private.txt", SampleFiles.text("For Alice alone."));
        List<String> bodies = new ArrayList<>();
        for (String id : List.of(ofAlice, UUID.randomUUID().toString(), "not-an-id")) {
            for (Response response : everyCall(bob, id)) {
                response.then().statusCode(404).contentType("application/problem+json");
                if (!id.equals("not-an-id")) {
                    bodies.add(response.asString());
                }
            }
        }

        assertThat(bodies).containsOnly(bodies.getFirst());
        assertThat(bob.request().get("/documents?limit=100").jsonPath().getList("items.id", String.class))
                .doesNotContain(ofAlice);
        assertThat(finished(alice, ofAlice).getString("status")).isEqualTo("ready");
    }

    @Test
    void withoutATokenNothingIsToBeHad() {
        String id = UUID.randomUUID().toString();
        var calls = new ArrayList<Response>();
        calls.add(given().multiPart("file", "a.txt", SampleFiles.text("a")).post("/documents"));
        calls.add(given().get("/documents"));
        calls.add(given().get("/documents/events"));
        calls.add(given().get("/documents/{id}", id));
        calls.add(given().get("/documents/usage"));
        calls.add(given().get("/documents/{id}/content", id));
        calls.add(given().multiPart("file", "a.txt", SampleFiles.text("a")).put("/documents/{id}/content", id));
        calls.add(given().get("/documents/{id}/passages", id));
        calls.add(given().post("/documents/{id}/reingest", id));
        calls.add(given().delete("/documents/{id}", id));

        assertThat(calls).allSatisfy(response -> response.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", containsString("Bearer")));
    }

    private static List<Response> everyCall(Person person, String id) {
        return List.of(
                person.request().get("/documents/{id}", id),
                person.request().get("/documents/{id}/content", id),
                person.request().get("/documents/{id}/passages", id),
                person.json(Map.of("filename", "taken.txt")).patch("/documents/{id}", id),
                person.request().post("/documents/{id}/reingest", id),
                person.request().delete("/documents/{id}", id));
    }

    private static String accepted(Person person, String filename, byte[] bytes) {
        return person.uploading(filename, bytes)
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private static String upload(Person person, String filename, byte[] bytes) {
        String id = accepted(person, filename, bytes);
        assertThat(finished(person, id).getString("status")).isEqualTo("ready");
        return id;
    }

    /** The document once nothing happens to it any more. */
    private static JsonPath finished(Person person, String id) {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> person.request()
                                .get("/documents/{id}", id)
                                .then()
                                .statusCode(200)
                                .extract()
                                .jsonPath(),
                        document -> List.of("ready", "failed").contains(document.getString("status")));
    }

    /** One part with this {@code Content-Disposition}, as browsers send it: in UTF-8, the length known. */
    private HttpResponse<String> post(String disposition, byte[] content) {
        byte[] head = ("--x\r\nContent-Disposition: " + disposition + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] tail = "\r\n--x--\r\n".getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(head, head.length + content.length + tail.length);
        System.arraycopy(content, 0, body, head.length, content.length);
        System.arraycopy(tail, 0, body, head.length + content.length, tail.length);
        return answer(request("")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(documents + "/" + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + alice.accessToken());
    }

    private static HttpResponse<String> answer(HttpRequest.Builder request) {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Object> passageIds(String document) {
        return Sql.query("SELECT id FROM passages WHERE document_id = ?", UUID.fromString(document));
    }
}
