package dev.customrag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.Cluster;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.ServiceProcess;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Sse;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Documents outlast what happens around them: processes that are killed, a database that restarts, a model provider that
 * is busy or down. Each time every document ends with exactly the passages of an undisturbed run, or with a reason.
 */
class DurabilityIT {

    /** A dozen: eleven small ones and one of several batches. */
    private static final int DOCUMENTS = 12;

    private static final String MAX_FAULTS = "documents.ingestion.max-faults";

    private static final int PARTS = 4;
    private static final int PARTS_OF_THE_LONG_ONE = 70;

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static Cluster cluster;
    private static FakeBedrock bedrock;

    /** The passages of each document, as they should be. */
    private static List<List<Object>> undisturbed;

    private Person alice;
    private List<String> documents;

    @BeforeAll
    static void setUp() {
        cluster = Cluster.shared();
        bedrock = cluster.bedrock();
        cluster.replicas(1);
        var test = new DurabilityIT();
        test.upload();
        undisturbed = test.finishedPassages();
        assertThat(undisturbed)
                .extracting(List::size)
                .startsWith(PARTS_OF_THE_LONG_ONE)
                .endsWith(PARTS);
    }

    @AfterAll
    static void tearDown() {
        RestAssured.reset();
    }

    @BeforeEach
    void forget() {
        bedrock.reset();
    }

    /** The only replica is killed where a run is most fragile, and where chance has it. */
    @Test
    void theOnlyReplicaIsKilledAtAnyMoment() throws SQLException {
        long seed = new Random().nextLong();
        int embedded = new Random(seed).nextInt(100);
        ServiceProcess service = cluster.replicas(1).getFirst();
        bedrock.hold();
        upload();
        awaiting(() -> !embeddedTexts().isEmpty());
        service.kill();
        startAndKillWhenItWaitsFor("document_content%");
        bedrock.release();
        startAndKillWhenItWaitsFor("passages");
        bedrock.forgetRequests();
        service = cluster.starting();
        awaiting(() -> embeddedTexts().size() > embedded);
        service.kill();
        cluster.replicas(1);

        assertThat(finishedPassages()).as("seed " + seed).isEqualTo(undisturbed);
        assertNothingIsLeft();
    }

    @Test
    void twoReplicasRunEachDocumentOnceAndOneTakesOverFromTheOther() {
        List<ServiceProcess> replicas = cluster.replicas(2);
        uploadUntilAllWorkersAreBusy();
        bedrock.release();

        assertThat(finishedPassages()).isEqualTo(undisturbed);
        assertThat(timesEmbedded().values()).containsOnly(1L);

        bedrock.reset();
        uploadUntilAllWorkersAreBusy();
        replicas.getLast().kill();
        bedrock.release();

        assertThat(finishedPassages()).isEqualTo(undisturbed);
        assertThat(timesEmbedded().values()).allMatch(times -> times <= 2);
        assertNothingIsLeft();
    }

    @Test
    void aReplicaThatIsAskedToStopHandsItsWorkOn() {
        List<ServiceProcess> replicas = cluster.replicas(2);
        uploadUntilAllWorkersAreBusy();
        Thread.ofVirtual().start(() -> {
            // Batches under way are waited for.
            awaiting(() -> !replicas.getLast().isReady());
            bedrock.release();
        });

        replicas.getLast().stop();

        assertThat(finishedPassages()).isEqualTo(undisturbed);
        // Nobody had to be taken for dead: every document has the one try that succeeded.
        assertThat(query("SELECT max(faults) FROM documents WHERE owner_id = ?", alice.id()))
                .containsExactly(1);
        assertNothingIsLeft();
    }

    /** As often as a document may break off by default: none comes near it. */
    @Test
    void theDatabaseRestarts() {
        cluster.replicas(1);
        bedrock.hold();
        upload();
        awaiting(() -> !embeddedTexts().isEmpty());
        for (int restart = 1; restart <= 3; restart++) {
            if (restart == 1) {
                cluster.database().stop();
            } else {
                cluster.database().kill();
            }
            bedrock.release();
            bedrock.hold();
            bedrock.forgetRequests();
            cluster.database().startAgain();
            awaiting(() -> !embeddedTexts().isEmpty());
        }
        bedrock.release();

        assertThat(finishedPassages()).isEqualTo(undisturbed);
        assertThat(query("SELECT faults FROM documents WHERE owner_id = ?", alice.id()))
                .allMatch(faults -> (int) faults < 3);
        assertChangesAreHeard();
        assertNothingIsLeft();
    }

