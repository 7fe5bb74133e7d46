package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.HostileFiles;
import dev.customrag.testing.HostileFiles.Hostile;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hostile files, sent by one person while another uploads good ones. */
@QuarkusTest
class HostileUploadsTest {

    /** What the test profile's {@code documents.max-size} lets in. */
    private static final int LARGEST = 25 * 1024 * 1024;

    private Person mallory;
    private Person alice;

    @BeforeEach
    void register() {
        mallory = Person.registered();
        alice = Person.registered();
    }

    @Test
    void hostileFilesFailWithWordsThatHelpAndGoodOnesAreReady() {
        List<Hostile> files = HostileFiles.all("http://127.0.0.1:9/trap").stream()
                .filter(file -> !HostileFiles.SLOW.equals(file.outcome()))
                .filter(file -> file.bytes().length < LARGEST)
                .toList();
        assertThat(files).hasSizeGreaterThan(20);
        Map<Hostile, String> ids = new LinkedHashMap<>();
        for (Hostile file : files) {
            ids.put(file, accepted(mallory.uploading(file.filename(), file.bytes())));
        }

        String good = accepted(alice.uploading("good.docx", SampleFiles.docx()));

        assertThat(finished(alice, good).getString("status")).isEqualTo("ready");
        ids.forEach((file, id) -> {
            JsonPath document = finished(mallory, id);
            assertThat(document.getString("status"))
                    .as(file.filename())
                    .isEqualTo(file.outcome() == null ? "ready" : "failed");
            if (file.outcome() != null) {
                assertThat(document.getString("error")).as(file.filename()).contains(file.outcome());
            }
        });
    }

    @Test
    void filesOfNoKnownKindAreRefusedWhateverTheyAreCalled() {
        for (byte[] bytes : List.of(
                SampleFiles.png(),
                SampleFiles.ole2(),
                new byte[1000],
                new byte[] {'P', 'K', 3, 4},
                HostileFiles.zip())) {
            for (String name : List.of("a.pdf", "a.docx", "a.html", "a.txt")) {
                mallory.uploading(name, bytes)
                        .then()
                        .statusCode(415)
                        .contentType("application/problem+json")
                        .body("title", equalTo("Unsupported file"));
            }
        }
    }

    @Test
    void aFileIsWhatItsBytesSayAndNotWhatItIsCalled() {
        assertThat(finished(alice, accepted(alice.uploading("page.pdf", SampleFiles.text("<html><p>Words</p></html>"))))
                        .getString("media_type"))
                .isEqualTo("text/html");
        assertThat(finished(alice, accepted(alice.uploading("words.txt", SampleFiles.docx())))
                        .getString("media_type"))
                .endsWith("wordprocessingml.document");
        assertThat(finished(alice, accepted(alice.uploading("pdf.md", SampleFiles.text("About %PDF-1.7, a header."))))
                        .getString("media_type"))
                .isEqualTo("text/markdown");
        byte[] both = SampleFiles.pdf(List.of("Words of the PDF."));
        JsonPath polyglot =
                finished(alice, accepted(alice.uploading("both.html", HostileFiles.joined(both, SampleFiles.docx()))));
        assertThat(polyglot.getString("media_type")).isEqualTo("application/pdf");
        assertThat(polyglot.getString("status")).isEqualTo("ready");
    }

    @ParameterizedTest
    @CsvSource({
        "../../../etc/passwd, passwd",
        "C:\\Windows\\a.txt, a.txt",
        "tab\tand\u0007bell.txt, tab andbell.txt",
        "..., ...",
        ".., document",
        "' ', document"
    })
    void namesAreOneLineAndNoPath(String sent, String stored) {
        Response answer = mallory.uploading(sent, SampleFiles.text("Text of " + stored.hashCode()));

        answer.then().statusCode(202).body("filename", equalTo(stored));
    }

    @Test
    void longNamesKeepTheirEnding() {
        mallory.uploading("n".repeat(300) + ".md", SampleFiles.text("# Title\n\nText."))
                .then()
                .statusCode(202)
                .body("filename", equalTo("n".repeat(252) + ".md"))
                .body("media_type", equalTo("text/markdown"));
    }

    private static String accepted(Response upload) {
        return upload.then().statusCode(202).extract().path("id");
    }

    private static JsonPath finished(Person person, String id) {
        return await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> person.request().get("/documents/{id}", id).jsonPath(),
                        document -> List.of("ready", "failed").contains(document.getString("status")));
    }
}
