package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.OtherDatabase;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Files that were one row each become rows of a megabyte, with a login for which all rows are somebody else's, too. */
@QuarkusTest
class ContentsMigrationTest {

    @Test
    void everyByteIsKept() throws SQLException {
        try (OtherDatabase database = OtherDatabase.create("contents");
                Connection connection = database.connect(database.superuser())) {
            migrate(database, "6");
            Sql.update(connection, """
                    INSERT INTO users (id, email, first_name, last_name, password_hash, created_at, updated_at)
                    VALUES (gen_random_uuid(), 'ada@example.org', 'Ada', 'Lovelace', 'x', now(), now())
                    """);
            Sql.update(connection, """
                    INSERT INTO documents (id, owner_id, filename, media_type, size_bytes, sha256, status, created_at,
                                           updated_at)
                    SELECT gen_random_uuid(), id, size || '.txt', 'text/plain', size, 'hash of ' || size, 'ready', now(), now()
                    FROM users, unnest(ARRAY[1, 1048576, 2500000]) size
                    """);
            Sql.update(connection, """
                    INSERT INTO document_contents (document_id, bytes)
                    SELECT id, substring(convert_to(string_agg(n::text, ' '), 'UTF8') FROM 1 FOR size_bytes::integer)
                    FROM documents, generate_series(1, 500000) n GROUP BY id
                    """);
            Sql.update(
                    connection, "CREATE TABLE before AS SELECT document_id, md5(bytes) AS sum FROM document_contents");

            migrate(database, "8");

            assertThat(Sql.query(connection, """
                            SELECT string_agg(ordinal || ' ' || length(bytes), ', ' ORDER BY size_bytes, ordinal)
                            FROM document_chunks k JOIN document_contents c ON c.id = k.content_id
                            """)).containsExactly("0 1, 0 1048576, 0 1048576, 1 1048576, 2 402848");
            assertThat(Sql.query(connection, """
                            SELECT count(*) FROM before b JOIN document_contents c USING (document_id)
                            JOIN documents d ON d.id = c.document_id AND d.filename = c.filename AND d.sha256 = c.sha256
                            WHERE in_use AND c.owner_id = d.owner_id
                              AND sum = (SELECT md5(string_agg(bytes, '' ORDER BY ordinal)) FROM document_chunks
                                         WHERE content_id = c.id)
                            """)).containsExactly(3L);
        }
    }

    private static void migrate(OtherDatabase database, String version) {
        database.migrations(database.owner()).target(version).load().migrate();
    }
}
