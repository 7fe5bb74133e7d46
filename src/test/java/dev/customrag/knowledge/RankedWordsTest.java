package dev.customrag.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.customrag.model.VectorSpace;
import dev.customrag.tenancy.OwnedRows;
import dev.customrag.testing.DocumentRows;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The full-text branch: BM25 and its statistics, V9__ranked_words.sql. */
@QuarkusTest
class RankedWordsTest {

    private static final VectorSpace SPACE = new VectorSpace("no model", 384);

    private static final List<String> VOCABULARY =
            List.of("rent", "deposit", "notice", "heating", "garage", "garden", "tenant", "lease", "euro", "month");

    @Inject
    PassageIndex index;

    @Inject
    PassageVectors vectors;

    @Inject
    OwnedRows rows;

    @Inject
    DataSource dataSource;

    private UUID alice;

    @BeforeEach
    void register() {
        alice = Person.registered().id();
    }

    private void replace(UUID owner, UUID document, List<String> texts) {
        var passages = new ArrayList<NewPassage>();
        for (String text : texts) {
            passages.add(new NewPassage(passages.size(), null, null, 0, text.length(), text, null));
        }
        index(owner, document, passages);
    }

    private void index(UUID owner, UUID document, List<NewPassage> passages) {
        float[] vector = new float[384];
        vector[0] = 1;
        var staged = new HashMap<UUID, float[]>();
        passages.forEach(passage -> staged.put(passage.embedded().digest(), vector));
        vectors.stage(owner, document, SPACE, staged);
        index.replace(owner, document, SPACE, passages);
    }

    private UUID indexed(UUID owner, String... texts) {
        UUID document = DocumentRows.insert(owner, "a.txt");
        replace(owner, document, List.of(texts));
        return document;
    }

    /** Texts of the passages found, best first, with their relevance. */
    private Map<String, Double> byWords(UUID owner, long postings, SearchTexts.Weighted... asked) {
        return rows.of(owner, connection -> byWords(connection, owner, postings, asked));
    }

