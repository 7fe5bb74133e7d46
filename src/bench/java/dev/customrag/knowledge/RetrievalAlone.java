package dev.customrag.knowledge;

import dev.customrag.model.ModelProvider;
import dev.customrag.tenancy.OwnedRows;
import dev.customrag.tenancy.OwnedRowsAlone;
import dev.customrag.testing.Settings;
import dev.customrag.usage.LedgerAlone;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;

/** Retrieval as a conversation has it, and each of its branches alone, on a database that a service has filled. */
public final class RetrievalAlone {

    private static final String LEXICAL = """
            SELECT p.id, p.document_id, p.page, p.heading, p.start_offset, p.end_offset, p.text, p.ordinal, p.gap_before
            FROM passages_by_words(?, NULL, ?, ?, ?, ?) found JOIN passages p ON p.id = found.id
            ORDER BY found.relevance DESC, p.id
            """;

    private static final String EXACT = """
            SELECT id FROM passages WHERE owner_id = ? AND dimensions = ? ORDER BY embedding <=> ?::halfvec LIMIT ?
            """;

    private final OwnedRows rows;
    private final RetrievalConfig config = Settings.defaults(RetrievalConfig.class);
    private final QuestionVectors questions;
    private final PassageIndex index;
    private final PassageRetriever retriever;

    public RetrievalAlone(Connection database, ModelProvider models) {
        rows = new OwnedRowsAlone(database);
        questions = new QuestionVectors(
                models, new LedgerAlone(), Executors.newVirtualThreadPerTaskExecutor(), Clock.systemUTC());
        index = new PassageIndex(rows, config);
        retriever = new PassageRetriever(models, questions, index, config);
    }

    /** The question as the configured model sees it. */
    public float[] vector(String question) {
        return questions
                .of(new UUID(0, 0), List.of(question), List.of(questions.configured()))
                .getFirst()
                .vector();
    }

    /** The passages that a search finds, without what the service does around it. */
    public List<UUID> hybrid(UUID owner, float[] vector, String question, int limit) {
        return ids(owner, vector, SearchTexts.of(question).forWords(), limit);
    }

    /** The passages that the dense branch finds. */
    public List<UUID> nearest(UUID owner, float[] vector, int limit) {
        return ids(owner, vector, List.of(), limit);
    }

    private List<UUID> ids(UUID owner, float[] vector, List<SearchTexts.Weighted> words, int limit) {
        var asked = List.of(new QuestionVector(questions.configured(), vector));
        return index.search(SearchScope.all(owner), asked, words, limit).hits().stream()
                .limit(limit)
                .map(hit -> hit.passage().id())
                .toList();
    }

    /** The passages that are nearest, by comparing with each of them. */
    public List<UUID> exactlyNearest(UUID owner, float[] vector, int limit) {
        return rows.of(owner, connection -> {
            // No index is of this expression, which does not say the dimension.
            try (var select = connection.prepareStatement(EXACT)) {
                select.setObject(1, owner);
                select.setInt(2, vector.length);
                select.setString(3, VectorText.of(vector));
                select.setInt(4, limit);
                var ids = new ArrayList<UUID>();
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getObject(1, UUID.class));
                    }
                }
                return ids;
            }
        });
    }

    /** By vectors only. */
    public List<UUID> dense(UUID owner, String question, List<Turn> earlier, int limit) {
        return documents(Hits.results(denseHits(owner, question, earlier, limit), limit, config.joined()));
    }

    /** By words only. */
    public List<UUID> lexical(UUID owner, String question, List<Turn> earlier, int limit) {
        List<SearchTexts.Weighted> words = SearchTexts.of(question, earlier).forWords();
        return rows.of(owner, connection -> {
            try (var select = connection.prepareStatement(LEXICAL)) {
                select.setObject(1, owner);
                select.setArray(
                        2,
                        connection.createArrayOf(
                                "text",
                                words.stream()
                                        .map(each -> IndexedText.of(each.text()))
                                        .toArray()));
                select.setArray(
                        3,
                        connection.createArrayOf(
                                "float8",
                                words.stream().map(SearchTexts.Weighted::weight).toArray()));
                select.setInt(4, config.candidates());
                select.setLong(5, config.postings());
                var hits = new ArrayList<Hit>();
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        var passage = new Passage(
                                row.getObject("id", UUID.class),
                                row.getObject("document_id", UUID.class),
                                null,
                                row.getObject("page", Integer.class),
                                row.getString("heading"),
                                row.getInt("start_offset"),
                                row.getInt("end_offset"),
                                row.getString("text"),
                                null);
                        hits.add(new Hit(passage, null, null, row.getInt("ordinal"), row.getString("gap_before")));
                    }
                }
                return documents(Hits.results(hits, limit, config.joined()));
            }
        });
    }

    /** As a conversation asks; empty where it declines. */
    public List<UUID> conversation(UUID owner, String question, List<Turn> earlier, int limit) {
        return documents(retriever
                .retrieve(SearchScope.all(owner), question, earlier, limit)
                .passages());
    }

    /** The cosine of the most similar passage, which declining goes by. */
    public double similarity(UUID owner, String question, List<Turn> earlier) {
        return denseHits(owner, question, earlier, 1).stream()
                .mapToDouble(Hit::similarity)
                .max()
                .orElse(-1);
    }

    private List<Hit> denseHits(UUID owner, String question, List<Turn> earlier, int limit) {
        var vectors =
                questions.of(owner, SearchTexts.of(question, earlier).forVectors(), List.of(questions.configured()));
        return index.search(SearchScope.all(owner), vectors, List.of(), limit).hits();
    }

    private static List<UUID> documents(List<ScoredPassage> passages) {
        return passages.stream().map(scored -> scored.passage().documentId()).toList();
    }
}
