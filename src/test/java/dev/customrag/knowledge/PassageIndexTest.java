package dev.customrag.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.model.ModelProvider;
import dev.customrag.model.VectorSpace;
import dev.customrag.testing.DocumentRows;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PassageIndexTest {

    @Inject
    PassageIndex index;

    @Inject
    PassageRetriever retriever;

    @Inject
    PassageVectors vectors;

    @Inject
    ModelProvider models;

    @Inject
    DataSource dataSource;

    private UUID alice;

    @BeforeEach
    void register() {
        alice = Person.registered().id();
    }

    private UUID indexed(UUID owner, String filename, String... texts) {
        UUID document = DocumentRows.insert(owner, filename);
        replace(owner, document, texts);
        return document;
    }

    private void replace(UUID owner, UUID document, String... texts) {
        stage(owner, document, models.embedding().space(), texts);
        index.replace(owner, document, models.embedding().space(), passages(texts));
    }

    private void stage(UUID owner, UUID document, VectorSpace space, String... texts) {
        List<NewPassage> passages = passages(texts);
        List<float[]> made = models.embedding()
                .embedPassages(passages.stream()
                        .map(passage -> passage.embedded().text())
                        .toList())
                .vectors();
        var byDigest = new HashMap<UUID, float[]>();
        for (int i = 0; i < made.size(); i++) {
            byDigest.put(passages.get(i).embedded().digest(), made.get(i));
        }
        vectors.stage(owner, document, space, byDigest);
    }

    private static List<NewPassage> passages(String... texts) {
        var passages = new ArrayList<NewPassage>();
        int start = 0;
        for (int i = 0; i < texts.length; i++) {
            passages.add(new NewPassage(i, i + 1, "Section " + i, start, start + texts[i].length(), texts[i], null));
            start += texts[i].length() + 1;
        }
        return passages;
    }

    @Test
    void findsByMeaningWhereNoWordIsShared() throws SQLException {
        indexed(
                alice,
                "pets.txt",
                "Dogs and cats may live in the flat.",
                "The heating is serviced every autumn.",
                "Waste is collected on Tuesdays.");

        List<Passage> found = retriever.retrieve(SearchScope.all(alice), "Are animals allowed?", 1);

        assertThat(found).extracting(Passage::text).containsExactly("Dogs and cats may live in the flat.");
    }

    @Test
    void aConversationIsToldHowEachPassageWasFound() {
        indexed(
                alice,
                "pets.txt",
                "Dogs and cats may live in the flat.",
                "The heating is serviced every autumn.",
                "Waste is collected on Tuesdays.");

        Retrieved found = retriever.retrieve(SearchScope.all(alice), "When is the heating serviced?", List.of(), 3);

        ScoredPassage best = found.passages().getFirst();
        assertThat(best.passage().text()).isEqualTo("The heating is serviced every autumn.");
        assertThat(best.similarity()).isBetween(found.threshold(), 1.0).isEqualTo(found.bestSimilarity());
        assertThat(best.relevance()).isPositive();
        assertThat(found.passages().getLast().relevance()).isNull();
        assertThat(found.passages())
                .allSatisfy(scored -> assertThat(scored.similarity()).isBetween(-1.0, best.similarity()));
        assertThat(found.anythingThere()).isTrue();
    }

    @Test
    void nothingSimilarIsToldFromNothingThere() {
        UUID document = indexed(alice, "pets.txt", "Dogs and cats may live in the flat.");
        String question = "Who won the football world cup of 1954?";

        Retrieved far = retriever.retrieve(SearchScope.all(alice), question, List.of(), 3);
        assertThat(far.passages()).isEmpty();
        assertThat(far.anythingThere()).isTrue();
        assertThat(far.bestSimilarity()).isLessThan(far.threshold());

        Retrieved none = retriever.retrieve(SearchScope.all(Person.registered().id()), question, List.of(), 3);
        assertThat(none).isEqualTo(new Retrieved(List.of(), false, null, far.threshold()));
        assertThat(retriever.retrieve(new SearchScope(alice, Set.of(UUID.randomUUID())), question, List.of(), 3))
                .isEqualTo(none);
        assertThat(retriever
                        .retrieve(new SearchScope(alice, Set.of(document)), question, List.of(), 3)
                        .bestSimilarity())
                .isEqualTo(far.bestSimilarity());
    }

    @Test
    void aPassageOfAnotherModelIsNotJudgedByItsVector() {
        UUID document = DocumentRows.insert(alice, "old.txt");
        var older = new VectorSpace("retired-model", models.embedding().space().dimensions());
        stage(alice, document, older, "The heating is serviced every autumn.");
        index.replace(alice, document, older, passages("The heating is serviced every autumn."));

        Retrieved found = retriever.retrieve(SearchScope.all(alice), "When is the heating serviced?", List.of(), 3);

        assertThat(found.passages()).singleElement().satisfies(scored -> {
            assertThat(scored.similarity()).isNull();
            assertThat(scored.relevance()).isPositive();
        });
        assertThat(found.bestSimilarity()).isNull();
    }

    @Test
    void findsByARareWordThatVectorsBlur() throws SQLException {
        String[] texts = IntStream.range(0, 60)
                .mapToObj(i -> "Spare part QX-" + (7000 + i * 13) + " fits the pump of the boiler in the cellar.")
                .toArray(String[]::new);
        indexed(alice, "parts.txt", texts);

        List<Passage> found = retriever.retrieve(SearchScope.all(alice), "Where is QX-7416 used?", 3);

        assertThat(found).first().extracting(Passage::text).asString().contains("QX-7416");
    }

    /** More of them than candidates; in each branch none is further from the mean than the others. */
    @Test
    void manyCopiesHideNothingElse() {
        String copy = "This message is confidential and meant for its addressee only.";
        indexed(alice, "mails.txt", IntStream.range(0, 60).mapToObj(i -> copy).toArray(String[]::new));
        indexed(alice, "note.txt", "The confidential code of the vault is 4711.");

        List<Passage> found = retriever.retrieve(SearchScope.all(alice), "confidential message of the vault", 20);

        assertThat(found)
                .extracting(Passage::text)
                .containsExactlyInAnyOrder(copy, "The confidential code of the vault is 4711.");
        assertThat(found).allSatisfy(passage -> assertThat(passage.score()).isBetween(0.0, 1.0));
    }

    /** The only one with the word asked for, and by its meaning not among the fifty nearest. */
    @Test
    void aRareWordIsFoundAmongManyPassagesThatAreNearer() {
        var texts = new ArrayList<String>();
        for (int i = 0; i < 120; i++) {
            texts.add("The rent for flat " + i + " is due on the third day of each month, says the lease.");
        }
        texts.add("Swallows nest below the roof; the ornithologist Quellmalz counts them.");
        indexed(alice, "all.txt", texts.toArray(String[]::new));

        List<Passage> found = retriever.retrieve(
                SearchScope.all(alice), "When is the rent due, says the lease, according to Quellmalz?", 5);

        assertThat(found).extracting(Passage::text).contains(texts.getLast());
    }

    @Test
    void aPassageComesBackAsItWasPutIn() throws SQLException {
        UUID document = indexed(alice, "lease.txt", "The rent is 950 euros.", "The deposit is two rents.");

        List<Passage> listed = index.list(alice, document, -1, 10);

        assertThat(listed)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                .containsExactly(
                        new Passage(null, document, "lease.txt", 1, "Section 0", 0, 22, "The rent is 950 euros.", null),
                        new Passage(
                                null,
                                document,
                                "lease.txt",
                                2,
                                "Section 1",
                                23,
                                48,
                                "The deposit is two rents.",
                                null));
        assertThat(index.list(alice, document, 0, 10)).hasSize(1);
        assertThat(index.list(alice, document, -1, 1)).hasSize(1);
    }

    @Test
    void anotherPersonsPassagesAreNeitherFoundNorListedNorReplaced() throws SQLException {
        UUID bob = Person.registered().id();
        UUID document = indexed(bob, "secret.txt", "The code of the vault is four seven one one.");
        String question = "What is the code of the vault?";

        assertThat(retriever.retrieve(SearchScope.all(alice), question, 5)).isEmpty();
        assertThat(retriever.retrieve(new SearchScope(alice, Set.of(document)), question, 5))
                .isEmpty();
        assertThat(index.list(alice, document, -1, 10)).isEmpty();
        index.replace(alice, document, models.embedding().space(), List.of());
        assertThat(retriever.retrieve(SearchScope.all(bob), question, 5)).hasSize(1);
    }

    @Test
    void aSearchKeepsToTheDocumentsAskedFor() throws SQLException {
        indexed(alice, "a.txt", "The notice period of the flat is three months.");
        UUID garage = indexed(alice, "b.txt", "The notice period of the garage is two weeks.");

        List<Passage> found = retriever.retrieve(new SearchScope(alice, Set.of(garage)), "notice period", 5);

        assertThat(found).extracting(Passage::documentId).containsExactly(garage);
    }

    @Test
    void vectorsOfAModelThatIsGoneAreNotComparedButTheirPassagesAreFoundByTheirWords() throws SQLException {
        UUID document = DocumentRows.insert(alice, "old.txt");
        var gone = new VectorSpace("another-model", 384);
        stage(alice, document, gone, "The rent is 950 euros.");
        index.replace(alice, document, gone, passages("The rent is 950 euros."));

        assertThat(retriever.retrieve(SearchScope.all(alice), "How much is due monthly?", 5))
                .isEmpty();
        assertThat(retriever.retrieve(SearchScope.all(alice), "What is the rent?", 5))
                .extracting(Passage::documentId)
                .containsExactly(document);
    }

    @Test
    void aPassageWithoutAVectorIsRefused() throws SQLException {
        UUID document = DocumentRows.insert(alice, "lease.txt");

        assertThatThrownBy(() ->
                        index.replace(alice, document, models.embedding().space(), passages("The rent is 950 euros.")))
                .isInstanceOf(IllegalStateException.class);

        assertThat(index.list(alice, document, -1, 10)).isEmpty();
    }

    @Test
    void whatWasStagedIsForgottenWithTheReplacement() throws SQLException {
        UUID document = indexed(alice, "lease.txt", "The rent is 950 euros.");

        assertThat(Sql.query("SELECT 1 FROM staged_vectors WHERE document_id = ?", document))
                .isEmpty();
    }

    @Test
    void aVectorIsTakenFromTheSameOwnersSameTextOnly() throws SQLException {
        UUID bob = Person.registered().id();
        indexed(alice, "a.txt", "The rent is 950 euros.");
        UUID hers = DocumentRows.insert(alice, "b.txt");
        UUID his = DocumentRows.insert(bob, "b.txt");
        Set<UUID> digests =
                Set.of(passages("The rent is 950 euros.").getFirst().embedded().digest());
        VectorSpace space = models.embedding().space();

        assertThat(vectors.staged(alice, hers, space, digests)).isEqualTo(digests);
        assertThat(vectors.staged(bob, his, space, digests)).isEmpty();
        assertThat(vectors.staged(bob, hers, space, digests)).isEmpty();
        assertThat(vectors.staged(alice, hers, new VectorSpace(space.model(), 512), digests))
                .isEmpty();
        assertThat(vectors.staged(alice, UUID.randomUUID(), space, digests)).isEmpty();
    }

    @Test
    void aReplacementThatIsRolledBackLeavesTheOldPassages() throws SQLException {
        UUID document = indexed(alice, "lease.txt", "The rent is 950 euros.");

        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    replace(alice, document, "The rent is 1000 euros.");
                    throw new IllegalStateException("crash");
                }))
                .hasMessage("crash");

        assertThat(index.list(alice, document, -1, 10))
                .extracting(Passage::text)
                .containsExactly("The rent is 950 euros.");
    }

    @Test
    void questionsOfAnyCharactersAreJustText() throws SQLException {
        indexed(alice, "lease.txt", "The rent is 950 euros.");

        for (String question :
                List.of("':* & | ! <-> \\", "\"", "%_", "'; DROP TABLE passages; --", "🦔", "the of and")) {
            assertThat(retriever.retrieve(SearchScope.all(alice), question, 5)).hasSize(1);
        }
    }

    @Test
    void theDenseBranchCanWalkTheIndexOfItsDimension() throws SQLException {
        float[] question = models.embedding().embedQuestion("anything");
        List<QuestionVector> asked =
                List.of(new QuestionVector(models.embedding().space(), question));
        SearchScope scope = SearchScope.all(alice);
        var plan = new StringBuilder();
        try (var connection = dataSource.getConnection();
                var settings = connection.createStatement();
                var explain = connection.prepareStatement("EXPLAIN " + PassageIndex.searchSql(scope, asked))) {
            connection.setAutoCommit(false);
            // With few rows the planner prefers to sort; the question here is whether the index applies at all.
            settings.execute("SET LOCAL enable_sort = off");
            index.bindSearch(explain, scope, asked, SearchTexts.of("anything").forWords(), 5);
            try (var rows = explain.executeQuery()) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
            connection.rollback();
        }

        assertThat(plan).contains("Index Scan using passages_embedding_" + question.length + "_idx");
    }
}