    @Test
    void theDatabaseIsGoneWithoutAWord() {
        cluster.replicas(1);
        bedrock.hold();
        upload();
        awaiting(() -> !embeddedTexts().isEmpty());
        cluster.database().fallSilent();
        bedrock.release();

        assertThat(finishedPassages()).isEqualTo(undisturbed);
        assertChangesAreHeard();
        assertNothingIsLeft();
    }

    @Test
    void theModelProviderIsBusyThenDown() {
        cluster.replicas(1);
        bedrock.always(BedrockScript.throttle());
        upload();
        awaiting(() -> embeddedTexts().size() > 3);
        bedrock.always(BedrockScript.unavailable());
        int throttled = embeddedTexts().size();
        awaiting(() -> embeddedTexts().size() > throttled);
        assertThat(statuses()).doesNotContain("ready", "failed");
        bedrock.always(BedrockScript.answer(null));

        assertThat(finishedPassages()).isEqualTo(undisturbed);
        assertNothingIsLeft();
    }

    @Test
    void aRefusalThatDoesNotPassFailsTheDocumentInWords() {
        cluster.replicas(1);
        bedrock.always(text -> paper(text, 5) ? Optional.of(BedrockScript.tooLong()) : Optional.empty());
        upload();

        assertOnlyFails(
                5,
                "The text could not be made searchable: the embedding model of this service refused it. Tell its operator.");
        assertNothingIsLeft();
    }

    /** As one that exhausts the memory of a container does, time and again. */
    @Test
    void aDocumentThatKillsItsProcessFailsAndItsNeighboursDoNot() {
        ServiceProcess service = cluster.replicas(1).getFirst();
        cluster.set(MAX_FAULTS, "2");
        bedrock.hold();
        upload();
        awaiting(() -> statuses().filter("embedding"::equals).count() == Cluster.WORKERS);
        service.kill();
        // Those that were in work with it are done by now or wait.
        bedrock.forgetRequests();
        bedrock.always(text -> paper(text, 1) ? Optional.of(BedrockScript.silence()) : Optional.empty());
        bedrock.release();
        service = cluster.replicas(1).getFirst();
        awaiting(() -> embeddedTexts().stream().anyMatch(text -> paper(text, 1)));
        service.kill();
        bedrock.forgetRequests();
        service = cluster.replicas(1).getFirst();
        cluster.set(MAX_FAULTS, Integer.toString(Cluster.MAX_FAULTS));

        assertOnlyFails(1, "The file could not be processed");
        assertThat(embeddedTexts()).noneMatch(text -> paper(text, 1));
        assertNothingIsLeft();
        // So that none of the others runs with its setting.
        service.kill();
    }

    @Test
    void whatIsDeletedOnTheWayStaysAway() {
        cluster.replicas(1);
        bedrock.hold();
        upload();
        awaiting(() -> !embeddedTexts().isEmpty());
        List<String> deleted = List.copyOf(documents.subList(0, 3));

        deleted.forEach(
                id -> alice.request().delete("/documents/{id}", id).then().statusCode(204));
        documents = documents.subList(3, DOCUMENTS);
        bedrock.release();

        assertThat(finishedPassages()).isEqualTo(undisturbed.subList(3, DOCUMENTS));
        deleted.forEach(id -> alice.request().get("/documents/{id}", id).then().statusCode(404));
        assertNothingIsLeft();
        assertThat(query("SELECT DISTINCT document_id::text FROM passages WHERE owner_id = ?", alice.id()))
                .doesNotContainAnyElementsOf(deleted);
    }

    @Test
    void whatIsIngestedAgainServesAllTheWhile() {
        cluster.replicas(1);
        upload();
        assertThat(finishedPassages()).isEqualTo(undisturbed);
        bedrock.forgetRequests();

        documents.forEach(id ->
                alice.request().post("/documents/{id}/reingest", id).then().statusCode(202));

        assertThat(passages()).isEqualTo(undisturbed);
        assertThat(finishedPassages()).isEqualTo(undisturbed);
        // The same texts keep their vectors.
        assertThat(embeddedTexts()).isEmpty();
        assertNothingIsLeft();
    }

    /** Uploads while embeddings wait, until both of two replicas can take no more. */
    private void uploadUntilAllWorkersAreBusy() {
        bedrock.hold();
        upload();
        awaiting(() -> statuses().filter("embedding"::equals).count() == 2 * Cluster.WORKERS);
    }

