package dev.customrag.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Rows of documents without a file, ready as after an ingestion that found no passages. */
public final class DocumentRows {

    private DocumentRows() {}

    /** Adds one, and gives its id. */
    public static UUID insert(UUID owner, String filename) {
        try (Connection connection = Sql.connect()) {
            return insert(connection, owner, filename);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Adds one through a connection of a test's own. */
    public static UUID insert(Connection connection, UUID owner, String filename) throws SQLException {
        UUID id = UUID.randomUUID();
        Sql.update(connection, """
                INSERT INTO documents (id, owner_id, filename, media_type, size_bytes, sha256, status, created_at, updated_at)
                VALUES (?, ?, ?, 'text/plain', 1, ?, 'ready', now(), now())
                """, id, owner, filename, id.toString());
        return id;
    }
}
