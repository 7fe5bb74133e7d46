package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.document.parsing.FileType;
import dev.customrag.http.Ids;
import dev.customrag.jobs.JobQueue;
import dev.customrag.testing.FakeS3;
import dev.customrag.testing.LiveHeap;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Settings;
import dev.customrag.testing.Sql;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Files in a bucket: the rows and the objects are never out of step for good. */
@QuarkusTest
@WithTestResource(value = FakeS3.Server.class, scope = TestResourceScope.GLOBAL)
class BucketTest {

    FakeS3 s3;

    @Inject
    Storage storage;

    @Inject
    JobQueue jobs;

    @Inject
    OrphanSweep sweep;

    @TempDir
    Path directory;

    private Person alice;

    @BeforeEach
    void storeInTheBucket() {
        alice = Person.registered();
        use("s3");
    }

    @AfterEach
    void deleteAll() {
        s3.recover();
        alice.json(Map.of("password", alice.password())).delete("/auth/me");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Sql.query("SELECT 1 FROM storage_tasks WHERE task_name = 'delete-object' "
                                + "AND execution_time < now() + interval '30 minutes'")
                        .isEmpty());
    }

    private void use(String place) {
        QuarkusMock.installMockForType(store(Map.of("documents.storage", place)), ObjectStore.class);
    }

    private ObjectStore store(Map<String, String> more) {
        var settings = new HashMap<>(s3.settings());
        settings.putAll(more);
        return new ObjectStore(
                Settings.with(DocumentsConfig.class, settings),
                StaticCredentialsProvider.create(AwsBasicCredentials.create(FakeS3.ACCESS_KEY, FakeS3.SECRET_KEY)));
    }

    @Test
    void aFileIsAnObjectThatSaysNothingOfItsOwner() {
        byte[] text = SampleFiles.text("The rent is 950 euros.");
        String id = alice.uploaded("lease of alice.txt", text);

        String key = key(id);
        assertThat(key)
                .matches("documents/[0-9a-f-]{36}")
                .doesNotContain(alice.id().toString());
        assertThat(s3.object(key)).isEqualTo(text);
        assertThat(s3.requests("PUT").getLast().headers())
                .containsKey("x-amz-checksum-sha256")
                .doesNotContainKey("x-amz-server-side-encryption");
        assertThat(chunks(id)).isEmpty();
        assertThat(content(id)).isEqualTo(text);

        alice.request().delete("/documents/{id}", id).then().statusCode(204);
        awaitGone(key);
    }

    @Test
    void aFileStaysReadableWhereverOthersAreStoredLater() {
        String inBucket = alice.uploaded("one.txt", "Stored in the bucket.");
        use("database");
        String inDatabase = alice.uploaded("two.txt", "Stored in the database.");

        assertThat(content(inBucket)).isEqualTo(SampleFiles.text("Stored in the bucket."));
        use("s3");
        assertThat(content(inDatabase)).isEqualTo(SampleFiles.text("Stored in the database."));
        assertThat(chunks(inDatabase)).hasSize(1);
    }

    @Test
    void theBytesGoWithTheAccount() {
        String key = key(alice.uploaded("lease.txt", "The rent is 950 euros."));

        alice.json(Map.of("password", alice.password()))
                .delete("/auth/me")
                .then()
                .statusCode(204);

        awaitGone(key);
    }

    @ParameterizedTest
    @CsvSource({"503, SlowDown", "500, InternalError", "403, AccessDenied"})
    void aBucketThatTakesNothingLeavesNothing(int status, String code) {
        s3.refuse("PUT", status, code);

        alice.uploading("lease.txt", SampleFiles.text("The rent is 950 euros."))
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "30")
                .body("type", equalTo("urn:customrag:problem:storage-unavailable"));

        assertThat(Sql.query("SELECT id FROM documents WHERE owner_id = ?", alice.id()))
                .isEmpty();
        s3.recover();
        alice.uploaded("lease.txt", "The rent is 950 euros.");
    }

    @Test
    void anObjectWhoseRowsAreNotMadeIsDeleted() throws Exception {
        NewFile file = newFile();
        String key = "documents/" + file.id();

        assertThatThrownBy(() -> storage.keep(alice.id(), file, () -> {
                    assertThat(s3.keys()).contains(key);
                    assertThat(deletions(file.id())).hasSize(1);
                    throw new IllegalStateException("The database is gone");
                }))
                .hasMessage("The database is gone");

        awaitGone(key);
        await().until(() -> deletions(file.id()).isEmpty());
    }

    /** As far as an upload comes whose process is killed before its rows are there; then its time is over. */
    @Test
    void anObjectWhoseUploadDiedIsDeleted() {
        UUID content = Ids.next();
        var location = new ObjectLocation(FakeS3.BUCKET, "documents/" + content);
        s3.place(location.key(), new byte[1], Instant.now());

        jobs.addAt(
                StorageJobs.TABLE,
                StorageJobs.deletion(content, location),
                Instant.now().plusSeconds(1));

        awaitGone(location.key());
    }

    /** The deletion has begun, because the upload took too long: then there is no document. */
    @Test
    void anUploadThatWasGivenUpMakesNoRows() throws Exception {
        NewFile file = newFile();

        assertThatThrownBy(() -> storage.keep(
                        alice.id(),
                        file,
                        () -> Sql.update(
                                "UPDATE storage_tasks SET picked = true, picked_by = 'another', version = 2,"
                                        + " last_heartbeat = now() WHERE task_instance = ?",
                                file.id().toString())))
                .isInstanceOf(RuntimeException.class);

        assertThat(Sql.query("SELECT 1 FROM document_objects WHERE content_id = ?", file.id()))
                .isEmpty();
        Sql.update(
                "DELETE FROM storage_tasks WHERE task_instance = ?", file.id().toString());
        s3.lose("documents/" + file.id());
    }

    @Test
    void aDeletionWaitsForABucketThatIsAway() {
        String id = alice.uploaded("lease.txt", "The rent is 950 euros.");
        String key = key(id);
        s3.refuse("DELETE", 500, "InternalError");
        int before = s3.requests("DELETE").size();

        alice.request().delete("/documents/{id}", id).then().statusCode(204);

        await().atMost(Duration.ofSeconds(20)).until(() -> s3.requests("DELETE").size() >= before + 2);
        assertThat(s3.keys()).contains(key);
        s3.recover();
        awaitGone(key);
    }

    @Test
    void whatADocumentHasIsNotDeletedByAJob() {
        String id = alice.uploaded("lease.txt", "The rent is 950 euros.");
        String key = key(id);
        UUID content = UUID.fromString(key.substring("documents/".length()));

        jobs.add(StorageJobs.TABLE, StorageJobs.deletion(content, new ObjectLocation(FakeS3.BUCKET, key)));

        await().until(() -> deletions(content).isEmpty());
        assertThat(s3.keys()).contains(key);
    }

    @Test
    void anObjectThatIsLostIsTold() {
        String id = alice.uploaded("lease.txt", "The rent is 950 euros.");
        s3.lose(key(id));

        alice.request()
                .get("/documents/{id}/content", id)
                .then()
                .statusCode(500)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:customrag:problem:content-missing"));
        alice.request().post("/documents/{id}/reingest", id).then().statusCode(202);
        await().until(() -> alice.request().get("/documents/{id}", id).path("status"), "failed"::equals);
        alice.request()
                .get("/documents/{id}", id)
                .then()
                .body("error", containsString("Delete the document and upload the file again."))
                .body("passage_count", equalTo(1));
    }

    @Test
    void aBucketThatCannotBeReadDelaysADocument() {
        String id = alice.uploaded("lease.txt", "The rent is 950 euros.");
        s3.refuse("GET", 503, "SlowDown");
        int before = s3.requests("GET").size();

        alice.request()
                .get("/documents/{id}/content", id)
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "30");
        alice.request().post("/documents/{id}/reingest", id).then().statusCode(202);
        await().atMost(Duration.ofSeconds(20)).until(() -> s3.requests("GET").size() >= before + 5);
        s3.recover();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> alice.request().get("/documents/{id}", id).path("status"), "ready"::equals);
    }

    @Test
    void whatNoRowKnowsIsSweptAwayOnceItIsOld() {
        Instant old = Instant.now().minus(Duration.ofHours(25));
        String known = key(alice.uploaded("lease.txt", "The rent is 950 euros."));
        s3.age(known, old);
        List<String> orphans = List.of("documents/" + Ids.next(), "documents/" + Ids.next(), "documents/" + Ids.next());
        orphans.forEach(key -> s3.place(key, new byte[1], old));
        String young = "documents/" + Ids.next();
        s3.place(young, new byte[1], Instant.now().minus(Duration.ofHours(23)));
        s3.place("documents/notes.txt", new byte[1], old);
        s3.place("others/" + Ids.next(), new byte[1], old);
        int foreign = s3.keys().size() - orphans.size();

        sweep.run(() -> false);

        assertThat(s3.keys()).contains(known, young, "documents/notes.txt").doesNotContainAnyElementsOf(orphans);
        assertThat(s3.keys()).hasSize(foreign);
    }

    @Test
    void anObjectIsNotHeldInMemoryOnItsWay() throws Exception {
        ObjectStore bucket = store(Map.of());
        long size = 200 * 1024 * 1024;
        Path path = directory.resolve("large.docx");
        SampleFiles.largeDocx(path, size);
        var location = new ObjectLocation(FakeS3.BUCKET, "documents/" + Ids.next());

        try (var heap = LiveHeap.watched()) {
            bucket.put(location, path, Fingerprint.of(path, size));
            Path back = directory.resolve("back.docx");
            try (InputStream bytes = bucket.open(location)) {
                Files.copy(bytes, back);
            }

            assertThat(heap.growth()).isLessThan(16 * 1024 * 1024);
            assertThat(Fingerprint.of(back, size)).isEqualTo(Fingerprint.of(path, size));
        }
        s3.lose(location.key());
    }

    @Test
    void encryptionIsAskedForAsConfigured() throws Exception {
        ObjectStore encrypting = store(
                Map.of("documents.s3.server-side-encryption", "aws:kms", "documents.s3.kms-key-id", "alias/documents"));
        NewFile file = newFile();

        encrypting.put(encrypting.locationOf(file.id()), file.path(), file.content());

        assertThat(s3.requests("PUT").getLast().headers())
                .containsEntry("x-amz-server-side-encryption", "aws:kms")
                .containsEntry("x-amz-server-side-encryption-aws-kms-key-id", "alias/documents");
        s3.lose("documents/" + file.id());
    }

    @Test
    void withoutABucketTheServiceDoesNotStart() {
        var nowhere = new ObjectStore(Settings.with(DocumentsConfig.class, Map.of("documents.storage", "s3")));

        assertThatThrownBy(() -> nowhere.check(null)).hasMessageContaining("documents.s3.bucket");
    }

    private NewFile newFile() throws Exception {
        Path path = Files.writeString(directory.resolve("file.txt"), "Some text " + UUID.randomUUID());
        return new NewFile(Ids.next(), "file.txt", FileType.TEXT, Fingerprint.of(path, Long.MAX_VALUE), path);
    }

    private static String key(String document) {
        return (String) Sql.query(
                        "SELECT o.object_key FROM document_objects o JOIN document_contents c ON c.id = o.content_id"
                                + " WHERE c.document_id = ?",
                        UUID.fromString(document))
                .getFirst();
    }

    private static List<Object> chunks(String document) {
        return Sql.query(
                "SELECT ordinal FROM document_chunks k JOIN document_contents c ON c.id = k.content_id"
                        + " WHERE c.document_id = ?",
                UUID.fromString(document));
    }

    private static List<Object> deletions(UUID content) {
        return Sql.query("SELECT 1 FROM storage_tasks WHERE task_instance = ?", content.toString());
    }

    private byte[] content(String document) {
        return alice.request()
                .get("/documents/{id}/content", document)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    private void awaitGone(String key) {
        await().atMost(Duration.ofSeconds(20)).until(() -> !s3.keys().contains(key));
    }
}
