package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.model.ModelProvider;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A newer file for a document that is there. */
@QuarkusTest
class ReplacementTest {

    private static final byte[] EARLIER = SampleFiles.text("The rent is 950 euros.");
    private static final byte[] NEWER =
            SampleFiles.text("# Lease\n\nThe rent is 980 euros.\n\n# Notice\n\nThree months.");

    private final ScriptedModels models = new ScriptedModels();
    private Person alice;
    private String id;

    @Inject
    Ingestion ingestion;

    @BeforeEach
    void aDocument() {
        QuarkusMock.installMockForType(models, ModelProvider.class);
        alice = Person.registered();
        id = alice.uploaded("lease.txt", EARLIER);
    }

    @AfterEach
    void letGo() {
        models.letGo();
    }

    @Test
    void theEarlierVersionServesUntilTheNewerIsReady() {
        List<Object> passages = passages();
        models.hold();

        replacing("lease 2.md", NEWER)
                .then()
                .statusCode(202)
                .body("id", equalTo(id))
                .body("filename", equalTo("lease.txt"));
        await().until(() -> document().getString("status"), "embedding"::equals);
        assertThat(document().getString("filename")).isEqualTo("lease.txt");
        assertThat(document().getLong("size_bytes")).isEqualTo(EARLIER.length);
        assertThat(content()).isEqualTo(EARLIER);
        assertThat(passages()).isEqualTo(passages);
        replacing("lease 3.txt", SampleFiles.text("Yet another.")).then().statusCode(409);
        replacing("lease.txt", EARLIER).then().statusCode(409);
        alice.uploading("again.md", NEWER)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:customrag:problem:already-uploaded"));
        models.letGo();

        JsonPath ready = finished();
        assertThat(ready.getMap("$"))
                .containsEntry("status", "ready")
                .containsEntry("filename", "lease 2.md")
                .containsEntry("media_type", "text/markdown")
                .containsEntry("size_bytes", NEWER.length)
                .containsEntry("passage_count", 2);
        assertThat(content()).isEqualTo(NEWER);
        assertThat(passages()).hasSize(2).doesNotContainAnyElementsOf(passages);
        assertThat(files()).containsExactly(true);
        alice.request()
                .get("/documents/usage")
                .then()
                .body("documents", equalTo(1))
                .body("bytes", equalTo(NEWER.length));
        alice.uploaded("the first again.txt", EARLIER);
    }

    @Test
    void aNewerFileThatCannotBeReadLeavesTheEarlierVersion() {
        List<Object> passages = passages();

        replacing("lease.pdf", SampleFiles.encryptedPdf()).then().statusCode(202);

        JsonPath failed = finished();
        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(failed.getString("error"))
                .startsWith("The newer file could not be taken over. The file is protected with a password.")
                .endsWith("The earlier version still answers.");
        assertThat(failed.getString("filename")).isEqualTo("lease.txt");
        assertThat(failed.getInt("passage_count")).isEqualTo(1);
        assertThat(content()).isEqualTo(EARLIER);
        assertThat(passages()).isEqualTo(passages);
        assertThat(files()).containsExactly(true);

        alice.request().post("/documents/{id}/reingest", id).then().statusCode(202);
        assertThat(finished().getString("status")).isEqualTo("ready");
        replacing("lease.md", NEWER).then().statusCode(202);
        assertThat(finished().getString("status")).isEqualTo("ready");
    }

    @Test
    void pagesAreCountedOfTheVersionThatIsShown() {
        models.hold();
        replacing("lease.pdf", SampleFiles.pdf(List.of("The rent is 980 euros."), List.of("Three months.")))
                .then()
                .statusCode(202);
        await().until(() -> document().getString("status"), "embedding"::equals);
        assertThat(document().getMap("$")).containsEntry("page_count", null);

        Object run = Sql.query("SELECT ingestion FROM documents WHERE id = ?", UUID.fromString(id))
                .getFirst();
        ingestion.fail(new IngestionRun((UUID) run, alice.id(), UUID.fromString(id)), "Something is wrong.", "");
        assertThat(document().getMap("$"))
                .containsEntry("status", "failed")
                .containsEntry("filename", "lease.txt")
                .containsEntry("page_count", null);
        models.letGo();

        replacing("lease.pdf", SampleFiles.pdf(List.of("The rent is 990 euros."), List.of(), List.of("Three months.")))
                .then()
                .statusCode(202);
        assertThat(finished().getMap("$"))
                .containsEntry("status", "ready")
                .containsEntry("page_count", 3)
                .containsEntry("pages_without_text", List.of(2));
    }

