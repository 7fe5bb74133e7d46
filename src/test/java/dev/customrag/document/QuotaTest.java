package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.Person;
import dev.customrag.testing.Settings;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class QuotaTest {

    @Inject
    DocumentContents contents;

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
        limit(4, 200);
    }

    private void limit(int documents, int bytes) {
        var settings = Map.of(
                "documents.quota.documents", String.valueOf(documents), "documents.quota.bytes", String.valueOf(bytes));
        QuarkusMock.installMockForType(
                new Quota(contents, Settings.with(DocumentsConfig.class, settings)), Quota.class);
    }

    @Test
    void whatIsKeptIsTold() {
        alice.uploaded("a.txt", text(60));

        alice.request()
                .get("/documents/usage")
                .then()
                .statusCode(200)
                .body(
                        "",
                        equalTo(Map.of(
                                "documents",
                                1,
                                "bytes",
                                60,
                                "max_documents",
                                4,
                                "max_bytes",
                                200,
                                "max_file_bytes",
                                200 * 1024 * 1024)));
    }

    @Test
    void theLastByteIsTakenAndNoneMore() {
        String first = alice.uploaded("a.txt", text(120));
        alice.uploaded("b.txt", text(80));

        alice.uploading("c.txt", text(60))
                .then()
                .statusCode(413)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:customrag:problem:quota-exceeded"))
                .body("detail", containsString("take 200 bytes and may take 200 bytes; this would add 60 bytes"));

        Person bob = Person.registered();
        bob.uploaded("c.txt", text(60));
        alice.request().delete("/documents/{id}", first).then().statusCode(204);
        alice.uploaded("c.txt", text(60));
    }

    @Test
    void theBytesAreCountedExactlyWhenManyComeAtOnce() {
        limit(100, 200);

        List<Response> answers = Together.call(8, () -> alice.uploading("a.txt", text(60)));

        assertThat(answers).extracting(Response::statusCode).containsOnly(202, 413);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 202).hasSize(3);
        assertThat(contents.usage(alice.id())).isEqualTo(new Usage(3, 180));
    }

    @Test
    void theDocumentsAreCountedExactlyWhenManyComeAtOnce() {
        limit(2, 10_000);

        List<Response> answers = Together.call(8, () -> alice.uploading("a.txt", text(60)));

        assertThat(answers).extracting(Response::statusCode).containsOnly(202, 422);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 202).hasSize(2);
        alice.uploading("b.txt", text(60))
                .then()
                .statusCode(422)
                .body("detail", equalTo("You have 2 documents and may have 2. Delete one that you do not need."));
    }

    @Test
    void whoHasTheSameBytesAlreadyNeedsNoRoom() {
        byte[] text = text(200);
        alice.uploaded("a.txt", text);

        alice.uploading("b.txt", text).then().statusCode(200);
    }

    @Test
    void aNewerFileNeedsRoomForWhatItHasMore() {
        String id = alice.uploaded("a.txt", text(100));
        alice.uploaded("b.txt", text(60));

        replacing(id, text(141)).then().statusCode(413);
        replacing(id, text(140)).then().statusCode(202);
    }

    @Test
    void whoHasTooMuchMayStillHaveLess() {
        String id = alice.uploaded("a.txt", text(200));
        limit(1, 100);

        replacing(id, text(60)).then().statusCode(202);
        alice.uploading("b.txt", text(60)).then().statusCode(422);
    }

    private Response replacing(String id, byte[] bytes) {
        return alice.request().multiPart("file", "newer.txt", bytes).put("/documents/{id}/content", id);
    }

    /** Never the same twice. */
    private static byte[] text(int length) {
        String text = UUID.randomUUID() + " is what it says" + ", and so on".repeat(20);
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }
}
