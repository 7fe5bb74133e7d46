package dev.customrag.knowledge;

import dev.customrag.http.Ids;
import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The passages of every document, in PostgreSQL with pgvector. Owns the table {@code passages}: no other class writes or
 * queries it, and every statement here names the owner.
 */
@ApplicationScoped
public class PassageIndex {

    private static final String DELETE = "DELETE FROM passages WHERE owner_id = ? AND document_id = ?";

    private static final String INSERT = """
            INSERT INTO passages (id, owner_id, document_id, ordinal, page, heading, start_offset, end_offset, text,
                                  embedding_model, dimensions, embedding)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::halfvec)
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
     * Both branches in one round trip, each scoped to the owner inside: the dense one walks the partial HNSW index of
     * the dimension (or sorts exactly when the owner has few passages, as the planner prefers the B-tree on the owner
     * then), the other the GIN index with any word of the question. Fused by reciprocal rank. The dimension stands in
     * the text because a partial index is only considered when its predicate is implied by constants.
     */
    private static final String SEARCH = """
            WITH question AS (
                SELECT ?::halfvec(%1$d) AS embedding,
                       replace(plainto_tsquery('english', ?)::text, ' & ', ' | ')::tsquery AS words
            ), dense AS (
                SELECT id, row_number() OVER (ORDER BY distance) AS rank
                FROM (
                    SELECT id, embedding::halfvec(%1$d) <=> (SELECT embedding FROM question) AS distance
                    FROM passages
                    WHERE owner_id = ? AND dimensions = %1$d AND embedding_model = ? %2$s
                    ORDER BY embedding::halfvec(%1$d) <=> (SELECT embedding FROM question)
                    LIMIT ?
                ) nearest
            ), lexical AS (
                SELECT id, row_number() OVER (ORDER BY relevance DESC, id) AS rank
                FROM (
                    SELECT id, ts_rank(search, (SELECT words FROM question), 1) AS relevance
                    FROM passages
                    WHERE owner_id = ? AND dimensions = %1$d AND embedding_model = ? %2$s
                      AND search @@ (SELECT words FROM question)
                    ORDER BY relevance DESC, id
                    LIMIT ?
                ) matching
            ), fused AS (
                SELECT id, sum(1.0 / (? + rank)) AS score
                FROM (SELECT id, rank FROM dense UNION ALL SELECT id, rank FROM lexical) branches
                GROUP BY id
                ORDER BY score DESC, id
                LIMIT ?
            )
            SELECT p.id, p.document_id, d.filename, p.page, p.heading, p.start_offset, p.end_offset, p.text,
                   fused.score::float8 AS score, p.ordinal
            FROM fused JOIN passages p ON p.id = fused.id JOIN documents d ON d.id = p.document_id
            ORDER BY fused.score DESC, p.id
            """;

    /** Bounds what waits in memory: a vector of 1,024 dimensions is some 12 KB as text. */
    private static final int ROWS_AT_ONCE = 200;

    private final OwnedRows rows;
    private final RetrievalConfig config;

    PassageIndex(OwnedRows rows, RetrievalConfig config) {
        this.rows = rows;
        this.config = config;
    }

    /**
     * Makes {@code passages} the passages of a document, in place of those it had. Joins the caller's transaction: a
     * reader sees the old ones or the new ones, never a mixture.
     *
     * @param embeddingModel the name of the model all embeddings come from
     */
    public void replace(UUID owner, UUID document, String embeddingModel, List<NewPassage> passages) {
        rows.of(owner, connection -> {
            delete(connection, owner, document);
            insert(connection, owner, document, embeddingModel, passages);
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
            Connection connection, UUID owner, UUID document, String embeddingModel, List<NewPassage> passages)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int waiting = 0;
            for (NewPassage passage : passages) {
                insert.setObject(1, Ids.next());
                insert.setObject(2, owner);
                insert.setObject(3, document);
                insert.setInt(4, passage.ordinal());
                insert.setObject(5, passage.page());
                insert.setString(6, passage.heading());
                insert.setInt(7, passage.start());
                insert.setInt(8, passage.end());
                insert.setString(9, passage.text());
                insert.setString(10, embeddingModel);
                insert.setInt(11, passage.embedding().length);
                insert.setString(12, literal(passage.embedding()));
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
     * The best passages for a question, best first.
     *
     * @param embedding the question's vector, from the model named {@code embeddingModel}
     * @param words the question's text, for the full-text branch
     */
    List<Passage> search(SearchScope scope, String embeddingModel, float[] embedding, String words, int limit) {
        return rows.of(scope.owner(), connection -> {
            try (PreparedStatement select = connection.prepareStatement(searchSql(scope, embedding.length))) {
                bindSearch(select, scope, embeddingModel, embedding, words, limit);
                return read(select);
            }
        });
    }

    static String searchSql(SearchScope scope, int dimensions) {
        return SEARCH.formatted(dimensions, scope.documents().isEmpty() ? "" : "AND document_id = ANY (?)");
    }

    void bindSearch(
            PreparedStatement select,
            SearchScope scope,
            String embeddingModel,
            float[] embedding,
            String words,
            int limit)
            throws SQLException {
        int candidates = Math.max(config.candidates(), limit);
        int i = 0;
        select.setString(++i, literal(embedding));
        select.setString(++i, words);
        for (int branch = 0; branch < 2; branch++) {
            select.setObject(++i, scope.owner());
            select.setString(++i, embeddingModel);
            if (!scope.documents().isEmpty()) {
                select.setArray(
                        ++i,
                        select.getConnection()
                                .createArrayOf("uuid", scope.documents().toArray()));
            }
            select.setInt(++i, candidates);
        }
        select.setInt(++i, config.fusionConstant());
        select.setInt(++i, limit);
    }

    private static List<Passage> read(PreparedStatement select) throws SQLException {
        var passages = new ArrayList<Passage>();
        try (ResultSet row = select.executeQuery()) {
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

    /** pgvector's text form, such as {@code [0.1,-0.2]}. */
    private static String literal(float[] vector) {
        var text = new StringBuilder(vector.length * 10).append('[');
        for (int i = 0; i < vector.length; i++) {
            if (i > 0) {
                text.append(',');
            }
            text.append(vector[i]);
        }
        return text.append(']').toString();
    }
}
