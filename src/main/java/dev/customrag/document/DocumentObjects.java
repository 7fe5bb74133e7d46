package dev.customrag.document;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Which files are objects, and where: the table {@code document_objects}, which no other class writes or queries. It has no
 * owners; who asks about a file has its id from the rows of its owner.
 */
@ApplicationScoped
class DocumentObjects {

    private static final String INSERT =
            "INSERT INTO document_objects (content_id, bucket, object_key) VALUES (?, ?, ?)";

    private static final String SELECT = "SELECT bucket, object_key FROM document_objects WHERE content_id = ?";

    private static final String KNOWN = "SELECT content_id FROM document_objects WHERE content_id = ANY (?)";

    private final DataSource dataSource;

    DocumentObjects(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    private interface Statements<T> {
        T run(Connection connection) throws SQLException;
    }

    /** In the transaction that makes the row of {@link DocumentContents}. */
    void insert(UUID content, ObjectLocation location) {
        on(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setObject(1, content);
                insert.setString(2, location.bucket());
                insert.setString(3, location.key());
                return insert.executeUpdate();
            }
        });
    }

    /** Where it is; empty if its bytes are in the database. */
    Optional<ObjectLocation> find(UUID content) {
        return on(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setObject(1, content);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new ObjectLocation(row.getString(1), row.getString(2)))
                            : Optional.empty();
                }
            }
        });
    }

    /** Those of them that are files. */
    Set<UUID> known(List<UUID> contents) {
        return on(connection -> {
            try (PreparedStatement select = connection.prepareStatement(KNOWN)) {
                select.setArray(1, connection.createArrayOf("uuid", contents.toArray()));
                try (ResultSet row = select.executeQuery()) {
                    Set<UUID> known = new HashSet<>();
                    while (row.next()) {
                        known.add(row.getObject(1, UUID.class));
                    }
                    return known;
                }
            }
        });
    }

    private <T> T on(Statements<T> statements) {
        try (Connection connection = dataSource.getConnection()) {
            return statements.run(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Places of objects could not be read or written", e);
        }
    }
}
