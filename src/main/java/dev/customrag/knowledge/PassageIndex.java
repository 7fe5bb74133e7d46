package dev.customrag.knowledge;

import dev.customrag.http.Ids;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Place;
import dev.customrag.model.VectorSpace;
import dev.customrag.tenancy.Jdbc;
import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGStatement;

/**
 * The passages of every document, in PostgreSQL with pgvector. Owns the table {@code passages}: no other class writes or
 * queries it, and every statement here names the owner.
 */
@ApplicationScoped
public class PassageIndex {

    private static final String DELETE = "DELETE FROM passages WHERE owner_id = ? AND document_id = ?";

    private static final String LANGUAGE = "SELECT language_of(?)";

    /**
     * Many rows in one statement: the statistics of words are kept by statement. A passage without a staged vector is
     * refused: the column takes no NULL.
     */
    private static final String INSERT = """
            INSERT INTO passages (id, owner_id, document_id, ordinal, page, heading, start_offset, end_offset, text,
                                  gap_before, text_digest, embedding_model, dimensions, embedding, language, search)
            SELECT row.id, owner_id, document_id, row.ordinal, row.page, row.heading, row.start_offset, row.end_offset,
                   row.text, row.gap_before, text_digest, embedding_model, dimensions, staged.embedding, everywhere.language,
                   to_tsvector(everywhere.language::regconfig, row.words)
            FROM (VALUES (?::uuid, ?::uuid, ?::text, ?::smallint, ?::text))
                    AS everywhere (owner_id, document_id, embedding_model, dimensions, language)
                CROSS JOIN unnest(?::uuid[], ?::integer[], ?::integer[], ?::text[], ?::integer[], ?::integer[], ?::text[],
                                  ?::text[], ?::uuid[], ?::text[])
                    AS row (id, ordinal, page, heading, start_offset, end_offset, text, gap_before, text_digest, words)
                LEFT JOIN staged_vectors staged
                    USING (owner_id, document_id, embedding_model, dimensions, text_digest)
            """;

    private static final String LIST = """
            SELECT p.id, p.document_id, d.filename, p.page, p.heading, p.start_offset, p.end_offset, p.text,
                   NULL::float8 AS score
            FROM passages p JOIN documents d ON d.id = p.document_id
            WHERE p.owner_id = ? AND p.document_id = ? AND p.ordinal > ?
            ORDER BY p.ordinal
            LIMIT ?
            """;

    /** Offsets grow with the ordinal: those that are to be left out come first. */
    private static final String LAST_ENDED = """
            SELECT coalesce(max(ordinal), -1)
            FROM passages
            WHERE owner_id = ? AND document_id = ? AND end_offset <= ?
            """;

    private static final String DOCUMENTS =
            "SELECT id FROM documents WHERE owner_id = ? AND id > ? ORDER BY id LIMIT ?";

    private static final UUID FIRST = new UUID(0, 0);

