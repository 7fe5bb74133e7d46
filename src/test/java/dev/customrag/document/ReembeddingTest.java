package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.jobs.JobQueue;
import dev.customrag.knowledge.NewPassage;
import dev.customrag.knowledge.PassageIndex;
import dev.customrag.knowledge.PassageVectors;
import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.Embeddings;
import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.Retention;
import dev.customrag.model.VectorSpace;
import dev.customrag.model.bedrock.BedrockAt;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of documents when the embedding model changes. Questions and the passages they are after are of words that
 * full-text search leaves out, so that only vectors can find them.
 */
@QuarkusTest
class ReembeddingTest {

    private static final String ONLY_BY_VECTOR = "Where was it, and by whom had it been there before then?";

    private static FakeBedrock bedrock;

    @Inject
    ReembeddingJobs jobs;

    @Inject
    Reembedding reembedding;

    @Inject
    ReembeddingTarget target;

    @Inject
    PassageIndex index;

    @Inject
    PassageVectors vectors;

    @Inject
    MeterRegistry metrics;

    private Person alice;

    /** Does something once, in the middle of embedding, before the vectors are handed out. */
    private volatile Runnable meanwhile = () -> {};

    @BeforeAll
    static void connect() {
        bedrock = FakeBedrock.start();
        // What other tests left is of other models too, and would come first.
        Sql.update("DELETE FROM documents");
    }

    @AfterAll
    static void disconnect() {
        bedrock.close();
    }

    @BeforeEach
    void begin() {
        alice = Person.registered();
        configure(FakeBedrock.TITAN, 1024);
    }

    @AfterEach
    void forget() {
        bedrock.reset();
    }

    /** As after a restart with another setting. */
    private VectorSpace configure(String model, int dimensions) {
        ModelProvider models = BedrockAt.of(
                bedrock, Map.of("embedding-model", model, "embedding-dimensions", String.valueOf(dimensions)));
        QuarkusMock.installMockForType(new Interrupting(models), ModelProvider.class);
        jobs.start(null);
        return models.embedding().space();
    }

    /** Bedrock, with room for what happens {@link #meanwhile}. */
    private final class Interrupting implements ModelProvider {

        private final ModelProvider models;

        private Interrupting(ModelProvider models) {
            this.models = models;
        }

        @Override
        public String source() {
            return models.source();
        }

        @Override
        public String defaultChatModelId() {
            return models.defaultChatModelId();
        }

        @Override
        public CancellableChatModel chatModel(String modelId) {
            return models.chatModel(modelId);
        }

        @Override
        public void check(String modelId) {
            models.check(modelId);
        }

        @Override
        public PassageEmbedding embedding() {
            PassageEmbedding embedding = models.embedding();
            return new PassageEmbedding() {

                @Override
                public String modelId() {
                    return embedding.modelId();
                }

                @Override
                public int dimensions() {
                    return embedding.dimensions();
                }

                @Override
                public int batchSize() {
                    return embedding.batchSize();
                }

                @Override
                public Embeddings embedPassages(List<String> passages) {
                    Embeddings made = embedding.embedPassages(passages);
                    Runnable now = meanwhile;
                    meanwhile = () -> {};
                    now.run();
                    return made;
                }

                @Override
                public Embeddings embedQuestions(List<String> questions) {
                    return embedding.embedQuestions(questions);
                }
            };
        }

        @Override
        public PassageEmbedding embedding(VectorSpace space) {
            return models.embedding(space);
        }

        @Override
        public Retention retention() {
            return models.retention();
        }

        @Override
        public List<ModelDescription> models() {
            return models.models();
        }
    }

    private static String document(int number, int sections) {
        return IntStream.range(0, sections)
                .mapToObj(i -> "# Section " + number + " " + i + "\n\nText of section " + number + ".\n\n")
                .collect(Collectors.joining("", "# Where\n\nIt was there, where it had been before.\n\n", ""));
    }

    private UUID uploaded(int number, int sections) {
        return UUID.fromString(alice.uploaded("document-" + number + ".md", document(number, sections)));
    }

