package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.LiveHeap;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Files of the largest size, and larger ones. */
@QuarkusTest
@ResourceLock(BesideOthers.LOCK)
class LargeFileTest {

    private static final Logger LOG = Logger.getLogger(LargeFileTest.class);

    private static final long MEGABYTE = 1024 * 1024;
    private static final long LIMIT = 200 * MEGABYTE;

    @TestHTTPResource("/documents")
    URI documents;

    @ConfigProperty(name = "quarkus.http.body.uploads-directory")
    Path uploads;

    @Inject
    TemporaryFiles temporary;

    @TempDir
    Path directory;

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void theLargestIsTakenInAndGivenBackWithoutBeingHeldInMemory() throws Exception {
        Path file = directory.resolve("large.docx");
        SampleFiles.largeDocx(file, LIMIT);
        Fingerprint sent = Fingerprint.of(file, LIMIT);
        // What is loaded once is not what is asked about.
        alice.uploaded("small.docx", SampleFiles.docx());

        HttpResponse<String> response;
        try (var heap = LiveHeap.watched()) {
            response = send(BodyPublishers.concat(head(), BodyPublishers.ofFile(file), tail()));
            LOG.infof("Upload of %d MB: heap +%.1f MB", LIMIT / MEGABYTE, heap.growth() / (double) MEGABYTE);
            assertThat(heap.growth()).isLessThan(16 * MEGABYTE);
        }

        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        String id = new JsonPath(response.body()).getString("id");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> alice.request().get("/documents/{id}", id).path("status"), "ready"::equals);
        Path back = directory.resolve("back.docx");
        try (var heap = LiveHeap.watched();
                var client = HttpClient.newHttpClient()) {
            client.send(request("/" + id + "/content").GET().build(), BodyHandlers.ofFile(back));
            LOG.infof("Download of %d MB: heap +%.1f MB", LIMIT / MEGABYTE, heap.growth() / (double) MEGABYTE);
            assertThat(heap.growth()).isLessThan(16 * MEGABYTE);
        }
        assertThat(Fingerprint.of(back, LIMIT)).isEqualTo(sent);
        alice.request().delete("/documents/{id}", id).then().statusCode(204);
        await().untilAsserted(() -> assertThat(uploads).isEmptyDirectory());
    }

    @Test
    void aByteMoreIsRefused() {
        refused(BodyPublishers.concat(head(), content(LIMIT + 1), tail()));
    }

    @Test
    void oneThatDoesNotSayHowLongItIsIsRefusedOnceItIsTooLong() {
        // Without a length, in chunks.
        refused(BodyPublishers.fromPublisher(BodyPublishers.concat(head(), content(LIMIT + 8 * MEGABYTE), tail())));
    }

    @Test
    void whatAKilledProcessLeftIsDeletedAtTheStart() throws Exception {
        Path left = Files.createTempFile(uploads, "left", null);
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path inUse = Files.createTempFile(uploads, "used", null);

        temporary.deleteLeftovers(null);

        assertThat(uploads).isDirectoryContaining(inUse::equals).isDirectoryNotContaining(left::equals);
        Files.delete(inUse);
    }

    private void refused(BodyPublisher body) {
        HttpResponse<String> response = send(body);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(new JsonPath(response.body()).getString("type")).isEqualTo("urn:customrag:problem:too-large");
        await().untilAsserted(() -> assertThat(uploads).isEmptyDirectory());
    }

    private HttpResponse<String> send(BodyPublisher body) {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    request("")
                            .header("Content-Type", "multipart/form-data; boundary=x")
                            .POST(body)
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(documents + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + alice.accessToken());
    }

    private static BodyPublisher head() {
        return text("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"large.docx\"\r\n\r\n");
    }

    private static BodyPublisher tail() {
        return text("\r\n--x--\r\n");
    }

    private static BodyPublisher text(String text) {
        return BodyPublishers.ofByteArray(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static BodyPublisher content(long size) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> new Spaces(size)), size);
    }

    private static final class Spaces extends InputStream {

        private long left;

        private Spaces(long size) {
            left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? ' ' : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int some = (int) Math.min(left, length);
            Arrays.fill(bytes, offset, offset + some, (byte) ' ');
            left -= some;
            return some;
        }
    }
}