    /** Somebody new with a dozen documents, whose texts nobody else has. */
    private void upload() {
        alice = Person.registered();
        documents = IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> alice.uploading("paper-%d.md".formatted(i), paper(i))
                        .then()
                        .statusCode(202)
                        .extract()
                        .<String>path("id"))
                .toList();
    }

    private byte[] paper(int number) {
        var text = new StringBuilder();
        for (int part = 0; part < (number == 0 ? PARTS_OF_THE_LONG_ONE : PARTS); part++) {
            text.append("# Part %d of paper %d\n\nPart %d of paper %d is for %s.\n\n"
                    .formatted(part, number, part, number, alice.id()));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean paper(String text, int number) {
        return text.contains("of paper %d is".formatted(number));
    }

    /** Starts the only replica, and kills it when one of its statements waits for a lock of ours. */
    private static void startAndKillWhenItWaitsFor(String table) throws SQLException {
        try (Connection connection = cluster.database().connect()) {
            connection.setAutoCommit(false);
            for (Object name : Sql.query(connection, "SELECT tablename FROM pg_tables WHERE tablename LIKE ?", table)) {
                connection.createStatement().execute("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE".formatted(name));
            }
            ServiceProcess service = cluster.starting();
            awaiting(() -> !Sql.query(connection, "SELECT pid FROM pg_locks WHERE NOT granted")
                    .isEmpty());
            service.kill();
        }
    }

    private List<List<Object>> finishedPassages() {
        awaiting(() -> statuses().allMatch(status -> List.of("ready", "failed").contains(status)));
        assertThat(documents.stream().map(id -> document(id).getString("error")))
                .containsOnlyNulls();
        return passages();
    }

    /** Text and place of every passage, in order, with the owner's name taken out. */
    private List<List<Object>> passages() {
        return documents.stream()
                .map(id -> {
                    JsonPath page = alice.request()
                            .queryParam("limit", 100)
                            .get("/documents/{id}/passages", id)
                            .then()
                            .statusCode(200)
                            .extract()
                            .jsonPath();
                    assertThat(page.getInt("items.size()"))
                            .isEqualTo(document(id).getInt("passage_count"));
                    return page.<Map<String, Object>>getList("items").stream()
                            .<Object>map(passage -> List.of(
                                    passage.get("text")
                                            .toString()
                                            .replace(alice.id().toString(), "-"),
                                    passage.get("heading"),
                                    passage.get("start"),
                                    passage.get("end")))
                            .toList();
                })
                .toList();
    }

    private void assertOnlyFails(int number, String error) {
        awaiting(() -> statuses().allMatch(status -> List.of("ready", "failed").contains(status)));
        JsonPath failed = document(documents.get(number));
        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(failed.getString("error")).startsWith(error);
        var others = new ArrayList<>(documents);
        others.remove(number);
        documents = others;
        var expected = new ArrayList<>(undisturbed);
        expected.remove(number);
        assertThat(finishedPassages()).isEqualTo(expected);
    }

    /** No job waits or runs any more, and passages count from 0 without a gap. */
    private void assertNothingIsLeft() {
        awaiting(() -> query("SELECT task_instance FROM scheduled_tasks").isEmpty());
        assertThat(query("""
                        SELECT document_id FROM passages GROUP BY document_id
                        HAVING min(ordinal) <> 0 OR max(ordinal) <> count(*) - 1
                        """)).isEmpty();
    }

    /** Who listens hears of a document's way; as browsers do, they connect again when a stream ends. */
    private void assertChangesAreHeard() {
        var uri = URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/documents/events");
        String id = documents.getLast();
        awaiting(() -> {
            try (Sse events = Sse.get(uri, alice.accessToken())) {
                alice.request().post("/documents/{id}/reingest", id);
                return Stream.generate(events::next)
                        .takeWhile(Optional::isPresent)
                        .map(event -> event.get().data().get("status").asText())
                        .anyMatch("ready"::equals);
            }
        });
    }

    private JsonPath document(String id) {
        return alice.request()
                .get("/documents/{id}", id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private Stream<String> statuses() {
        return documents.stream().map(id -> document(id).getString("status"));
    }

    private static List<String> embeddedTexts() {
        return bedrock.requests("invoke").stream()
                .map(BedrockRequest::body)
                .map(body -> body.getString("inputText"))
                .toList();
    }

    private static Map<String, Long> timesEmbedded() {
        return embeddedTexts().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static List<Object> query(String sql, Object... parameters) {
        try (Connection connection = cluster.database().connect()) {
            return Sql.query(connection, sql, parameters);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Generous: on a busy machine everything takes long. */
    private static void awaiting(Callable<Boolean> condition) {
        ConditionFactory patiently = await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
        // While the database is away requests are refused, in the words of a problem.
        patiently
                .ignoreExceptionsMatching(failure -> failure instanceof AssertionError)
                .until(condition);
    }
}