    private static Map<String, Double> byWords(
            Connection connection, UUID owner, long postings, SearchTexts.Weighted... asked) throws SQLException {
        try (var select = connection.prepareStatement("""
                SELECT p.text, found.relevance
                FROM passages_by_words(?, NULL, ?, ?, 1000, ?) found JOIN passages p ON p.id = found.id
                ORDER BY found.relevance DESC, p.id
                """)) {
            select.setObject(1, owner);
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            Arrays.stream(asked)
                                    .map(each -> IndexedText.of(each.text()))
                                    .toArray()));
            select.setArray(
                    3,
                    connection.createArrayOf(
                            "float8",
                            Arrays.stream(asked)
                                    .map(SearchTexts.Weighted::weight)
                                    .toArray()));
            select.setLong(4, postings);
            var found = new LinkedHashMap<String, Double>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getString(1), row.getDouble(2));
                }
            }
            return found;
        }
    }

    private Map<String, Double> byWords(UUID owner, String question) {
        return byWords(owner, 10_000, new SearchTexts.Weighted(question, 1));
    }

    /** Each text another one, by a number in front that no question asks for. */
    private static List<String> texts(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> random.nextInt(1_000_000) + " "
                        + random.ints(5 + random.nextInt(40), 0, VOCABULARY.size())
                                // The first are common, the last rare.
                                .mapToObj(word -> VOCABULARY.get(word * word / VOCABULARY.size()))
                                .collect(Collectors.joining(" ")))
                .toList();
    }

    /** The formula, from the texts: all words of the vocabulary are their own stems. */
    private static double bm25(List<String> all, String text, Map<String, Double> asked) {
        double average =
                all.stream().mapToInt(each -> each.split(" ").length).average().orElseThrow();
        List<String> words = List.of(text.split(" "));
        double sum = 0;
        for (var word : asked.entrySet()) {
            long containing = all.stream()
                    .filter(each -> List.of(each.split(" ")).contains(word.getKey()))
                    .count();
            long times = words.stream().filter(word.getKey()::equals).count();
            double rarity = Math.log(1 + (all.size() - containing + 0.5) / (containing + 0.5));
            sum += word.getValue() * rarity * times * 2.2 / (times + 1.2 * (1 - 0.75 + 0.75 * words.size() / average));
        }
        return sum;
    }

    private static Map<String, Double> expected(List<String> all, Map<String, Double> asked) {
        return all.stream()
                .filter(text -> bm25(all, text, asked) > 0)
                .collect(Collectors.toMap(text -> text, text -> bm25(all, text, asked), (a, b) -> a));
    }

    private static void assertSame(Map<String, Double> found, Map<String, Double> expected) {
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        found.forEach((text, relevance) -> assertThat(relevance).isCloseTo(expected.get(text), within(1e-6)));
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 400, 1_000_000})
    void ranksAsTheFormulaSaysWhateverTheBudget(long postings) {
        List<String> all = texts(new Random(5), 150);
        indexed(alice, all.subList(0, 40).toArray(String[]::new));
        indexed(alice, all.subList(40, 150).toArray(String[]::new));

        Map<String, Double> found = byWords(
                alice,
                postings,
                new SearchTexts.Weighted("tenant rent garden", 1),
                new SearchTexts.Weighted("garden rent rent", 0.5));

        Map<String, Double> expected = expected(all, Map.of("tenant", 1.0, "rent", 2.0, "garden", 1.5));
        found.forEach((text, relevance) -> assertThat(relevance).isCloseTo(expected.get(text), within(1e-5)));
        assertThat(List.copyOf(found.values())).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        if (postings == 1_000_000) {
            assertSame(found, expected);
        }
    }

    @Test
    void rareWordsComeBeforeCommonOnesWhenTheBudgetIsSmall() {
        var texts = new ArrayList<String>();
        IntStream.range(0, 300).forEach(i -> texts.add(i + " rent rent rent"));
        texts.add("rent of garage QX-7416");
        indexed(alice, texts.toArray(String[]::new));

        Map<String, Double> found = byWords(alice, 100, new SearchTexts.Weighted("rent rent rent garage", 1));

        assertThat(found).hasSize(1).containsKey("rent of garage QX-7416");
        assertThat(byWords(alice, 100, new SearchTexts.Weighted("rent", 1))).hasSize(100);
    }

    @Test
    void headingsCountWhereTheTextLacksThem() {
        index(
                alice,
                DocumentRows.insert(alice, "a.txt"),
                List.of(new NewPassage(0, null, "Notice periods", 0, 20, "Three months, always.", null)));

        assertThat(byWords(alice, "notice")).containsOnlyKeys("Three months, always.");
    }

    private record Statistics(Map<String, Long> lexemes, List<Object> totals) {}

    private static Statistics kept(UUID owner) {
        return new Statistics(
                lexemes("SELECT lexeme || ' ' || passages FROM passage_lexemes WHERE owner_id = ?", owner),
                Sql.query(
                        "SELECT concat_ws(' ', language, passages, word_count) FROM passage_totals WHERE owner_id = ?"
                                + " ORDER BY language",
                        owner));
    }

    private static Statistics counted(UUID owner) {
        return new Statistics(
                lexemes(
                        "SELECT lexeme || ' ' || count(*) FROM passages, unnest(search) WHERE owner_id = ? GROUP BY lexeme",
                        owner),
                Sql.query(
                        "SELECT concat_ws(' ', language, count(*), sum((SELECT sum(cardinality(positions)) FROM unnest(search))))"
                                + " FROM passages WHERE owner_id = ? GROUP BY language ORDER BY language",
                        owner));
    }

    private static Map<String, Long> lexemes(String sql, UUID owner) {
        var lexemes = new HashMap<String, Long>();
        for (Object row : Sql.query(sql, owner)) {
            int space = ((String) row).lastIndexOf(' ');
            lexemes.put(((String) row).substring(0, space), Long.valueOf(((String) row).substring(space + 1)));
        }
        return lexemes;
    }

    @Test
    void statisticsAreExactAfterAnyChanges() {
        var random = new Random(9);
        List<UUID> documents = new ArrayList<>();
        for (int change = 0; change < 60; change++) {
            if (documents.isEmpty() || random.nextInt(3) == 0) {
                documents.add(DocumentRows.insert(alice, "a.txt"));
            }
            UUID document = documents.get(random.nextInt(documents.size()));
            if (random.nextInt(5) == 0) {
                documents.remove(document);
                Sql.update("DELETE FROM documents WHERE id = ?", document);
            } else {
                // More than go in one statement, now and then.
                replace(alice, document, texts(random, random.nextInt(8) == 0 ? 450 : random.nextInt(6)));
            }
            assertThat(kept(alice)).isEqualTo(counted(alice));
        }
        assertThat(kept(alice).lexemes()).isNotEmpty();

        Sql.update("DELETE FROM documents WHERE owner_id = ?", alice);
        assertThat(kept(alice)).isEqualTo(new Statistics(Map.of(), List.of()));
    }

    @Test
    void aChangeThatIsRolledBackCountsNothing() {
        UUID document = indexed(alice, "The rent is due.");
        Statistics before = kept(alice);

        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    replace(alice, document, List.of("Another text.", "And one more."));
                    throw new IllegalStateException("crash");
                }))
                .hasMessage("crash");

        assertThat(kept(alice)).isEqualTo(before);
    }

    @Test
    void statisticsAreExactAfterChangesAtOnce() {
        List<UUID> documents = IntStream.range(0, 6)
                .mapToObj(i -> DocumentRows.insert(alice, "a.txt"))
                .toList();
        var next = new AtomicInteger();

        Together.call(6, () -> {
            int mine = next.getAndIncrement();
            var random = new Random(mine);
            for (int round = 0; round < 8; round++) {
                replace(alice, documents.get(mine), texts(random, 1 + random.nextInt(30)));
            }
            if (mine % 3 == 0) {
                Sql.update("DELETE FROM documents WHERE id = ?", documents.get(mine));
            }
            return mine;
        });

        assertThat(kept(alice)).isEqualTo(counted(alice));
        assertThat(kept(alice).lexemes()).isNotEmpty();
    }

    @Test
    void anAccountTakesItsStatisticsAlongAndLeavesThoseOfOthers() {
        UUID bob = Person.registered().id();
        indexed(alice, "The rent is due.");
        indexed(bob, "The rent is due.", "Die Miete ist am dritten Tag des Monats zu zahlen.");

        Sql.update("DELETE FROM users WHERE id = ?", bob);

        assertThat(kept(bob)).isEqualTo(new Statistics(Map.of(), List.of()));
        assertThat(kept(alice)).isEqualTo(counted(alice));
        assertThat(kept(alice).totals()).hasSize(1);
    }

    @Test
    void whatOthersWriteChangesNoRank() {
        indexed(alice, "rent and garage", "rent and deposit", "garage and garden");
        Map<String, Double> before = byWords(alice, "rent garage");

        indexed(Person.registered().id(), texts(new Random(3), 200).toArray(String[]::new));

        assertThat(byWords(alice, "rent garage")).isEqualTo(before).hasSize(3);
    }

    @Test
    void aTransactionForSomebodyElseFindsNothing() throws SQLException {
        indexed(alice, "The code of the vault is four seven one one.");
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (UUID person : List.of(UUID.randomUUID(), alice)) {
                statement.execute("SET LOCAL custom_rag.owner = '" + person + "'");
                try (var row = statement.executeQuery(
                        "SELECT count(*) FROM passages_by_words('" + alice + "', NULL, '{vault}', '{1}', 10, 100)")) {
                    row.next();
                    assertThat(row.getInt(1)).isEqualTo(person.equals(alice) ? 1 : 0);
                }
            }
            connection.rollback();
        }
    }

    @Test
    void theWordsOfAPassageCannotBeChangedBehindTheStatistics() {
        indexed(alice, "The rent is due.");

        assertThatThrownBy(() -> Sql.update("UPDATE passages SET search = '' WHERE owner_id = ?", alice))
                .hasMessageContaining("replaced");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "english|The notice periods are three months to the end of a month.|period",
                "german|Die Kündigungsfristen betragen drei Monate zum Ende des Monats.|Kündigungsfrist",
                "french|Les délais de préavis sont de trois mois à la fin du mois.|délai",
                "spanish|Los plazos de preaviso son de tres meses hasta el final del mes.|plazo",
                "italian|I termini di preavviso sono di tre mesi alla fine del mese.|termine",
                "portuguese|Os prazos de aviso são de três meses até o fim do mês.|prazo",
                "dutch|De opzegtermijnen zijn drie maanden tot het einde van de maand.|opzegtermijn",
                "swedish|Uppsägningstiderna är tre månader till slutet av en månad och inte kortare.|uppsägningstid",
                "russian|Сроки уведомления составляют три месяца, и они не могут быть изменены.|срок",
                "simple|Okres wypowiedzenia wynosi trzy miesiące na koniec miesiąca.|miesiące",
                "simple|契約の解約通知期間は三か月です。|解約通知",
                "simple|合同的通知期限为三个月。|通知期限",
                "simple|계약 해지 통지 기간은 3개월입니다.|해지",
            })
    void wordsAreStemmedInTheLanguageOfTheirDocument(String language, String text, String asked) {
        indexed(alice, text);
        indexed(alice, "The heating is serviced in the autumn of each year.");

        assertThat(byWords(alice, asked)).containsOnlyKeys(text);
        assertThat(Sql.query("SELECT language FROM passages WHERE owner_id = ? AND text = ?", alice, text))
                .containsExactly(language);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the of and",
                "?!",
                "🦔",
                "'; DROP TABLE passages; --",
                "\\",
                "':* & | ! <-> \\'",
                "{1,2}\"",
                "a\\'b",
                " "
            })
    void questionsOfAnyCharactersAreJustWords(String question) {
        indexed(alice, "The rent is due.");

        assertThat(byWords(alice, question)).isEmpty();
        assertThat(byWords(alice, question + " rent")).hasSize(1);
    }

    @Test
    void wordsOfAnyCharactersAreFound() {
        String text = "See C:\\temp\\o'brien, http://example.org/a'b?c=\\d and x@example.org for it.";
        indexed(alice, text);

        for (String word : text.split(" ")) {
            assertThat(byWords(alice, word).size()).isBetween(0, 1);
        }
        assertThat(byWords(alice, "x@example.org")).hasSize(1);
        assertThat(byWords(alice, "example.org a'b?c=\\d")).hasSize(1);
    }
}