    /**
     * All branches in one round trip, each scoped to the owner inside: a dense one for each model in use, {@link #DENSE},
     * and one that ranks by BM25 (V9__ranked_words.sql), whatever model the passages are of.
     *
     * <p>Fused by the sum of standard scores (Montague and Aslam, "Relevance score normalization for metasearch", CIKM
     * 2001): unlike ranks they keep how far ahead a passage is, and need no weight; and cosines of different models,
     * which cannot be compared, become comparable. A score's mean and deviation are those of its branch's best passages;
     * where fewer have a word of the question, the others have it 0 times. A deviation is bounded from below, or passages that
     * are nearly the same would be told apart by nothing. A candidate that only its words brought has its cosine computed,
     * but counts no less than the last of the dense branch, as one that only its vector brought counts 0 for words. The
     * logistic function makes a score between 0 and 1 of the sum. Of passages with the same text the best stays.
     */
    private static final String SEARCH = """
            WITH owned AS MATERIALIZED (
                SELECT coalesce(sum(passages), 0) <= ? AS few FROM passage_totals WHERE owner_id = ?
            ), %1$s, dense AS (
                %2$s
            ), lexical AS MATERIALIZED (
                SELECT id, relevance FROM passages_by_words(?, ?, ?, ?, ?, ?)
            ), similarities AS (
                SELECT space, avg(similarity) AS mean, greatest(stddev_pop(similarity), 0.01) AS deviation,
                       min(similarity) AS least
                FROM dense GROUP BY space
            ), relevances AS (
                SELECT avg(relevance) AS mean,
                       nullif(greatest(stddev_pop(relevance), avg(relevance) / 100), 0) AS deviation
                FROM (
                    SELECT relevance FROM lexical
                    UNION ALL
                    SELECT 0 FROM generate_series((SELECT count(*) FROM lexical) + 1, (SELECT count(*) FROM dense))
                ) best
            ), candidates AS (
                SELECT p.id, p.text_digest, coalesce(lexical.relevance, 0) AS relevance, asked.space,
                       CASE asked.space %4$s END AS similarity
                FROM (SELECT id FROM dense UNION SELECT id FROM lexical) found
                    JOIN passages p ON p.id = found.id AND p.owner_id = ?
                    LEFT JOIN lexical ON lexical.id = found.id
                    CROSS JOIN LATERAL (SELECT CASE %3$s END AS space) asked
            ), scored AS (
                SELECT candidates.id, text_digest, CASE space WHEN 1 THEN similarity END AS similarity, relevance,
                       coalesce((relevance - relevances.mean) / relevances.deviation, 0)
                       + CASE WHEN similarity IS NULL
                              THEN coalesce((SELECT min((least - mean) / deviation) FROM similarities), 0)
                              ELSE (greatest(similarity, least) - similarities.mean) / similarities.deviation
                         END AS score
                FROM candidates LEFT JOIN similarities USING (space) CROSS JOIN relevances
            ), fused AS (
                SELECT id, similarity, relevance, score
                FROM (
                    SELECT *, row_number() OVER (PARTITION BY text_digest ORDER BY score DESC, id) AS copy FROM scored
                ) copies
                WHERE copy = 1
                ORDER BY score DESC, id
                LIMIT ?
            )
            SELECT p.id, p.document_id, d.filename, p.page, p.heading, p.start_offset, p.end_offset, p.text,
                   1 / (1 + exp(-fused.score)) AS score, fused.similarity, nullif(fused.relevance, 0) AS relevance,
                   p.ordinal, p.gap_before
            FROM fused JOIN passages p ON p.id = fused.id JOIN documents d ON d.id = p.document_id
            ORDER BY fused.score DESC, p.id
            """;

    /**
     * Of one model, counted from 1: walks the partial HNSW index of its dimension, or compares with each passage where the
     * owner has few of them: among everybody's, the nearest of one who has a hundredth are seldom found by the index, and
     * the planner, which knows costs only, would walk it. One of the two is executed. The dimension stands in the text
     * because a partial index is only considered when its predicate is implied by constants.
     */
    private static final String DENSE = """
            question_%1$d AS (
                SELECT ?::halfvec(%2$d) AS embedding
            ), dense_%1$d AS MATERIALIZED (
                SELECT id, 1 - distance AS similarity, %1$d AS space
                FROM (
                    (
                        SELECT id, embedding::halfvec(%2$d) <=> (SELECT embedding FROM question_%1$d) AS distance
                        FROM passages
                        WHERE owner_id = ? AND dimensions = %2$d AND embedding_model = ? %3$s
                          AND NOT (SELECT few FROM owned)
                        ORDER BY embedding::halfvec(%2$d) <=> (SELECT embedding FROM question_%1$d)
                        LIMIT ?
                    ) UNION ALL (
                        SELECT id, embedding <=> (SELECT embedding FROM question_%1$d) AS distance
                        FROM passages
                        WHERE owner_id = ? AND dimensions = %2$d AND embedding_model = ? %3$s
                          AND (SELECT few FROM owned)
                        ORDER BY distance
                        LIMIT ?
                    )
                ) nearest
            )""";

    private static final String SPACE = " WHEN p.dimensions = %2$d AND p.embedding_model = ? THEN %1$d";

