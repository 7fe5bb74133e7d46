package dev.customrag.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Row-level security holds whatever login an operator gives the service: each migrates a database of its own, and then
 * connects as the pool does.
 */
@QuarkusTest
class LoginsTest {

    private static final String NOT_HELD = """
            SELECT relname FROM pg_class
            WHERE relrowsecurity AND relnamespace = current_schema()::regnamespace AND NOT row_security_active(oid)
            """;

    private final String name = "logins_" + UUID.randomUUID().toString().replace('-', '_');
    private String superuser;
    private String password;

    @BeforeEach
    void findTheSuperuser() throws SQLException {
        password = ConfigProvider.getConfig().getValue("quarkus.datasource.password", String.class);
        try (Connection connection = Sql.connect()) {
            boolean isOne = !first(connection, "SELECT rolname FROM pg_roles WHERE rolname = current_user AND rolsuper")
                    .isEmpty();
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
    void aSuperuser() throws SQLException {
        migrate(superuser);

        assertThat(asThePoolConnects(superuser)).containsExactly("custom_rag_service");
    }

    /** Such as the master user of a managed database. */
    @Test
    void aLoginThatMayCreateRoles() throws SQLException {
        try (Connection connection = connect("postgres", superuser)) {
            run(connection, "ALTER ROLE " + name + " CREATEROLE");
        }
        migrate(name);

        assertThat(asThePoolConnects(name)).hasSize(1);
    }

    @Test
    void anOrdinaryOwnerOfTheDatabaseWhoMayPutTheRoleOn() throws SQLException {
        try (Connection connection = connect("postgres", superuser)) {
            run(connection, "GRANT custom_rag_service TO " + name);
        }
        migrate(name);

        assertThat(asThePoolConnects(name)).containsExactly("custom_rag_service");
    }

    @Test
    void anOrdinaryOwnerOfTheDatabaseWhoMayNot() throws SQLException {
        migrate(name);

        assertThat(asThePoolConnects(name)).containsExactly(name);
        try (Connection connection = connect("postgres", superuser)) {
            run(connection, "GRANT custom_rag_service TO " + name);
        }
        assertThat(asThePoolConnects(name)).containsExactly(name);
    }

    /** What works through everybody's documents goes on working. */
    @Test
    void functionsThatSeeEverybodysRowsDoSoWhateverTheLogin() throws SQLException {
        migrate(name);
        try (Connection connection = connect(name, superuser)) {
            run(connection, """
                    WITH person AS (
                        INSERT INTO users (id, email, first_name, last_name, created_at, updated_at)
                        SELECT gen_random_uuid(), i || '@example.org', 'A', 'B', now(), now() FROM generate_series(1, 2) i
                        RETURNING id
                    ), document AS (
                        INSERT INTO documents (id, owner_id, filename, media_type, size_bytes, sha256, status, created_at,
                                               updated_at)
                        SELECT gen_random_uuid(), id, 'a', 'text/plain', 1, 'x', 'ready', now(), now() FROM person
                        RETURNING id, owner_id
                    )
                    INSERT INTO passages (id, owner_id, document_id, ordinal, start_offset, end_offset, text, text_digest,
                                          embedding_model, dimensions, embedding, language, search)
                    SELECT gen_random_uuid(), owner_id, id, 0, 0, 1, 'x', gen_random_uuid(), 'none', 2, '[1,0]', 'simple', 'x'
                    FROM document
                    """);
        }
        try (Connection connection = connect(name, name)) {
            assertThat(first(connection, "SELECT count(*)::text FROM passages")).containsExactly("0");
            assertThat(first(connection, "SELECT model FROM embedding_spaces()"))
                    .containsExactly("none");
            assertThat(first(connection, "SELECT count(*)::text FROM documents_in_space('none', 2, 10)"))
                    .containsExactly("2");
        }
    }

    private void migrate(String login) {
        Flyway.configure()
                .dataSource(url(name), login, password)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    /** The role that such a connection works as, once it is seen that no policy is passed by. */
    private List<String> asThePoolConnects(String login) throws SQLException {
        try (Connection connection = connect(name, login)) {
            run(
                    connection,
                    ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.new-connection-sql", String.class));
            assertThat(first(connection, NOT_HELD)).isEmpty();
            assertThat(first(connection, "SELECT count(*)::text FROM documents"))
                    .containsExactly("0");
            return first(connection, "SELECT current_user::text");
        }
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
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> first(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            List<String> column = new ArrayList<>();
            while (rows.next()) {
                column.add(rows.getString(1));
            }
            return column;
        }
    }
}
