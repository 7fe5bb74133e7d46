package dev.customrag.knowledge;

import dev.customrag.model.ModelProvider;
import dev.customrag.testing.Settings;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Retrieval as a conversation has it, and each of its branches alone, on a database that a service has filled. */
public final class RetrievalAlone {

    private static final String LEXICAL = """
            SELECT p.id, p.document_id, p.page, p.heading, p.start_offset, p.end_offset, p.text, p.ordinal, p.gap_before
            FROM passages_by_words(?, NULL, ?, ?, ?, ?) found JOIN passages p ON p.id = found.id
            ORDER BY found.relevance DESC, p.id
            """;

    private final DataSource database;
    private final ModelProvider models;
    private final RetrievalConfig config = Settings.defaults(RetrievalConfig.class);
    private final PassageIndex index;
    private final PassageRetriever retriever;

    public RetrievalAlone(DataSource database, ModelProvider models) {
        this.database = database;
        this.models = models;
        index = new PassageIndex(database, config);
        retriever = new PassageRetriever(models, index, config);
    }

    /** By vectors only. */
    public List<UUID> dense(UUID owner, String question, List<Turn> earlier, int limit) {
        return documents(Hits.results(denseHits(owner, question, earlier, limit), limit, config.joined()));
    }

    /** By words only. */
    public List<UUID> lexical(UUID owner, String question, List<Turn> earlier, int limit) throws SQLException {
        List<SearchTexts.Weighted> words = SearchTexts.of(question, earlier).forWords();
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(LEXICAL)) {
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
                    hits.add(new Hit(passage, null, row.getInt("ordinal"), row.getString("gap_before")));
                }
            }
            return documents(Hits.results(hits, limit, config.joined()));
        }
    }

    /** As a conversation asks; empty where it declines. */
    public List<UUID> conversation(UUID owner, String question, List<Turn> earlier, int limit) {
        return documents(retriever.retrieve(SearchScope.all(owner), question, earlier, limit));
    }

    /** The cosine of the most similar passage, which declining goes by. */
    public double similarity(UUID owner, String question, List<Turn> earlier) {
        return denseHits(owner, question, earlier, 1).stream()
                .mapToDouble(Hit::similarity)
                .max()
                .orElse(-1);
    }

    private List<Hit> denseHits(UUID owner, String question, List<Turn> earlier, int limit) {
        float[] vector = PassageRetriever.sum(models.embedding()
                .embedQuestions(SearchTexts.of(question, earlier).forVectors()));
        return index.search(SearchScope.all(owner), models.embedding().modelId(), vector, List.of(), limit);
    }

    private static List<UUID> documents(List<Passage> passages) {
        return passages.stream().map(Passage::documentId).toList();
    }
}
