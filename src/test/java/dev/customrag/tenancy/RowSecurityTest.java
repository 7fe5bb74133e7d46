package dev.customrag.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.testing.DocumentRows;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the database itself says about whose rows a statement may see, with no WHERE in it. */
@QuarkusTest
class RowSecurityTest {

    private static final String CONTENT = """
            INSERT INTO document_contents (id, owner_id, document_id, filename, media_type, size_bytes, sha256, in_use)
            VALUES (?, ?, ?, 'a.txt', 'text/plain', 1, gen_random_uuid()::text, true)
            """;

    @Inject
    DataSource dataSource;

    @Inject
    OwnedRows rows;

    private UUID alice;
    private UUID bob;

    @BeforeEach
    void bothHaveADocument() {
        alice = personWithADocument();
        bob = personWithADocument();
    }

    static List<String> closedTables() {
        return List.of(
                "documents",
                "document_contents",
                "document_chunks",
                "document_deletions",
                "passages",
                "assistants",
                "assistant_documents");
    }

    /** Somebody new with a row in each of the tables that have a policy. */
    private static UUID personWithADocument() {
        UUID owner = Person.registered().id();
        UUID document = DocumentRows.insert(owner, "a.txt");
        Sql.update(
                "INSERT INTO document_deletions (id, owner_id, deleted_at) VALUES (gen_random_uuid(), ?, now())",
                owner);
        Sql.update(CONTENT, document, owner, document);
        Sql.update(
                "INSERT INTO document_chunks (content_id, owner_id, ordinal, bytes) VALUES (?, ?, 0, 'x')",
                document,
                owner);
        Sql.update("""
                INSERT INTO passages (id, owner_id, document_id, ordinal, start_offset, end_offset, text,
                                      text_digest, embedding_model, dimensions, embedding, language, search)
                VALUES (gen_random_uuid(), ?, ?, 0, 0, 1, 'x', gen_random_uuid(), 'none', 2, '[1,0]', 'simple', 'x')
                """, owner, document);
        UUID assistant = UUID.randomUUID();
        Sql.update(
                "INSERT INTO assistants (id, owner_id, name, created_at, updated_at) VALUES (?, ?, 'a', now(), now())",
                assistant,
                owner);
        Sql.update("INSERT INTO assistant_documents VALUES (?, ?, ?)", owner, assistant, document);
        return owner;
    }

    @ParameterizedTest
    @MethodSource("closedTables")
    void aStatementWithoutItsWhereSeesTheRowsOfOnePersonOnly(String table) {
        String all = "SELECT count(*) FROM " + table;

        long hers = rows.of(alice, connection -> count(connection, all));
        long nobodys = rows.of(UUID.randomUUID(), connection -> count(connection, all));

        assertThat(hers).isEqualTo(1);
        assertThat(nobodys).isZero();
        assertThat(Sql.query(all)).first().isNotEqualTo(1L);
    }

    @ParameterizedTest
    @MethodSource("closedTables")
    void withoutAPersonThereAreNoRows(String table) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            assertThat(count(connection, "SELECT count(*) FROM " + table)).isZero();
        }
    }

    @Test
    void nobodyElsesRowsAreChangedOrMade() {
        int changed = rows.of(alice, connection -> Sql.update(connection, "UPDATE documents SET filename = 'taken'"));
        int deleted = rows.of(
                alice, connection -> Sql.update(connection, "DELETE FROM passages WHERE owner_id = '" + bob + "'"));

        assertThat(changed).isEqualTo(1);
        assertThat(deleted).isZero();
        assertThat(Sql.query("SELECT filename FROM documents WHERE owner_id = ?", bob))
                .containsExactly("a.txt");
        assertThatThrownBy(() -> rows.of(alice, connection -> DocumentRows.insert(connection, bob, "a.txt")))
                .hasRootCauseMessage("ERROR: new row violates row-level security policy for table \"documents\"");
    }

    /** Not even by who sees everybody's rows. */
    @Test
    void nobodysAssistantKnowsAnothersDocument() {
        Object hers =
                Sql.query("SELECT id FROM assistants WHERE owner_id = ?", alice).getFirst();
        Object his =
                Sql.query("SELECT id FROM documents WHERE owner_id = ?", bob).getFirst();

        assertThatThrownBy(() -> Sql.update("INSERT INTO assistant_documents VALUES (?, ?, ?)", alice, hers, his))
                .hasRootCauseInstanceOf(SQLException.class)
                .rootCause()
                .hasMessageContaining("violates foreign key constraint");
    }

    @Test
    void thePersonIsForgottenWithTheTransaction() {
        List<Long> seen = QuarkusTransaction.requiringNew().call(() -> {
            long outside = documents();
            rows.of(alice, connection -> null);
            return List.of(outside, documents());
        });

        assertThat(seen).containsExactly(0L, 1L);
        long afterwards = QuarkusTransaction.requiringNew().call(this::documents);
        assertThat(afterwards).isZero();
    }

    @Test
    void theRoleOfTheServiceCannotPassByThePolicies() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            assertThat(count(connection, """
                    SELECT count(*) FROM pg_roles
                    WHERE rolname = current_user AND NOT rolsuper AND NOT rolbypassrls AND NOT rolcreaterole
                    """)).isEqualTo(1);
            assertThat(count(connection, "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"))
                    .isZero();
            Sql.update(connection, "SET row_security = off");
            try {
                assertThatThrownBy(() -> count(connection, "SELECT count(*) FROM passages"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("would be affected by row-level security policy");
            } finally {
                Sql.update(connection, "RESET row_security");
            }
        }
    }

    /** The tables of documents and passages that say whose they are have a policy; one that is added needs one. */
    @Test
    void everyTableWithAnOwnerHasAPolicy() {
        assertThat(Sql.query("""
                SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relkind = 'r' AND a.attname = 'owner_id' AND c.relnamespace = current_schema()::regnamespace
                  AND NOT c.relrowsecurity
                ORDER BY 1
                """)).isEmpty();
    }

    private long documents() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return count(connection, "SELECT count(*) FROM documents");
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        return (long) Sql.query(connection, sql).getFirst();
    }
}