    private Set<UUID> found(String question) {
        List<String> documents = alice.json(Map.of("query", question, "limit", 50))
                .post("/search")
                .then()
                .statusCode(200)
                .extract()
                .path("passages.document_id");
        return documents.stream().map(UUID::fromString).collect(Collectors.toSet());
    }

    private static Set<VectorSpace> spacesOf(UUID document) {
        return Sql.query(
                        "SELECT DISTINCT embedding_model || ' ' || dimensions FROM passages WHERE document_id = ?",
                        document)
                .stream()
                .map(row -> ((String) row).split(" "))
                .map(space -> new VectorSpace(space[0], Integer.parseInt(space[1])))
                .collect(Collectors.toSet());
    }

    private static long staged(UUID document) {
        return (long) Sql.query("SELECT count(*) FROM staged_vectors WHERE document_id = ?", document)
                .getFirst();
    }

    private static List<Object> ids(UUID document) {
        return Sql.query("SELECT id FROM passages WHERE document_id = ? ORDER BY ordinal", document);
    }

    private void run(UUID document) throws InterruptedException {
        reembedding.run(alice.id(), document);
    }

    /** Searches all the time, until it is told to stop; gives how often. */
    private final class Searcher {

        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicInteger searches = new AtomicInteger();
        private final CompletableFuture<Void> running;

        private Searcher(Set<UUID> documents) {
            running = CompletableFuture.runAsync(() -> {
                while (!stopped.get()) {
                    assertThat(found(ONLY_BY_VECTOR)).containsAll(documents);
                    searches.incrementAndGet();
                }
            });
        }

        private int stop() {
            stopped.set(true);
            running.join();
            return searches.get();
        }
    }

    @Test
    void fromModelToModelEveryDocumentIsFoundAllTheTime() {
        var documents = new ArrayList<UUID>();
        for (int i = 0; i < 4; i++) {
            documents.add(uploaded(i, 5));
        }
        List<List<Object>> passages =
                documents.stream().map(ReembeddingTest::ids).toList();
        for (var setting : List.of(
                new VectorSpace(FakeBedrock.TITAN, 512),
                new VectorSpace(FakeBedrock.COHERE_ENGLISH, 1024),
                new VectorSpace(FakeBedrock.COHERE_V4, 1536),
                new VectorSpace(FakeBedrock.TITAN, 256))) {
            var searcher = new Searcher(Set.copyOf(documents));
            VectorSpace before = spacesOf(documents.getFirst()).iterator().next();
            VectorSpace configured = configure(setting.model(), setting.dimensions());
            UUID added = uploaded(10 + setting.dimensions(), 2);
            assertThat(spacesOf(added)).containsExactly(configured);
            assertThat(spacesOf(documents.getFirst())).containsExactly(before);
            assertThat(found(ONLY_BY_VECTOR)).contains(added).containsAll(documents);

            jobs.round();

            await().atMost(Duration.ofSeconds(60)).until(() -> documents.stream()
                    .allMatch(document -> spacesOf(document).equals(Set.of(configured))));
            assertThat(searcher.stop()).isPositive();
            documents.add(added);
            assertThat(found(ONLY_BY_VECTOR)).containsAll(documents);
        }
        for (int i = 0; i < passages.size(); i++) {
            assertThat(ids(documents.get(i))).isEqualTo(passages.get(i));
            assertThat(staged(documents.get(i))).isZero();
            alice.request().get("/documents/{id}", documents.get(i)).then().body("status", equalTo("ready"));
        }
    }

