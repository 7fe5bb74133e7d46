package dev.customrag.knowledge;

import dev.customrag.model.VectorSpace;
import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Where the vectors of passages come from. They are staged until a document has all of them, in the table
 * {@code staged_vectors}, which no other class writes: so memory holds one batch, and a run that broke off finds what it
 * had. From {@code passages} it takes vectors of the same owner's same texts, and there it puts those of another model.
 */
@ApplicationScoped
public class PassageVectors {

    /** Of a document that is still there; its row is kept from being deleted until the end of the transaction. */
    private static final String OF_DOCUMENT = """
            WITH document AS (SELECT id, owner_id FROM documents WHERE owner_id = ? AND id = ? FOR KEY SHARE)
            """;

    private static final String REUSE = OF_DOCUMENT + """
            , reused AS (
                INSERT INTO staged_vectors (owner_id, document_id, embedding_model, dimensions, text_digest, embedding)
                SELECT DISTINCT ON (p.text_digest)
                       document.owner_id, document.id, p.embedding_model, p.dimensions, p.text_digest, p.embedding
                FROM document JOIN passages p ON p.owner_id = document.owner_id
                WHERE p.owner_id = ? AND p.text_digest = ANY (?) AND p.embedding_model = ? AND p.dimensions = ?
                ON CONFLICT DO NOTHING
                RETURNING text_digest
            )
            SELECT text_digest FROM reused
            UNION
            SELECT text_digest FROM staged_vectors
            WHERE owner_id = ? AND document_id = ? AND embedding_model = ? AND dimensions = ? AND text_digest = ANY (?)
            """;

    private static final String STAGE = OF_DOCUMENT + """
            INSERT INTO staged_vectors (owner_id, document_id, embedding_model, dimensions, text_digest, embedding)
            SELECT document.owner_id, document.id, ?, ?, ?, ?::halfvec FROM document
            ON CONFLICT DO NOTHING
            """;

    /** What is left to embed of a document whose passages are of other models. */
    private static final String UNSTAGED = """
            SELECT DISTINCT ON (p.text_digest) p.text_digest, p.heading, p.text
            FROM passages p
            WHERE p.owner_id = ? AND p.document_id = ? AND (p.embedding_model, p.dimensions) <> (?, ?)
                AND NOT EXISTS (
                    SELECT FROM staged_vectors s
                    WHERE s.document_id = p.document_id AND s.embedding_model = ? AND s.dimensions = ?
                        AND s.text_digest = p.text_digest)
            ORDER BY p.text_digest
            LIMIT ?
            """;

    private static final String SWITCH = """
            UPDATE passages p
            SET embedding_model = s.embedding_model, dimensions = s.dimensions, embedding = s.embedding
            FROM staged_vectors s
            WHERE p.owner_id = ? AND p.document_id = ? AND (p.embedding_model, p.dimensions) <> (?, ?)
                AND s.document_id = p.document_id AND s.embedding_model = ? AND s.dimensions = ?
                AND s.text_digest = p.text_digest
            """;

    private static final String CLEAR = "DELETE FROM staged_vectors WHERE owner_id = ? AND document_id = ?";

    private final OwnedRows rows;
    private final DataSource dataSource;

    PassageVectors(OwnedRows rows, DataSource dataSource) {
        this.rows = rows;
        this.dataSource = dataSource;
    }

    /** A document and whose it is. */
    public record OwnedDocument(UUID owner, UUID document) {}

    /**
     * Which of these texts have their vectors already, staged for the document. Those that another passage of the same
     * owner has, of the same model, are staged by this call; nobody else's are looked at.
     */
    public Set<UUID> staged(UUID owner, UUID document, VectorSpace space, Set<UUID> digests) {
        return rows.of(owner, connection -> {
            try (PreparedStatement reuse = connection.prepareStatement(REUSE)) {
                var texts = connection.createArrayOf("uuid", digests.toArray());
                bind(reuse, owner, document, owner, texts, space.model(), space.dimensions());
                bind(7, reuse, owner, document, space.model(), space.dimensions(), texts);
                Set<UUID> found = new HashSet<>();
                try (ResultSet row = reuse.executeQuery()) {
                    while (row.next()) {
                        found.add(row.getObject(1, UUID.class));
                    }
                }
                return found;
            }
        });
    }