    private static final String SIMILARITY =
            " WHEN %1$d THEN 1 - (p.embedding::halfvec(%2$d) <=> (SELECT embedding FROM question_%1$d))";

    /**
     * The models an owner's passages are of. Jumps from one to the next along the index, whatever the number of passages.
     * Goes to the server together with the search and is executed after it: what was there then, it sees.
     */
    private static final String SPACES = """
            WITH RECURSIVE space AS (
                (
                    SELECT embedding_model, dimensions
                    FROM passages
                    WHERE owner_id = ?
                    ORDER BY embedding_model, dimensions
                    LIMIT 1
                )
                UNION ALL
                SELECT following.embedding_model, following.dimensions
                FROM space, LATERAL (
                    SELECT p.embedding_model, p.dimensions
                    FROM passages p
                    WHERE p.owner_id = ?
                      AND (p.embedding_model, p.dimensions) > (space.embedding_model, space.dimensions)
                    ORDER BY p.embedding_model, p.dimensions
                    LIMIT 1
                ) following
            )
            SELECT embedding_model, dimensions FROM space
            """;

    /**
     * Bounds what waits in memory: a few megabytes. Most documents go in one statement, so that the lock of their owner's
     * statistics, which is taken at its end, is held for a moment only.
     */
    private static final int ROWS_AT_ONCE = 2_000;

    /** Passages that a document's language is told from: some 8,000 characters. */
    private static final int SAMPLES = 8;

    /** Hits fetched beyond those that are wanted, for the ones that are the same. */
    private static final int SPARE = 20;

    private final OwnedRows rows;
    private final RetrievalConfig config;

    PassageIndex(OwnedRows rows, RetrievalConfig config) {
        this.rows = rows;
        this.config = config;
    }

    /**
     * Makes {@code passages} the passages of a document, in place of those it had, with the vectors that were staged for
     * it, and forgets these. Joins the caller's transaction: a reader sees the old ones or the new ones, never a mixture.
     *
     * @param space what all vectors are of
     * @throws IllegalStateException if the vector of a passage is not staged
     */
    public void replace(UUID owner, UUID document, VectorSpace space, List<NewPassage> passages) {
        rows.of(owner, connection -> {
            delete(connection, owner, document);
            if (!passages.isEmpty()) {
                String language = language(connection, passages);
                for (int from = 0; from < passages.size(); from += ROWS_AT_ONCE) {
                    int to = Math.min(from + ROWS_AT_ONCE, passages.size());
                    insert(connection, owner, document, space, language, passages.subList(from, to));
                }
            }
            PassageVectors.clear(connection, owner, document);
            return null;
        });
    }

