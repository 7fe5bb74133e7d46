package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.document.parsing.FileType;
import dev.customrag.http.Ids;
import dev.customrag.jobs.JobQueue;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a document when things go wrong on the way. */
@QuarkusTest
class IngestionTest {

    @Inject
    Documents documents;

    @Inject
    IngestionQueue queue;

    @Inject
    MeterRegistry metrics;

    private Person alice;
    private final ScriptedModels models = new ScriptedModels();

    @BeforeEach
    void setUp() {
        alice = Person.registered();
        QuarkusMock.installMockForType(models, ModelProvider.class);
    }

    @Test
    void aDocumentAndItsJobAreStoredTogetherOrNotAtAll() {
        var run = new IngestionRun(Ids.next(), alice.id(), Ids.next());

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    documents.insert(run, "a.txt", FileType.TEXT, new Fingerprint(1, "0".repeat(64)));
                    queue.add(run);
                    throw new IllegalStateException("rolled back");
                }));

        assertThat(documents.find(run.owner(), run.document())).isEmpty();
        assertThat(jobsOf(run.document())).isEmpty();
    }

    @Test
    void aBusyProviderDelaysADocumentAndFailsNone() {
        for (int i = 0; i < 12; i++) {
            models.fail(new ModelFailure(ModelFailure.Kind.THROTTLED, "Busy."));
        }

        JsonPath document = finished(upload());

        assertThat(document.getString("status")).isEqualTo("ready");
        assertThat(passages(document)).hasSize(6);
        await().until(() -> jobsOf(document.getUUID("id")).isEmpty());
    }

    @Test
    void aModelThatRefusesFailsTheDocument() {
        models.fail(new ModelFailure(ModelFailure.Kind.DENIED, "The account may not use this model."));

        JsonPath document = finished(upload());

        assertThat(document.getString("status")).isEqualTo("failed");
        assertThat(document.getString("error")).contains("refused it. Tell its operator.");
    }

    @Test
    void aFaultIsTriedAFewTimesAndNotForEver() {
        for (int i = 0; i < 3; i++) {
            models.fail(new IllegalStateException("a bug"));
        }

        JsonPath document = finished(upload());

        assertThat(document.getString("status")).isEqualTo("failed");
        assertThat(document.getString("error")).startsWith("The file could not be processed");
        assertThat(models.calls()).isEqualTo(3);
        await().until(() -> jobsOf(document.getUUID("id")).isEmpty());
    }

    @Test
    void aDocumentDeletedOnTheWayLeavesNothingBehind() {
        models.hold();
        String id = upload();
        await().until(() -> models.calls() > 0);

        alice.request().delete("/documents/{id}", id).then().statusCode(204);
        models.letGo();

        UUID document = UUID.fromString(id);
        await().atMost(Duration.ofSeconds(20)).until(() -> jobsOf(document).isEmpty());
        alice.request().get("/documents/{id}", id).then().statusCode(404);
        assertThat(Sql.query("SELECT id FROM passages WHERE document_id = ?", document))
                .isEmpty();
    }

    @Test
    void progressIsSeenAndARunningIngestionIsNotStartedTwice() {
        models.hold();
        String id = upload();
        await().until(() -> models.calls() > 0);

        alice.request()
                .get("/documents/{id}", id)
                .then()
                .body("status", equalTo("embedding"))
                .body("progress", equalTo(0.1f))
                .body("ready_at", equalTo(null));
        alice.request()
                .post("/documents/{id}/reingest", id)
                .then()
                .statusCode(409)
                .contentType("application/problem+json");

        models.letGo();
        assertThat(finished(id).getString("status")).isEqualTo("ready");
    }

    @Test
    void aReingestionThatFailsKeepsThePassagesThereWere() {
        String id = upload();
        List<Object> before = passages(finished(id));
        // As if their texts had been others: those there were need not be embedded.
        Sql.update("UPDATE passages SET text_digest = id WHERE document_id = ?", UUID.fromString(id));
        models.fail(new ModelFailure(ModelFailure.Kind.REFUSED, "Too long."));

        alice.request().post("/documents/{id}/reingest", id).then().statusCode(202);

        JsonPath document = finished(id);
        assertThat(document.getString("status")).isEqualTo("failed");
        assertThat(document.getInt("passage_count")).isEqualTo(6);
        assertThat(passages(document)).isEqualTo(before);
    }

    @Test
    void whatADeadProcessLeftIsTakenUpAgain() {
        String id = upload();
        finished(id);
        List<Object> before = passages(finished(id));
        UUID run = UUID.randomUUID();
        Sql.update("UPDATE documents SET status = 'embedding', ingestion = ? WHERE id = ?", run, UUID.fromString(id));
        Sql.update(
                """
                INSERT INTO scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, picked_by,
                                             last_heartbeat, version, priority)
                VALUES ('ingest-document', ?, ?, now() - interval '1 hour', true, 'dead', now() - interval '1 hour', 1, 50)
                """,
                run.toString(),
                JobQueue.TEXT.serialize(new IngestionRun(run, alice.id(), UUID.fromString(id)).data()));

        JsonPath document = finished(id);

        assertThat(document.getString("status")).isEqualTo("ready");
        assertThat(passages(document)).hasSize(6).doesNotContainAnyElementsOf(before);
        await().until(() -> jobsOf(UUID.fromString(id)).isEmpty());
    }

    @Test
    void whoUploadsManyDoesNotKeepOthersWaiting() {
        models.hold();
        List<String> many = IntStream.range(0, 12)
                .mapToObj(i -> alice.uploading("many-%d.txt".formatted(i), SampleFiles.text("Text " + i))
                        .then()
                        .statusCode(202)
                        .extract()
                        .<String>path("id"))
                .toList();
        // All workers are hers.
        await().until(() -> models.calls() == 4);
        Person bob = Person.registered();
        String single = bob.uploading("single.txt", SampleFiles.text("Text"))
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        List<Object> waiting = Sql.query("""
                        SELECT right(convert_from(task_data, 'UTF8'), 36) FROM scheduled_tasks
                        WHERE NOT picked ORDER BY priority DESC, execution_time
                        """);

        assertThat(waiting).hasSize(9);
        assertThat(waiting.indexOf(single)).isLessThanOrEqualTo(1);
        models.letGo();
        many.forEach(this::finished);
        await().until(() -> bob.request().get("/documents/{id}", single).path("status"), "ready"::equals);
    }

    @Test
    void aWorkerTakenForDeadCannotOverwriteALaterRun() {
        String id = upload();
        finished(id);
        var stale = new IngestionRun(UUID.randomUUID(), alice.id(), UUID.fromString(id));

        documents.fail(stale, "Too late.");

        assertThat(documents.begin(stale)).isFalse();
        assertThat(documents.progress(stale, 0.5f)).isFalse();
        assertThat(documents.ready(stale, null, List.of(), 99)).isFalse();
        assertThat(finished(id).getString("status")).isEqualTo("ready");
    }

    @Test
    void aTextIsEmbeddedOnceForEachOwner() {
        double reused = metrics.counter("documents.texts", "vector", "reused").count();
        String twice =
                "# Fees\n\nThe fee is ten euros.\n\n# Rent\n\nThe rent is due.\n\n# Fees\n\nThe fee is ten euros.\n";
        String first = alice.uploaded("a.md", twice);

        assertThat(models.texts())
                .containsExactlyInAnyOrder("Fees\n\nThe fee is ten euros.", "Rent\n\nThe rent is due.");
        models.texts().clear();
        String second = alice.uploaded("b.md", twice + "\n# More\n\nNothing else is owed.\n");

        assertThat(models.texts()).containsExactly("More\n\nNothing else is owed.");
        assertThat(vectors(first)).hasSize(3).isSubsetOf(vectors(second));
        assertThat(vectors(second)).hasSize(4);
        assertThat(metrics.counter("documents.texts", "vector", "reused").count())
                .isEqualTo(reused + 1 + 3);

        models.texts().clear();
        Person.registered().uploaded("c.md", twice);
        assertThat(models.texts()).hasSize(2);
    }

    @Test
    void aReingestionOfTheSameTextAsksTheModelNothing() {
        String id = upload();
        finished(id);
        int calls = models.calls();

        alice.request().post("/documents/{id}/reingest", id).then().statusCode(202);

        assertThat(passages(finished(id))).hasSize(6);
        assertThat(models.calls()).isEqualTo(calls);
    }

    @Test
    void aRunThatStartsOverDoesNotEmbedAgainWhatItHad() {
        // The first batch, then a fault of ours.
        models.work();
        models.fail(new IllegalStateException("a bug"));

        JsonPath document = finished(upload());

        assertThat(document.getString("status")).isEqualTo("ready");
        assertThat(models.texts()).hasSize(6).doesNotHaveDuplicates();
        assertThat(Sql.query("SELECT 1 FROM staged_vectors WHERE document_id = ?", document.getUUID("id")))
                .isEmpty();
    }

    private static List<Object> vectors(String document) {
        return Sql.query("SELECT embedding::text FROM passages WHERE document_id = ?", UUID.fromString(document));
    }

    /** Six sections, six passages, three batches. */
    private String upload() {
        var markdown = new StringBuilder();
        for (int i = 1; i <= 6; i++) {
            markdown.append("# Section ")
                    .append(i)
                    .append("\n\nText of section ")
                    .append(i)
                    .append(".\n\n");
        }
        return alice.uploading("sections.md", SampleFiles.text(markdown.toString()))
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private JsonPath finished(String id) {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> alice.request().get("/documents/{id}", id).jsonPath(),
                        document -> List.of("ready", "failed").contains(document.getString("status")));
    }

    private static List<Object> passages(JsonPath document) {
        return Sql.query("SELECT id FROM passages WHERE document_id = ? ORDER BY ordinal", document.getUUID("id"));
    }

    private static List<Object> jobsOf(UUID document) {
        return Sql.query(
                "SELECT task_instance FROM scheduled_tasks WHERE convert_from(task_data, 'UTF8') LIKE ?",
                "%/" + document);
    }
}