    /** Stages the vectors of texts, by their digests. Does nothing if the document is deleted. */
    public void stage(UUID owner, UUID document, VectorSpace space, Map<UUID, float[]> vectors) {
        rows.of(owner, connection -> {
            rows.keepOwner(owner);
            try (PreparedStatement stage = connection.prepareStatement(STAGE)) {
                for (var vector : vectors.entrySet()) {
                    bind(
                            stage,
                            owner,
                            document,
                            space.model(),
                            space.dimensions(),
                            vector.getKey(),
                            VectorText.of(vector.getValue()));
                    stage.addBatch();
                }
                return stage.executeBatch();
            }
        });
    }

    /**
     * Texts of a document whose passages are not in {@code space}, and which have no vector staged for it.
     *
     * @param most at most so many, each once
     */
    public List<EmbeddedText> unstaged(UUID owner, UUID document, VectorSpace space, int most) {
        return rows.of(owner, connection -> {
            try (PreparedStatement select = connection.prepareStatement(UNSTAGED)) {
                bind(
                        select,
                        owner,
                        document,
                        space.model(),
                        space.dimensions(),
                        space.model(),
                        space.dimensions(),
                        most);
                List<EmbeddedText> texts = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        texts.add(EmbeddedText.stored(
                                row.getObject("text_digest", UUID.class),
                                row.getString("heading"),
                                row.getString("text")));
                    }
                }
                return texts;
            }
        });
    }

    /**
     * Gives all passages of a document the vectors staged for {@code space}. To be called in a transaction that keeps the
     * document from being ingested meanwhile; roll it back if the answer is false.
     *
     * @return whether all passages are in that space now
     */
    public boolean switchTo(UUID owner, UUID document, VectorSpace space) {
        return rows.of(owner, connection -> {
            try (PreparedStatement update = connection.prepareStatement(SWITCH)) {
                bind(update, owner, document, space.model(), space.dimensions(), space.model(), space.dimensions());
                update.executeUpdate();
            }
            clear(connection, owner, document);
            return unstaged(owner, document, space, 1).isEmpty();
        });
    }

    /** The models that passages are of, whoever's. */
    public Set<VectorSpace> spaces() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT model, length FROM embedding_spaces()");
                ResultSet row = select.executeQuery()) {
            var spaces = new LinkedHashSet<VectorSpace>();
            while (row.next()) {
                spaces.add(new VectorSpace(row.getString(1), row.getInt(2)));
            }
            return spaces;
        } catch (SQLException e) {
            throw new IllegalStateException("The models in use could not be read", e);
        }
    }

    /** Documents with passages in a space, whoever's, at most so many. */
    public List<OwnedDocument> documentsIn(VectorSpace space, int most) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT owner, document FROM documents_in_space(?, ?, ?)")) {
            bind(select, space.model(), space.dimensions(), most);
            var documents = new ArrayList<OwnedDocument>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    documents.add(new OwnedDocument(row.getObject(1, UUID.class), row.getObject(2, UUID.class)));
                }
            }
            return documents;
        } catch (SQLException e) {
            throw new IllegalStateException("Documents of a model could not be read", e);
        }
    }

    /** How many documents have passages in a space, whoever's. */
    public long countDocumentsIn(VectorSpace space) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT count(*) FROM documents_in_space(?, ?, NULL)")) {
            bind(select, space.model(), space.dimensions());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Documents of a model could not be counted", e);
        }
    }

    /** Forgets what is staged for a document that will not need it. */
    public void forget(UUID owner, UUID document) {
        rows.of(owner, connection -> {
            clear(connection, owner, document);
            return null;
        });
    }

    /** Forgets what is staged for a document, in the caller's transaction. */
    static void clear(Connection connection, UUID owner, UUID document) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(CLEAR)) {
            bind(delete, owner, document);
            delete.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        bind(1, statement, parameters);
    }

    private static void bind(int first, PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(first + i, parameters[i]);
        }
    }
}
