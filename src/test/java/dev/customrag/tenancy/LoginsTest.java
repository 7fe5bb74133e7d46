package dev.customrag.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.OtherDatabase;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
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

    private OtherDatabase database;

    @BeforeEach
    void createADatabase() throws SQLException {
        database = OtherDatabase.create("logins");
    }

    @AfterEach
    void clearAway() throws SQLException {
        // There is none where the test was skipped.
        if (database != null) {
            database.close();
        }
    }

    @Test
    void aSuperuser() throws SQLException {
        migrate(database.superuser());

        assertThat(asThePoolConnects(database.superuser())).containsExactly("custom_rag_service");
    }

    /** Such as the master user of a managed database. */
    @Test
    void aLoginThatMayCreateRoles() throws SQLException {
        asSuperuser("ALTER ROLE " + database.owner() + " CREATEROLE");
        migrate(database.owner());

        assertThat(asThePoolConnects(database.owner())).hasSize(1);
    }

    @Test
    void anOrdinaryOwnerOfTheDatabaseWhoMayPutTheRoleOn() throws SQLException {
        asSuperuser("GRANT custom_rag_service TO " + database.owner());
        migrate(database.owner());

        assertThat(asThePoolConnects(database.owner())).containsExactly("custom_rag_service");
    }

    @Test
    void anOrdinaryOwnerOfTheDatabaseWhoMayNot() throws SQLException {
        migrate(database.owner());

        assertThat(asThePoolConnects(database.owner())).containsExactly(database.owner());
        asSuperuser("GRANT custom_rag_service TO " + database.owner());
        assertThat(asThePoolConnects(database.owner())).containsExactly(database.owner());
    }

    /** What works through everybody's documents goes on working. */
    @Test
    void functionsThatSeeEverybodysRowsDoSoWhateverTheLogin() throws SQLException {
        migrate(database.owner());
        asSuperuser("""
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
        try (Connection connection = database.connect(database.owner())) {
            assertThat(Sql.query(connection, "SELECT count(*)::text FROM passages"))
                    .containsExactly("0");
            assertThat(Sql.query(connection, "SELECT model FROM embedding_spaces()"))
                    .containsExactly("none");
            assertThat(Sql.query(connection, "SELECT count(*)::text FROM documents_in_space('none', 2, 10)"))
                    .containsExactly("2");
        }
    }

    private void asSuperuser(String sql) throws SQLException {
        try (Connection connection = database.connect(database.superuser())) {
            Sql.update(connection, sql);
        }
    }

    private void migrate(String login) {
        database.migrations(login).load().migrate();
    }

    /** The role that such a connection works as, once it is seen that no policy is passed by. */
    private List<Object> asThePoolConnects(String login) throws SQLException {
        try (Connection connection = database.connect(login);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.new-connection-sql", String.class));
            assertThat(Sql.query(connection, NOT_HELD)).isEmpty();
            assertThat(Sql.query(connection, "SELECT count(*)::text FROM documents"))
                    .containsExactly("0");
            return Sql.query(connection, "SELECT current_user::text");
        }
    }
}
