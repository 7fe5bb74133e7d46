package dev.customrag.assistant;

import dev.customrag.http.Cursor;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.tenancy.Jdbc;
import dev.customrag.tenancy.Jdbc.SqlArray;
import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The tables {@code assistants} and {@code assistant_documents}: no other class writes or queries them, and every
 * statement names the owner.
 */
@ApplicationScoped
class AssistantRows {

    private static final String SELECT = """
            SELECT id, name, description, instructions, model_id, temperature, top_p, max_tokens, retrieval_enabled,
                   retrieval_limit, answers_from, all_documents, is_default, created_at, updated_at,
                   ARRAY(SELECT d.document_id FROM assistant_documents d
                         WHERE d.owner_id = a.owner_id AND d.assistant_id = a.id ORDER BY d.document_id) AS document_ids
            FROM assistants a
            WHERE owner_id = ?
            """;

    private static final String INSERT = """
            INSERT INTO assistants (id, owner_id, name, description, instructions, model_id, temperature, top_p,
                                    max_tokens, retrieval_enabled, retrieval_limit, answers_from, all_documents,
                                    is_default, created_at, updated_at)
            SELECT ?, users.id, ?, ?, ?, ?, ?::double precision, ?::double precision, ?::integer, ?, ?, ?, ?, ?, ?, ?
            FROM users
            WHERE users.id = ?
            ON CONFLICT (owner_id) WHERE is_default DO NOTHING
            """;

    private static final String UPDATE = """
            UPDATE assistants
            SET name = ?, description = ?, instructions = ?, model_id = ?, temperature = ?::double precision,
                top_p = ?::double precision, max_tokens = ?::integer, retrieval_enabled = ?, retrieval_limit = ?,
                answers_from = ?, all_documents = ?, updated_at = ?
            WHERE owner_id = ? AND id = ?
            """;

    private static final String DROP_DOCUMENTS =
            "DELETE FROM assistant_documents WHERE owner_id = ? AND assistant_id = ? AND NOT document_id = ANY (?)";

    private static final String ADD_DOCUMENTS = """
            INSERT INTO assistant_documents (owner_id, assistant_id, document_id)
            SELECT ?, ?, unnest(?)
            ON CONFLICT DO NOTHING
            """;

    private final OwnedRows rows;

    AssistantRows(OwnedRows rows) {
        this.rows = rows;
    }

    /**
     * Until the transaction ends, nobody else changes assistants of this person, and the account stays.
     *
     * @return whether there is such a person
     */
    boolean hold(UUID owner) {
        return rows.keepOwner(owner)
                && rows.of(owner, connection -> !Jdbc.query(
                                connection,
                                "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))",
                                row -> owner,
                                "assistants " + owner)
                        .isEmpty());
    }

    Optional<Assistant> find(UUID owner, UUID id) {
        return select(owner, SELECT + " AND id = ?", owner, id).stream().findFirst();
    }

    List<Assistant> named(UUID owner, String name) {
        return select(owner, SELECT + " AND name = ?", owner, name);
    }

    Optional<Assistant> findDefault(UUID owner) {
        return select(owner, SELECT + " AND is_default", owner).stream().findFirst();
    }

    /** A page of a person's assistants, the newest first. */
    Page<Assistant> list(UUID owner, PageRequest page) {
        var sql = new StringBuilder(SELECT);
        var parameters = new ArrayList<Object>(List.of(owner));
        page.after().ifPresent(last -> {
            sql.append(" AND (created_at, id) < (?, ?)");
            parameters.addAll(List.of(last.at(), last.id()));
        });
        sql.append(" ORDER BY created_at DESC, id DESC LIMIT ").append(page.limit + 1);
        List<Assistant> listed = select(owner, sql.toString(), parameters.toArray());
        return Page.of(listed, page.limit, last -> new Cursor(last.createdAt(), last.id()));
    }

    /** All of a person's assistants, the newest first. */
    List<Assistant> all(UUID owner) {
        return select(owner, SELECT + " ORDER BY created_at DESC, id DESC", owner);
    }

    long count(UUID owner) {
        return rows.of(owner, connection -> Jdbc.query(
                        connection, "SELECT count(*) FROM assistants WHERE owner_id = ?", row -> row.getLong(1), owner)
                .getFirst());
    }

    /** Adds one without its documents, unless it would be a second default, or there is no such person any more. */
    void insert(UUID owner, Assistant assistant) {
        update(
                owner,
                INSERT,
                assistant.id(),
                assistant.name(),
                assistant.description(),
                assistant.instructions(),
                assistant.modelId(),
                assistant.temperature(),
                assistant.topP(),
                assistant.maxTokens(),
                assistant.retrieval().enabled(),
                assistant.retrieval().limit(),
                assistant.answersFrom().label(),
                assistant.allDocuments(),
                assistant.isDefault(),
                assistant.createdAt(),
                assistant.updatedAt(),
                owner);
    }

    /** Writes all of it but its documents and whether it is the default. */
    void update(UUID owner, Assistant assistant) {
        update(
                owner,
                UPDATE,
                assistant.name(),
                assistant.description(),
                assistant.instructions(),
                assistant.modelId(),
                assistant.temperature(),
                assistant.topP(),
                assistant.maxTokens(),
                assistant.retrieval().enabled(),
                assistant.retrieval().limit(),
                assistant.answersFrom().label(),
                assistant.allDocuments(),
                assistant.updatedAt(),
                owner,
                assistant.id());
    }

    /** Writes which documents one knows that does not know all. */
    void choose(UUID owner, UUID id, Set<UUID> documents) {
        var ids = new SqlArray("uuid", documents);
        update(owner, DROP_DOCUMENTS, owner, id, ids);
        update(owner, ADD_DOCUMENTS, owner, id, ids);
    }

    /** In two statements: within one, the index might see two defaults. */
    void makeDefault(UUID owner, UUID id) {
        update(owner, "UPDATE assistants SET is_default = false WHERE owner_id = ? AND is_default", owner);
        update(owner, "UPDATE assistants SET is_default = true WHERE owner_id = ? AND id = ?", owner, id);
    }

    void delete(UUID owner, UUID id) {
        update(owner, "DELETE FROM assistants WHERE owner_id = ? AND id = ?", owner, id);
    }

    private List<Assistant> select(UUID owner, String sql, Object... parameters) {
        return rows.of(owner, connection -> Jdbc.query(connection, sql, AssistantRows::assistant, parameters));
    }

    private void update(UUID owner, String sql, Object... parameters) {
        rows.of(owner, connection -> Jdbc.update(connection, sql, parameters));
    }

    private static Assistant assistant(ResultSet row) throws SQLException {
        return new Assistant(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("description"),
                row.getString("instructions"),
                row.getString("model_id"),
                row.getObject("temperature", Double.class),
                row.getObject("top_p", Double.class),
                row.getObject("max_tokens", Integer.class),
                new Assistant.Retrieval(row.getBoolean("retrieval_enabled"), row.getInt("retrieval_limit")),
                Assistant.AnswersFrom.of(row.getString("answers_from")),
                row.getBoolean("all_documents"),
                ids(row.getArray("document_ids")),
                row.getBoolean("is_default"),
                Jdbc.time(row, "created_at"),
                Jdbc.time(row, "updated_at"));
    }

    private static Set<UUID> ids(Array ids) throws SQLException {
        return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList((UUID[]) ids.getArray())));
    }
}
