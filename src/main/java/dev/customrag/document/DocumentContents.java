package dev.customrag.document;

import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Which files are kept of which document, in the table {@code document_contents}: no other class writes or queries it. The
 * bytes are elsewhere, see {@link Storage}.
 */
@ApplicationScoped
class DocumentContents {

    private static final String INSERT = """
            INSERT INTO document_contents (id, owner_id, document_id, filename, media_type, size_bytes, sha256, in_use)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT ON CONSTRAINT document_contents_owner_id_sha256_key DO NOTHING
            """;

    private static final String SELECT = """
            SELECT id, filename, media_type, size_bytes, sha256 FROM document_contents
            WHERE owner_id = ? AND document_id = ?
            """;

    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))";

    /** While a newer file is read, the larger of the two counts: whichever stays, there is room for it. */
    private static final String USAGE = """
            SELECT count(*), coalesce(sum(bytes), 0)
            FROM (SELECT max(size_bytes) AS bytes FROM document_contents WHERE owner_id = ? GROUP BY document_id) kept
            """;

    private final OwnedRows rows;

    DocumentContents(OwnedRows rows) {
        this.rows = rows;
    }

    /** The file of a new document, in the transaction that makes it; false if its bytes are another document's already. */
    boolean insert(UUID owner, UUID document, NewFile file) {
        return insert(owner, document, file, true);
    }

    /** A newer file of a document, which has none such; false if its bytes are another document's already. */
    boolean insertNewer(UUID owner, UUID document, NewFile file) {
        return insert(owner, document, file, false);
    }

    private boolean insert(UUID owner, UUID document, NewFile file, boolean inUse) {
        return rows.of(owner, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setObject(1, file.id());
                insert.setObject(2, owner);
                insert.setObject(3, document);
                insert.setString(4, file.filename());
                insert.setString(5, file.type().mediaType());
                insert.setLong(6, file.content().size());
                insert.setString(7, file.content().sha256());
                insert.setBoolean(8, inUse);
                return insert.executeUpdate() > 0;
            }
        });
    }

    /** The file that a document shows. */
    Optional<StoredFile> inUse(UUID owner, UUID document) {
        return select(SELECT + " AND in_use", owner, document);
    }

    /** The file that is to be read: the newer one, where there is one. */
    Optional<StoredFile> newest(UUID owner, UUID document) {
        return select(SELECT + " ORDER BY in_use LIMIT 1", owner, document);
    }

    /** The newer file, which is not in use yet. */
    Optional<StoredFile> newer(UUID owner, UUID document) {
        return select(SELECT + " AND NOT in_use", owner, document);
    }

    /** Puts the newer file in the place of the other, which is deleted; gives it, or nothing if there is none. */
    Optional<StoredFile> useNewer(UUID owner, UUID document) {
        if (newer(owner, document).isEmpty()) {
            return Optional.empty();
        }
        update("DELETE FROM document_contents WHERE owner_id = ? AND document_id = ? AND in_use", owner, document);
        update(
                "UPDATE document_contents SET in_use = true WHERE owner_id = ? AND document_id = ? AND NOT in_use",
                owner,
                document);
        return inUse(owner, document);
    }

    /** Deletes the newer file. */
    void dropNewer(UUID owner, UUID document) {
        update("DELETE FROM document_contents WHERE owner_id = ? AND document_id = ? AND NOT in_use", owner, document);
    }

    /** Until the end of the transaction, nobody else adds files of this person. */
    void lock(UUID owner) {
        rows.of(owner, connection -> {
            try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
                lock.setString(1, "documents " + owner);
                return lock.execute();
            }
        });
    }

    /** What a person keeps. */
    Usage usage(UUID owner) {
        return rows.of(owner, connection -> {
            try (PreparedStatement select = connection.prepareStatement(USAGE)) {
                select.setObject(1, owner);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return new Usage(row.getLong(1), row.getLong(2));
                }
            }
        });
    }

    private void update(String sql, UUID owner, UUID document) {
        rows.of(owner, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setObject(1, owner);
                update.setObject(2, document);
                return update.executeUpdate();
            }
        });
    }

    private Optional<StoredFile> select(String sql, UUID owner, UUID document) {
        return rows.of(owner, connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setObject(1, owner);
                select.setObject(2, document);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(file(row)) : Optional.empty();
                }
            }
        });
    }

    private static StoredFile file(ResultSet row) throws SQLException {
        return new StoredFile(
                row.getObject("id", UUID.class),
                row.getString("filename"),
                row.getString("media_type"),
                row.getLong("size_bytes"),
                row.getString("sha256"));
    }
}