    @Test
    void howManyAreLeftCanBeSeen() {
        uploaded(1, 1);
        VectorSpace half = configure(FakeBedrock.TITAN, 512);
        uploaded(2, 1);

        jobs.round();

        assertThat(metrics.get("documents.reembedding.left").gauge().value()).isPositive();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            jobs.round();
            assertThat(metrics.get("documents.reembedding.left").gauge().value())
                    .isZero();
        });
        assertThat(vectors.spaces()).containsExactly(half);
    }

    @Test
    void aRunThatBrokeOffIsTakenUpWhereItWas() throws InterruptedException {
        UUID document = uploaded(1, 40);
        VectorSpace before = spacesOf(document).iterator().next();
        VectorSpace half = configure(FakeBedrock.TITAN, 512);
        bedrock.reset();
        for (int i = 0; i < 32; i++) {
            bedrock.next(BedrockScript.answer(null));
        }
        bedrock.next(IntStream.range(0, 40).mapToObj(i -> BedrockScript.deny()).toArray(BedrockScript[]::new));

        assertThatThrownBy(() -> run(document)).isInstanceOf(ModelFailure.class);

        assertThat(staged(document)).isEqualTo(32);
        assertThat(spacesOf(document)).containsExactly(before);
        bedrock.reset();
        assertThat(found(ONLY_BY_VECTOR)).containsExactly(document);
        bedrock.reset();
        run(document);
        assertThat(bedrock.requests("invoke")).hasSize(41 - 32);
        assertThat(spacesOf(document)).containsExactly(half);
        assertThat(staged(document)).isZero();
        assertThat(found(ONLY_BY_VECTOR)).containsExactly(document);
    }

    @Test
    void whatADeadProcessLeftIsTakenUpByAnother() {
        UUID document = uploaded(1, 3);
        VectorSpace half = configure(FakeBedrock.TITAN, 512);
        Sql.update("""
                INSERT INTO reembedding_tasks (task_name, task_instance, task_data, execution_time, picked, picked_by,
                                               last_heartbeat, version, priority)
                VALUES ('reembed-document', ?, ?, now() - interval '1 hour', true, 'dead', now() - interval '1 hour', 1, 50)
                """, document.toString(), JobQueue.TEXT.serialize(alice.id()));

        await().atMost(Duration.ofSeconds(60)).until(() -> spacesOf(document).equals(Set.of(half)));
        await().until(() -> Sql.query("SELECT 1 FROM reembedding_tasks WHERE task_instance = ?", document.toString())
                .isEmpty());
    }

    @Test
    void aDocumentDeletedInBetweenLeavesNothingBehind() throws InterruptedException {
        UUID document = uploaded(1, 3);
        configure(FakeBedrock.TITAN, 512);
        meanwhile =
                () -> alice.request().delete("/documents/{id}", document).then().statusCode(204);

        run(document);

        assertThat(ids(document)).isEmpty();
        assertThat(staged(document)).isZero();
    }

    @Test
    void aReingestionInBetweenHasItsWay() throws InterruptedException {
        UUID document = uploaded(1, 3);
        List<Object> before = ids(document);
        VectorSpace half = configure(FakeBedrock.TITAN, 512);
        meanwhile = () -> {
            alice.request().post("/documents/{id}/reingest", document).then().statusCode(202);
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> alice.request()
                                    .get("/documents/{id}", document)
                                    .path("status"),
                            "ready"::equals);
        };

        run(document);

        assertThat(spacesOf(document)).containsExactly(half);
        assertThat(ids(document)).hasSize(4).doesNotContainAnyElementsOf(before);
        assertThat(found(ONLY_BY_VECTOR)).containsExactly(document);
        run(document);
        assertThat(staged(document)).isZero();
    }

    @Test
    void aDocumentThatIsBeingIngestedIsLeftAlone() throws InterruptedException {
        UUID document = uploaded(1, 3);
        Set<VectorSpace> before = spacesOf(document);
        VectorSpace half = configure(FakeBedrock.TITAN, 512);
        meanwhile = () -> Sql.update("UPDATE documents SET status = 'embedding' WHERE id = ?", document);

        run(document);

        assertThat(spacesOf(document)).isEqualTo(before);
        Sql.update("UPDATE documents SET status = 'ready' WHERE id = ?", document);
        run(document);
        assertThat(spacesOf(document)).containsExactly(half);
    }

    @Test
    void passagesReplacedInBetweenAreNotMixedWithOthers() throws InterruptedException {
        UUID document = uploaded(1, 3);
        VectorSpace before = spacesOf(document).iterator().next();
        VectorSpace half = configure(FakeBedrock.TITAN, 512);
        var newer = new NewPassage(0, null, null, 0, 13, "It was there.", null);
        meanwhile = () -> {
            var vector = new float[1024];
            vector[0] = 1;
            vectors.stage(alice.id(), document, before, Map.of(newer.embedded().digest(), vector));
            index.replace(alice.id(), document, before, List.of(newer));
        };

        run(document);

        assertThat(ids(document)).hasSize(1);
        assertThat(spacesOf(document)).containsExactly(half);
        assertThat(staged(document)).isZero();
    }

    @Test
    void whatEachModelReadIsInTheLedger() throws InterruptedException {
        configure(FakeBedrock.COHERE_ENGLISH, 1024);
        UUID document = uploaded(7, 3);
        configure(FakeBedrock.TITAN, 1024);
        found(ONLY_BY_VECTOR);
        run(document);

        assertThat(Sql.query("""
                        SELECT DISTINCT purpose || ' ' || model_id FROM model_calls
                        WHERE owner_id = ? AND input_tokens > 0
                        """, alice.id()))
                .containsExactlyInAnyOrder(
                        "passage_embedding " + FakeBedrock.COHERE_ENGLISH,
                        "question_embedding " + FakeBedrock.COHERE_ENGLISH,
                        "question_embedding " + FakeBedrock.TITAN,
                        "passage_embedding " + FakeBedrock.TITAN);
    }

    @Test
    void whereTheOldModelIsGoneDocumentsAreFoundByTheirWordsUntilTheyHaveNewVectors() throws InterruptedException {
        VectorSpace retired = configure(FakeBedrock.COHERE_MULTILINGUAL, 1024);
        UUID document = uploaded(7, 3);
        configure(FakeBedrock.TITAN, 1024);
        bedrock.always(FakeBedrock.COHERE_MULTILINGUAL, BedrockScript.unknown());

        assertThat(found(ONLY_BY_VECTOR)).isEmpty();
        assertThat(found("Which text has section 7?")).containsExactly(document);
        assertThat(spacesOf(document)).containsExactly(retired);

        run(document);
        assertThat(found(ONLY_BY_VECTOR)).containsExactly(document);
    }

    @Test
    void theSameHoldsForModelsOfAnotherProvider() throws InterruptedException {
        UUID document = uploaded(7, 3);
        Sql.update(
                "UPDATE passages SET embedding_model = 'bge-small-en-v1.5-q', dimensions = 384,"
                        + " embedding = subvector(embedding::halfvec(1024), 1, 384) WHERE document_id = ?",
                document);

        assertThat(found(ONLY_BY_VECTOR)).isEmpty();
        assertThat(found("Which text has section 7?")).containsExactly(document);

        run(document);
        assertThat(found(ONLY_BY_VECTOR)).containsExactly(document);
    }

    @Test
    void theConfigurationThatStartedLastHasItsWayUntilItIsGone() {
        var first = new VectorSpace("first", 384);
        var second = new VectorSpace("second", 384);
        target.claim(first);
        target.claim(second);

        assertThat(target.confirm(first, Duration.ofMinutes(3))).isFalse();
        assertThat(target.confirm(second, Duration.ofMinutes(3))).isTrue();

        Sql.update("UPDATE embedding_target SET seen_at = now() - interval '4 minutes'");
        assertThat(target.confirm(first, Duration.ofMinutes(3))).isTrue();
        assertThat(target.confirm(second, Duration.ofMinutes(3))).isFalse();
    }

    @Test
    void aProcessOfAnotherConfigurationRedoesNothing() throws InterruptedException {
        UUID document = uploaded(1, 3);
        Set<VectorSpace> before = spacesOf(document);
        VectorSpace half = configure(FakeBedrock.TITAN, 512);
        target.claim(before.iterator().next());

        jobs.round();
        Thread.sleep(1000);

        assertThat(spacesOf(document)).isEqualTo(before);
        target.claim(half);
        jobs.round();
        await().atMost(Duration.ofSeconds(60)).until(() -> spacesOf(document).equals(Set.of(half)));
    }
}
