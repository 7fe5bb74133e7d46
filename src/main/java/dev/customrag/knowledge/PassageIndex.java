package dev.customrag.knowledge;

import dev.customrag.http.Ids;
import dev.customrag.model.VectorSpace;
import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The passages of every document, in PostgreSQL with pgvector. Owns the table {@code passages}: no other class writes or
 * queries it, and every statement here names the owner.
 */
@ApplicationScoped
public class PassageIndex {

    private static final String DELETE = "DELETE FROM passages WHERE owner_id = ? AND document_id = ?";

    /** A passage without a staged vector is refused: the column takes no NULL. */
    private static final String INSERT = """
            INSERT INTO passages (id, owner_id, document_id, ordinal, page, heading, start_offset, end_offset, text,
                                  text_digest, embedding_model, dimensions, embedding)
            SELECT ?, n.owner_id, n.document_id, ?, ?, ?, ?, ?, ?, n.text_digest, n.embedding_model, n.dimensions,
                   s.embedding
            FROM (VALUES (?::uuid, ?::uuid, ?::text, ?::smallint, ?::uuid))
                     n (owner_id, document_id, embedding_model, dimensions, text_digest)
            LEFT JOIN staged_vectors s USING (owner_id, document_id, embedding_model, dimensions, text_digest)
            """;

    private static final String LIST = """
            SELECT p.id, p.document_id, d.filename, p.page, p.heading, p.start_offset, p.end_offset, p.text,
                   NULL::float8 AS score, p.ordinal
            FROM passages p JOIN documents d ON d.id = p.document_id
            WHERE p.owner_id = ? AND p.document_id = ? AND p.ordinal > ?
            ORDER BY p.ordinal
            LIMIT ?
            """;

    /**
     * All branches in one round trip, each scoped to the owner inside: a dense one for each model in use walks the partial
     * HNSW index of its dimension (or sorts exactly when the owner has few passages, as the planner prefers the B-tree on
     * the owner then), the other the GIN index with any word of the question, whatever model its passages are of. Fused by
     * reciprocal rank; distances of different models say nothing about each other, ranks do. The dimension stands in the
     * text because a partial index is only considered when its predicate is implied by constants.
     */
    private static final String SEARCH = """
            WITH question AS (
                SELECT replace(plainto_tsquery('english', ?)::text, ' & ', ' | ')::tsquery AS words
            ), lexical AS (
                SELECT id, row_number() OVER (ORDER BY relevance DESC, id) AS rank
                FROM (
                    SELECT id, ts_rank(search, (SELECT words FROM question), 1) AS relevance
                    FROM passages
                    WHERE owner_id = ? %2$s
                      AND search @@ (SELECT words FROM question)
                    ORDER BY relevance DESC, id
                    LIMIT ?
                ) matching
            ), fused AS (
                SELECT id, sum(1.0 / (? + rank)) AS score
                FROM (%1$s SELECT id, rank FROM lexical) branches
                GROUP BY id
                ORDER BY score DESC, id
                LIMIT ?
            )
            SELECT p.id, p.document_id, d.filename, p.page, p.heading, p.start_offset, p.end_offset, p.text,
                   fused.score::float8 AS score, p.ordinal
            FROM fused JOIN passages p ON p.id = fused.id JOIN documents d ON d.id = p.document_id
            ORDER BY fused.score DESC, p.id
            """;

    /** Of one model: {@code id} and {@code rank}, to be united with those of the others. */
    private static final String DENSE = """
            (
                SELECT id, row_number() OVER (ORDER BY distance) AS rank
                FROM (
                    WITH asked AS (SELECT ?::halfvec(%1$d) AS embedding)
                    SELECT id, embedding::halfvec(%1$d) <=> (SELECT embedding FROM asked) AS distance
                    FROM passages
                    WHERE owner_id = ? AND dimensions = %1$d AND embedding_model = ? %2$s
                    ORDER BY embedding::halfvec(%1$d) <=> (SELECT embedding FROM asked)
                    LIMIT ?
                ) nearest
            ) UNION ALL
            """;

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