    @Test
    void aDocumentThatNeverWasReadyGetsReady() {
        String broken = alice.uploading("broken.pdf", SampleFiles.encryptedPdf())
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        id = broken;
        assertThat(finished().getString("status")).isEqualTo("failed");

        replacing("broken.pdf", SampleFiles.scannedPdf()).then().statusCode(202);
        assertThat(finished().getString("error")).endsWith("The earlier file is kept.");
        replacing("mended.txt", NEWER).then().statusCode(202);

        JsonPath ready = finished();
        assertThat(ready.getString("status")).isEqualTo("ready");
        assertThat(ready.getString("error")).isNull();
    }

    @Test
    void itsOwnBytesChangeNothing() {
        List<Object> passages = passages();

        replacing("renamed.txt", EARLIER)
                .then()
                .statusCode(200)
                .body("filename", equalTo("lease.txt"))
                .body("status", equalTo("ready"));

        assertThat(passages()).isEqualTo(passages);
    }

    @Test
    void theBytesOfAnotherDocumentAreRefused() {
        alice.uploaded("other.md", NEWER);

        replacing("lease.txt", NEWER)
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:customrag:problem:already-uploaded"));
        Person bob = Person.registered();
        String ofBob = bob.uploaded("his.txt", NEWER);
        bob.request()
                .multiPart("file", "lease.txt", EARLIER)
                .put("/documents/{id}/content", ofBob)
                .then()
                .statusCode(202);
    }

    @Test
    void ofManyAtOnceOneIsTaken() {
        models.hold();

        List<Response> answers =
                Together.call(6, () -> replacing("lease.txt", SampleFiles.text("Version " + UUID.randomUUID())));

        assertThat(answers)
                .extracting(Response::statusCode)
                .containsOnlyOnce(202)
                .containsOnly(202, 409);
        models.letGo();
        assertThat(finished().getString("status")).isEqualTo("ready");
        assertThat(files()).containsExactly(true);
    }

    @Test
    void theSameNewerFileForTwoDocumentsGoesToOne() {
        String other = alice.uploaded("other.txt", SampleFiles.text("Another document."));
        models.hold();
        replacing("lease.md", NEWER).then().statusCode(202);

        alice.request()
                .multiPart("file", "lease.md", NEWER)
                .put("/documents/{id}/content", other)
                .then()
                .statusCode(409);
        alice.request().get("/documents/{id}", other).then().body("status", equalTo("ready"));
    }

    @Test
    void whatIsNoFileForADocumentIsRefused() {
        replacing("empty.txt", new byte[0]).then().statusCode(422);
        replacing("picture.png", SampleFiles.png()).then().statusCode(415);
        alice.request()
                .multiPart("other", "a.txt", NEWER)
                .put("/documents/{id}/content", id)
                .then()
                .statusCode(422);
        alice.json(Map.of()).put("/documents/{id}/content", id).then().statusCode(415);
        for (String missing : List.of(UUID.randomUUID().toString(), "not-an-id")) {
            alice.request()
                    .multiPart("file", "a.txt", NEWER)
                    .put("/documents/{id}/content", missing)
                    .then()
                    .statusCode(404);
        }
        Person.registered()
                .request()
                .multiPart("file", "a.txt", NEWER)
                .put("/documents/{id}/content", id)
                .then()
                .statusCode(404);
        assertThat(document().getString("status")).isEqualTo("ready");
    }

    @Test
    void aDocumentDeletedMeanwhileLeavesNothing() {
        models.hold();
        replacing("lease.md", NEWER).then().statusCode(202);
        await().until(() -> document().getString("status"), "embedding"::equals);

        alice.request().delete("/documents/{id}", id).then().statusCode(204);
        models.letGo();

        assertThat(files()).isEmpty();
        assertThat(Sql.query("SELECT 1 FROM document_chunks WHERE owner_id = ?", alice.id()))
                .isEmpty();
    }

    private Response replacing(String filename, byte[] bytes) {
        return alice.request().multiPart("file", filename, bytes).put("/documents/{id}/content", id);
    }

    private JsonPath document() {
        return alice.request().get("/documents/{id}", id).jsonPath();
    }

    private JsonPath finished() {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(this::document, document -> List.of("ready", "failed").contains(document.getString("status")));
    }

    private byte[] content() {
        return alice.request().get("/documents/{id}/content", id).asByteArray();
    }

    private List<Object> passages() {
        return Sql.query("SELECT id FROM passages WHERE document_id = ? ORDER BY ordinal", UUID.fromString(id));
    }

    private List<Object> files() {
        return Sql.query("SELECT in_use FROM document_contents WHERE document_id = ?", UUID.fromString(id));
    }
}