    private static void delete(Connection connection, UUID owner, UUID document) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setObject(1, owner);
            delete.setObject(2, document);
            delete.executeUpdate();
        }
    }

    private static void insert(
            Connection connection,
            UUID owner,
            UUID document,
            VectorSpace space,
            String language,
            List<NewPassage> passages)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int i = 0;
            insert.setObject(++i, owner);
            insert.setObject(++i, document);
            insert.setString(++i, space.model());
            insert.setInt(++i, space.dimensions());
            insert.setString(++i, language);
            insert.setArray(++i, array(connection, "uuid", passages, passage -> Ids.next()));
            insert.setArray(++i, array(connection, "integer", passages, NewPassage::ordinal));
            insert.setArray(++i, array(connection, "integer", passages, NewPassage::page));
            insert.setArray(++i, array(connection, "text", passages, NewPassage::heading));
            insert.setArray(++i, array(connection, "integer", passages, NewPassage::start));
            insert.setArray(++i, array(connection, "integer", passages, NewPassage::end));
            insert.setArray(++i, array(connection, "text", passages, NewPassage::text));
            insert.setArray(++i, array(connection, "text", passages, NewPassage::gapBefore));
            insert.setArray(++i, array(connection, "uuid", passages, passage -> passage.embedded()
                    .digest()));
            insert.setArray(
                    ++i,
                    array(
                            connection,
                            "text",
                            passages,
                            passage -> IndexedText.of(passage.embedded().text())));
            insert.executeUpdate();
        }
    }

    /** Judged by some passages from all over the document: its beginning may be a table of contents. */
    private static String language(Connection connection, List<NewPassage> passages) throws SQLException {
        var sample = new StringBuilder();
        int step = Math.ceilDiv(passages.size(), SAMPLES);
        for (int i = 0; i < passages.size(); i += step) {
            sample.append(passages.get(i).text()).append('\n');
        }
        return language(connection, sample.toString());
    }

    /**
     * The language of a text by its function words, as PostgreSQL calls it, such as {@code german}. Where there are too few
     * of them, {@code english} for what is in ASCII and otherwise {@code simple}, which is none.
     */
    public String language(UUID owner, String text) {
        return rows.of(owner, connection -> language(connection, text));
    }

    private static String language(Connection connection, String text) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LANGUAGE)) {
            select.setString(1, text);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static <T> Array array(Connection connection, String type, List<T> values, Function<T, ?> value)
            throws SQLException {
        return connection.createArrayOf(type, values.stream().map(value).toArray());
    }

    /**
     * Passages of one document in order.
     *
     * @param afterOrdinal continue after this one; -1 from the start
     * @param limit at most this many
     */
    List<Passage> list(UUID owner, UUID document, int afterOrdinal, int limit) {
        return rows.of(owner, connection -> {
            try (PreparedStatement select = connection.prepareStatement(LIST)) {
                select.setObject(1, owner);
                select.setObject(2, document);
                select.setInt(3, afterOrdinal);
                select.setInt(4, limit);
                List<Passage> passages = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        passages.add(passage(row));
                    }
                }
                return passages;
            }
        });
    }

    /**
     * Passages of one document in order, a page of them.
     *
     * @param from the first page begins with the passage that this place of the text is in, or else the next; in UTF-16 code
     *     units
     */
    public Page<Passage> list(UUID owner, UUID document, int from, PageRequest page) {
        String list = "passages " + document;
        // Passages count without gaps from 0.
        int after = page.after(list)
                .map(last -> (int) Math.min(last.number(0), Integer.MAX_VALUE))
                .orElseGet(() -> from == 0 ? -1 : lastEnded(owner, document, from));
        List<Passage> found = list(owner, document, after, page.limit + 1);
        return Page.of(found, page.limit, list, last -> Place.after(after + page.limit));
    }

    private int lastEnded(UUID owner, UUID document, int before) {
        return rows.of(
                owner, connection -> Jdbc.query(connection, LAST_ENDED, row -> row.getInt(1), owner, document, before)
                        .getFirst());
    }

    /** The documents that may have passages, a page of them. */
    Page<UUID> documents(UUID owner, PageRequest page) {
        String list = "documents with passages";
        UUID after = page.after(list).map(last -> last.id(0)).orElse(FIRST);
        List<UUID> found = rows.of(
                owner,
                connection -> Jdbc.query(
                        connection, DOCUMENTS, row -> row.getObject(1, UUID.class), owner, after, page.limit + 1));
        return Page.of(found, page.limit, list, Place::after);
    }

    /**
     * What a search finds.
     *
     * @param hits best first, more than were asked for, as some may turn out to be the same
     * @param spaces all that the owner's passages are in. Passages of one that was not asked in were found by their words
     *     only
     */
    record Found(List<Hit> hits, Set<VectorSpace> spaces) {}

    /**
     * The candidates for a question.
     *
     * @param vectors the question's, one for each model to ask in, at least one; the configured one's first
     * @param words the question's text and what goes with it, for the full-text branch
     */
    Found search(SearchScope scope, List<QuestionVector> vectors, List<SearchTexts.Weighted> words, int limit) {
        return rows.of(scope.owner(), connection -> {
            try (PreparedStatement select = connection.prepareStatement(searchSql(scope, vectors) + ";\n" + SPACES)) {
                // Planned each time: people differ by orders of magnitude in what they have, which no one plan suits.
                select.unwrap(PGStatement.class).setPrepareThreshold(0);
                int bound = bindSearch(select, scope, vectors, words, limit);
                select.setObject(bound + 1, scope.owner());
                select.setObject(bound + 2, scope.owner());
                // Not executeQuery(), which refuses statements that are followed by another.
                select.execute();
                List<Hit> hits = readHits(select);
                return new Found(hits, readSpaces(select));
            }
        });
    }

    static String searchSql(SearchScope scope, List<QuestionVector> vectors) {
        String filter = scope.documents().isEmpty() ? "" : "AND document_id = ANY (?)";
        return SEARCH.formatted(
                ofEach(vectors, ", ", (i, dimensions) -> DENSE.formatted(i, dimensions, filter)),
                ofEach(vectors, " UNION ALL ", (i, dimensions) -> "SELECT id, similarity, space FROM dense_" + i),
                ofEach(vectors, "", SPACE::formatted),
                ofEach(vectors, "", SIMILARITY::formatted));
    }

    /** A piece of SQL for each vector, from its place, counted from 1, and its length. */
    private static String ofEach(
            List<QuestionVector> vectors, String between, BiFunction<Integer, Integer, String> piece) {
        return IntStream.range(0, vectors.size())
                .mapToObj(i -> piece.apply(i + 1, vectors.get(i).space().dimensions()))
                .collect(Collectors.joining(between));
    }

    /** Binds the parameters of {@link #searchSql}, and says how many there are. */
    int bindSearch(
            PreparedStatement select,
            SearchScope scope,
            List<QuestionVector> vectors,
            List<SearchTexts.Weighted> words,
            int limit)
            throws SQLException {
        Connection connection = select.getConnection();
        int candidates = Math.max(config.candidates(), limit);
        Array documents = scope.documents().isEmpty()
                ? null
                : connection.createArrayOf("uuid", scope.documents().toArray());
        int i = 0;
        select.setInt(++i, config.exactUpTo());
        select.setObject(++i, scope.owner());
        for (QuestionVector vector : vectors) {
            select.setString(++i, VectorText.of(vector.vector()));
            for (int arm = 0; arm < 2; arm++) {
                select.setObject(++i, scope.owner());
                select.setString(++i, vector.space().model());
                if (documents != null) {
                    select.setArray(++i, documents);
                }
                select.setInt(++i, candidates);
            }
        }
        select.setObject(++i, scope.owner());
        select.setArray(++i, documents);
        select.setArray(++i, array(connection, "text", words, each -> IndexedText.of(each.text())));
        select.setArray(++i, array(connection, "float8", words, SearchTexts.Weighted::weight));
        select.setInt(++i, candidates);
        select.setLong(++i, config.postings());
        select.setObject(++i, scope.owner());
        for (QuestionVector vector : vectors) {
            select.setString(++i, vector.space().model());
        }
        select.setInt(++i, config.joined() * limit + SPARE);
        return i;
    }

    private static List<Hit> readHits(PreparedStatement select) throws SQLException {
        var hits = new ArrayList<Hit>();
        try (ResultSet row = select.getResultSet()) {
            while (row.next()) {
                hits.add(new Hit(
                        passage(row),
                        row.getObject("similarity", Double.class),
                        row.getObject("relevance", Double.class),
                        row.getInt("ordinal"),
                        row.getString("gap_before")));
            }
        }
        return hits;
    }

    private static Set<VectorSpace> readSpaces(PreparedStatement select) throws SQLException {
        var spaces = new HashSet<VectorSpace>();
        if (!select.getMoreResults()) {
            throw new IllegalStateException("The second statement gave no rows");
        }
        try (ResultSet row = select.getResultSet()) {
            while (row.next()) {
                spaces.add(new VectorSpace(row.getString("embedding_model"), row.getInt("dimensions")));
            }
        }
        return spaces;
    }

    private static Passage passage(ResultSet row) throws SQLException {
        return new Passage(
                row.getObject("id", UUID.class),
                row.getObject("document_id", UUID.class),
                row.getString("filename"),
                row.getObject("page", Integer.class),
                row.getString("heading"),
                row.getInt("start_offset"),
                row.getInt("end_offset"),
                row.getString("text"),
                row.getObject("score", Double.class));
    }
}