    /** Bounds what waits in memory. */
    private static final int ROWS_AT_ONCE = 200;

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
            insert(connection, owner, document, space, passages);
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
            Connection connection, UUID owner, UUID document, VectorSpace space, List<NewPassage> passages)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int waiting = 0;
            for (NewPassage passage : passages) {
                insert.setObject(1, Ids.next());
                insert.setInt(2, passage.ordinal());
                insert.setObject(3, passage.page(), Types.INTEGER);
                insert.setString(4, passage.heading());
                insert.setInt(5, passage.start());
                insert.setInt(6, passage.end());
                insert.setString(7, passage.text());
                insert.setObject(8, owner);
                insert.setObject(9, document);
                insert.setString(10, space.model());
                insert.setInt(11, space.dimensions());
                insert.setObject(12, passage.embedded().digest());
                insert.addBatch();
                if (++waiting == ROWS_AT_ONCE) {
                    insert.executeBatch();
                    waiting = 0;
                }
            }
            insert.executeBatch();
        }
    }

    /**
     * Passages of one document in order.
     *
     * @param afterOrdinal continue after this one; -1 from the start
     * @param limit at most this many
     */
    public List<Passage> list(UUID owner, UUID document, int afterOrdinal, int limit) {
        return rows.of(owner, connection -> {
            try (PreparedStatement select = connection.prepareStatement(LIST)) {
                select.setObject(1, owner);
                select.setObject(2, document);
                select.setInt(3, afterOrdinal);
                select.setInt(4, limit);
                return read(select);
            }
        });
    }

    /**
     * What a search finds.
     *
     * @param passages best first
     * @param spaces all that the owner's passages are in. Passages of one that was not asked in were found by their words
     *     only
     */
    record Found(List<Passage> passages, Set<VectorSpace> spaces) {}

    /**
     * The best passages for a question.
     *
     * @param vectors the question's, one for each model to ask in
     * @param words the question's text, for the full-text branch
     */
    Found search(SearchScope scope, List<QuestionVector> vectors, String words, int limit) {
        return rows.of(scope.owner(), connection -> {
            try (PreparedStatement select = connection.prepareStatement(searchSql(scope, vectors) + ";\n" + SPACES)) {
                int bound = bindSearch(select, scope, vectors, words, limit);
                select.setObject(bound + 1, scope.owner());
                select.setObject(bound + 2, scope.owner());
                List<Passage> passages = read(select);
                return new Found(passages, readSpaces(select));
            }
        });
    }

    static String searchSql(SearchScope scope, List<QuestionVector> vectors) {
        String filter = scope.documents().isEmpty() ? "" : "AND document_id = ANY (?)";
        String dense = vectors.stream()
                .map(vector -> DENSE.formatted(vector.space().dimensions(), filter))
                .collect(Collectors.joining());
        return SEARCH.formatted(dense, filter);
    }

    /** Binds the parameters of {@link #searchSql}, and says how many there are. */
    int bindSearch(PreparedStatement select, SearchScope scope, List<QuestionVector> vectors, String words, int limit)
            throws SQLException {
        int candidates = Math.max(config.candidates(), limit);
        Array documents = scope.documents().isEmpty()
                ? null
                : select.getConnection().createArrayOf("uuid", scope.documents().toArray());
        int i = 0;
        select.setString(++i, words);
        select.setObject(++i, scope.owner());
        if (documents != null) {
            select.setArray(++i, documents);
        }
        select.setInt(++i, candidates);
        select.setInt(++i, config.fusionConstant());
        for (QuestionVector vector : vectors) {
            select.setString(++i, VectorText.of(vector.vector()));
            select.setObject(++i, scope.owner());
            select.setString(++i, vector.space().model());
            if (documents != null) {
                select.setArray(++i, documents);
            }
            select.setInt(++i, candidates);
        }
        select.setInt(++i, limit);
        return i;
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

    private static List<Passage> read(PreparedStatement select) throws SQLException {
        var passages = new ArrayList<Passage>();
        // Not executeQuery(), which refuses statements that are followed by another.
        select.execute();
        try (ResultSet row = select.getResultSet()) {
            while (row.next()) {
                passages.add(new Passage(
                        row.getObject("id", UUID.class),
                        row.getObject("document_id", UUID.class),
                        row.getString("filename"),
                        row.getObject("page", Integer.class),
                        row.getString("heading"),
                        row.getInt("start_offset"),
                        row.getInt("end_offset"),
                        row.getString("text"),
                        row.getObject("score", Double.class)));
            }
        }
        return passages;
    }
}
