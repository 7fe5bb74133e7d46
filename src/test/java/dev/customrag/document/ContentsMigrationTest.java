package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that were one row each become rows of a megabyte, with a login for which all rows are somebody else's, too. */
@QuarkusTest
class ContentsMigrationTest {

    private final String name = "contents_" + UUID.randomUUID().toString().replace('-', '_');
    private String password;
    private String superuser;

    @BeforeEach
    void createADatabase() throws SQLException {
        password = ConfigProvider.getConfig().getValue("quarkus.datasource.password", String.class);
        try (Connection connection = Sql.connect()) {
            boolean isOne = "1"
                    .equals(first(
                            connection, "SELECT count(*) FROM pg_roles WHERE rolname = current_user AND rolsuper"));
            superuser = isOne ? connection.getMetaData().getUserName() : "postgres";
        }
        try (Connection connection = connect("postgres", superuser)) {
            run(connection, "CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
            run(connection, "CREATE DATABASE " + name + " OWNER " + name);
        } catch (SQLException e) {
            assumeTrue(false, "No superuser to be had in this database");
        }
        try (Connection connection = connect(name, superuser)) {
            run(connection, "CREATE EXTENSION vector");
        }
    }

    @AfterEach
    void clearAway() throws SQLException {
        try (Connection connection = connect("postgres", superuser)) {
            run(connection, "DROP DATABASE " + name + " WITH (FORCE)");
            run(connection, "DROP ROLE " + name);
        }
    }

    @Test
    void everyByteIsKept() throws SQLException {
        migrate("6");
        try (Connection connection = connect(name, superuser)) {
            run(connection, """
                    INSERT INTO users (id, email, first_name, last_name, password_hash, created_at, updated_at)
                    VALUES (gen_random_uuid(), 'ada@example.org', 'Ada', 'Lovelace', 'x', now(), now())
                    """);
            run(connection, """
                    INSERT INTO documents (id, owner_id, filename, media_type, size_bytes, sha256, status, created_at,
                                           updated_at)
                    SELECT gen_random_uuid(), id, size || '.txt', 'text/plain', size, 'hash of ' || size, 'ready', now(), now()
                    FROM users, unnest(ARRAY[1, 1048576, 2500000]) size
                    """);
            run(connection, """
                    INSERT INTO document_contents (document_id, bytes)
                    SELECT id, substring(convert_to(string_agg(n::text, ' '), 'UTF8') FROM 1 FOR size_bytes::integer)
                    FROM documents, generate_series(1, 500000) n GROUP BY id
                    """);
            run(connection, "CREATE TABLE before AS SELECT document_id, md5(bytes) AS sum FROM document_contents");
        }

        migrate("8");

        try (Connection connection = connect(name, superuser)) {
            assertThat(first(connection, """
                            SELECT string_agg(ordinal || ' ' || length(bytes), ', ' ORDER BY size_bytes, ordinal)
                            FROM document_chunks k JOIN document_contents c ON c.id = k.content_id
                            """)).isEqualTo("0 1, 0 1048576, 0 1048576, 1 1048576, 2 402848");
            assertThat(first(connection, """
                            SELECT count(*) FROM before b JOIN document_contents c USING (document_id)
                            JOIN documents d ON d.id = c.document_id AND d.filename = c.filename AND d.sha256 = c.sha256
                            WHERE in_use AND c.owner_id = d.owner_id
                              AND sum = (SELECT md5(string_agg(bytes, '' ORDER BY ordinal)) FROM document_chunks
                                         WHERE content_id = c.id)
                            """)).isEqualTo("3");
        }
    }

    private void migrate(String version) {
        Flyway.configure()
                .dataSource(url(name), name, password)
                .locations("classpath:db/migration")
                .target(version)
                .load()
                .migrate();
    }

    private Connection connect(String database, String login) throws SQLException {
        return DriverManager.getConnection(url(database), login, password);
    }

    private static String url(String database) {
        String url = ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class);
        URI server = URI.create(url.substring("jdbc:".length()));
        return "jdbc:postgresql://" + server.getAuthority() + "/" + database;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String first(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
