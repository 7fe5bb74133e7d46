package dev.customrag.document;

import dev.customrag.document.DocumentExport.DeletedDocument;
import dev.customrag.document.parsing.FileType;
import dev.customrag.http.Cursor;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.tenancy.Jdbc;
import dev.customrag.tenancy.Jdbc.Row;
import dev.customrag.tenancy.Jdbc.SqlArray;
import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The table {@code documents}: no other class writes or queries it, and every statement names the owner. The state of an
 * ingestion is only written by the run the row names, and never over a final state.
 */
@ApplicationScoped
public class Documents {

    private static final String COLUMNS =
            " id, filename, media_type, size_bytes, sha256, status, progress, page_count, pages_without_text, passage_count, "
                    + "error, created_at, updated_at, ready_at, folded_name, changed_in ";

    private static final String INSERT = """
            INSERT INTO documents (id, owner_id, filename, media_type, size_bytes, sha256, status, ingestion,
                                   created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)
            ON CONFLICT ON CONSTRAINT documents_owner_id_sha256_key DO NOTHING
            """;

    private static final String SELECT = "SELECT" + COLUMNS + "FROM documents WHERE owner_id = ?";

    private static final String NAME = "SELECT id, filename, sha256 FROM documents WHERE owner_id = ?";

    private static final String REQUEUE = """
            UPDATE documents
            SET status = 'queued', progress = 0, error = NULL, ready_at = NULL, ingestion = ?, faults = 0, updated_at = ?
            WHERE owner_id = ? AND id = ? AND status IN ('ready', 'failed')
            """;

    /** Held in one order, so that two deletions of the same documents wait for each other and not for ever. */
    private static final String DELETE = """
            WITH held AS (
                SELECT id FROM documents WHERE owner_id = ? AND id = ANY (?) ORDER BY id FOR UPDATE
            )
            , gone AS (
                DELETE FROM documents WHERE owner_id = ? AND id IN (SELECT id FROM held) RETURNING id
            ), forgotten AS (
                DELETE FROM document_deletions WHERE owner_id = ? AND deleted_at < ?
            )
            INSERT INTO document_deletions (id, owner_id, deleted_at) SELECT id, ?, ? FROM gone
            RETURNING id
            """;

    /** How long it is known that a document was deleted; then until its owner deletes another. */
    static final Duration DELETIONS_KEPT = Duration.ofDays(8);

    /** All transactions before the first number have ended, and later statements see what they did. */
    private static final String POSITION = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text";

    /** Rows that carry a number not reached yet were copied here from another database. */
    private static final String SINCE =
            " AND changed_in >= ?::text::xid8 AND changed_in < pg_snapshot_xmax(pg_current_snapshot()) ";

    private static final String DELETED = "SELECT id, changed_in FROM document_deletions WHERE owner_id = ?" + SINCE;

    /** Ends every statement about a run, with its owner, document and id. */
    private static final String OF_RUN = """
             WHERE owner_id = ? AND id = ? AND ingestion = ? AND status IN ('queued', 'parsing', 'embedding')
            """;

    private final OwnedRows rows;
    private final Clock clock;

    Documents(OwnedRows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /** Adds a queued document, unless the owner has the same bytes already; then nothing changes. */
    boolean insert(IngestionRun run, String filename, FileType type, Fingerprint content) {
        Instant now = clock.instant();
        return update(
                run.owner(),
                INSERT,
                run.document(),
                run.owner(),
                filename,
                type.mediaType(),
                content.size(),
                content.sha256(),
                run.id(),
                now,
                now);
    }

    Optional<Document> find(UUID owner, UUID id) {
        return select(SELECT + " AND id = ?", owner, id).stream().findFirst();
    }

    Optional<Document> findByContent(UUID owner, Fingerprint content) {
        return select(SELECT + " AND sha256 = ?", owner, content.sha256()).stream()
                .findFirst();
    }

    /** A page of a list, along the index on owner and what it is ordered by. */
    Page<Document> list(UUID owner, DocumentList list, PageRequest page) {
        var sql = new StringBuilder(SELECT);
        var parameters = new ArrayList<Object>(List.of(owner));
        if (!list.statuses().isEmpty()) {
            sql.append(" AND status = ANY (?)");
            parameters.add(new SqlArray("text", list.labels()));
        }
        if (!list.name().isEmpty()) {
            sql.append(" AND strpos(folded_name, folded_name(?)) > 0");
            parameters.add(list.name());
        }
        String column = list.order().column();
        page.after(list.key()).ifPresent(last -> {
            sql.append(" AND (%s, id) %s (?, ?)".formatted(column, list.descending() ? "<" : ">"));
            parameters.add(list.order().key(last));
            parameters.add(last.id(1));
        });
        String direction = list.descending() ? "DESC" : "ASC";
        sql.append(" ORDER BY %1$s %2$s, id %2$s LIMIT ".formatted(column, direction) + (page.limit + 1));
        List<Listed> listed = query(
                owner,
                sql.toString(),
                row -> new Listed(document(row), row.getString("folded_name")),
                parameters.toArray());
        return Page.of(listed, page.limit, list.key(), last -> list.order().after(last.document(), last.foldedName()))
                .map(Listed::document);
    }

    private record Listed(Document document, String foldedName) {}

    /** What other rooms know a document by. */
    public record Name(UUID id, String filename, String sha256) {}

    /**
     * The documents of {@code ids} that there are, which nobody deletes before the caller's transaction ends. In one order,
     * in which {@link #delete} holds them too.
     */
    public List<Name> keep(UUID owner, Collection<UUID> ids) {
        String sql = NAME + " AND id = ANY (?) ORDER BY id FOR KEY SHARE";
        return query(owner, sql, Documents::name, owner, new SqlArray("uuid", ids));
    }

    /** The documents with these SHA-256, in hexadecimal digits. */
    public List<Name> withContents(UUID owner, Collection<String> sha256) {
        return query(
                owner,
                NAME + " AND sha256 = ANY (?) ORDER BY id",
                Documents::name,
                owner,
                new SqlArray("text", sha256));
    }

    /** Keeps a document from being ingested or deleted until the transaction ends; false if it is, or is gone. */
    boolean lockFinished(UUID owner, UUID id) {
        String sql =
                "SELECT true FROM documents WHERE owner_id = ? AND id = ? AND status IN ('ready', 'failed') FOR UPDATE";
        return !query(owner, sql, row -> row.getBoolean(1), owner, id).isEmpty();
    }

    /**
     * Changes of a person's documents.
     *
     * @param upTo all transactions before this one are in it, and perhaps later ones
     */
    record Changes(long upTo, List<ChangedIn<Document>> changed, List<ChangedIn<UUID>> deleted) {}

    /** Something and the transaction that changed it last. */
    record ChangedIn<T>(long transaction, T what) {}

    /** Documents that there were, as far as it is still known, the latest deletion first. */
    Page<DeletedDocument> deletions(UUID owner, PageRequest page) {
        var parameters = new ArrayList<Object>(List.of(owner));
        String after = page.after()
                .map(last -> {
                    parameters.addAll(List.of(last.at(), last.id()));
                    return " AND (deleted_at, id) < (?, ?)";
                })
                .orElse("");
        List<DeletedDocument> found = query(
                owner,
                "SELECT id, deleted_at FROM document_deletions WHERE owner_id = ?" + after
                        + " ORDER BY deleted_at DESC, id DESC LIMIT " + (page.limit + 1),
                row -> new DeletedDocument(id(row), Jdbc.time(row, "deleted_at")),
                parameters.toArray());
        return Page.of(found, page.limit, last -> new Cursor(last.deletedAt(), last.id()));
    }

    /** The documents whose ingestion is not over. */
    Changes inWork(UUID owner) {
        return rows.of(owner, connection -> {
            long upTo = position(connection);
            String inWork = " AND status IN ('queued', 'parsing', 'embedding') ORDER BY created_at, id";
            return new Changes(
                    upTo, Jdbc.query(connection, SELECT + inWork, changed(Documents::document), owner), List.of());
        });
    }

    /** What was changed and deleted in this transaction or later, in order. */
    Changes changes(UUID owner, long transaction) {
        String from = String.valueOf(transaction);
        return rows.of(owner, connection -> {
            long upTo = position(connection);
            return new Changes(
                    upTo,
                    Jdbc.query(
                            connection,
                            SELECT + SINCE + "ORDER BY changed_in, id",
                            changed(Documents::document),
                            owner,
                            from),
                    Jdbc.query(connection, DELETED + "ORDER BY changed_in, id", changed(Documents::id), owner, from));
        });
    }

    private static <T> Row<ChangedIn<T>> changed(Row<T> reader) {
        return row -> new ChangedIn<>(Long.parseLong(row.getString("changed_in")), reader.read(row));
    }

    private static long position(Connection connection) throws SQLException {
        return Jdbc.query(connection, POSITION, row -> Long.parseLong(row.getString(1)))
                .getFirst();
    }

    /** Empty if there is none. */
    Optional<Document> rename(UUID owner, UUID id, String filename) {
        String sql =
                "UPDATE documents SET filename = ?, updated_at = ? WHERE owner_id = ? AND id = ? RETURNING" + COLUMNS;
        return query(owner, sql, Documents::document, filename, clock.instant(), owner, id).stream()
                .findFirst();
    }

    /**
     * Deletes documents with their bytes and their passages, which refer to them with {@code ON DELETE CASCADE}; gives the
     * ids of those there were.
     */
    Set<UUID> delete(UUID owner, Set<UUID> ids) {
        Instant now = clock.instant();
        return new LinkedHashSet<>(query(
                owner,
                DELETE,
                Documents::id,
                owner,
                new SqlArray("uuid", ids),
                owner,
                owner,
                now.minus(DELETIONS_KEPT),
                owner,
                now));
    }

    /** Queues a finished document once more; false if it is not finished, or not there. */
    boolean requeue(IngestionRun run) {
        return update(run.owner(), REQUEUE, run.id(), clock.instant(), run.owner(), run.document());
    }

    /** How many documents the owner has in work beside this one. */
    int othersInWork(UUID owner, UUID id) {
        String sql = """
                SELECT count(*) FROM documents
                WHERE owner_id = ? AND id <> ? AND status IN ('queued', 'parsing', 'embedding')
                """;
        return query(owner, sql, row -> row.getInt(1), owner, id).getFirst();
    }

    /**
     * Begins a try; false if the document is gone, or the run is over. The try counts as a fault until it is
     * {@link #excuse}d, as a process that dies cannot count any more.
     */
    boolean begin(IngestionRun run) {
        return update(run, """
                UPDATE documents
                SET status = CASE status WHEN 'queued' THEN 'parsing' ELSE status END, faults = faults + 1,
                    updated_at = ?""", clock.instant());
    }

    /** The text is read and split; false if the run is over. */
    boolean parsed(IngestionRun run) {
        return update(run, "UPDATE documents SET status = 'embedding', updated_at = ?", clock.instant());
    }

    /** So far it is; false if the run is over. A try that starts over does not go back. */
    boolean progress(IngestionRun run, float progress) {
        return update(
                run,
                "UPDATE documents SET progress = greatest(progress, ?::real), updated_at = ?",
                progress,
                clock.instant());
    }

    /**
     * Everything is indexed; false if the run is over. Locks the row until the transaction ends. Only now the pages are
     * those of the file that was read: until then an earlier version may be shown.
     *
     * @param pageCount null where the format has none
     */
    boolean ready(IngestionRun run, Integer pageCount, List<Integer> pagesWithoutText, int passageCount) {
        Instant now = clock.instant();
        return update(run, """
                UPDATE documents
                SET status = 'ready', progress = 1, error = NULL, page_count = ?::integer, pages_without_text = ?,
                    passage_count = ?, ready_at = ?, updated_at = ?""", pageCount, new SqlArray("integer", pagesWithoutText), passageCount, now, now);
    }

    /** From now on the document is this file. In the transaction in which it gets ready. */
    void show(UUID owner, UUID id, StoredFile file) {
        update(
                owner,
                "UPDATE documents SET filename = ?, media_type = ?, size_bytes = ?, sha256 = ? WHERE owner_id = ? AND id = ?",
                file.filename(),
                file.mediaType(),
                file.size(),
                file.sha256(),
                owner,
                id);
    }

    /** It will not be ready; false if the run is over. Passages of an earlier run stay. */
    boolean fail(IngestionRun run, String error) {
        return update(run, "UPDATE documents SET status = 'failed', error = ?, updated_at = ?", error, clock.instant());
    }

    /** How many tries of this run broke off by a fault or a crash, or are under way; empty if the run is over. */
    Optional<Integer> faults(IngestionRun run) {
        return query(
                        run.owner(),
                        "SELECT faults FROM documents" + OF_RUN,
                        row -> row.getInt(1),
                        run.owner(),
                        run.document(),
                        run.id())
                .stream()
                .findFirst();
    }

    /** The try that breaks off does so for no fault of the document's or ours. */
    void excuse(IngestionRun run) {
        update(run, "UPDATE documents SET faults = greatest(faults - 1, 0), updated_at = ?", clock.instant());
    }

    /** Changes the document of a run; false if the run is over. */
    private boolean update(IngestionRun run, String change, Object... values) {
        var parameters = new ArrayList<Object>(Arrays.asList(values));
        parameters.addAll(List.of(run.owner(), run.document(), run.id()));
        return update(run.owner(), change + OF_RUN, parameters.toArray());
    }

    /** The owner is the first parameter, too. */
    private List<Document> select(String sql, UUID owner, Object... parameters) {
        var all = new ArrayList<Object>(List.of(owner));
        all.addAll(List.of(parameters));
        return query(owner, sql, Documents::document, all.toArray());
    }

    private <T> List<T> query(UUID owner, String sql, Row<T> reader, Object... parameters) {
        return rows.of(owner, connection -> Jdbc.query(connection, sql, reader, parameters));
    }

    private boolean update(UUID owner, String sql, Object... parameters) {
        return rows.of(owner, connection -> Jdbc.update(connection, sql, parameters) > 0);
    }

    private static UUID id(ResultSet row) throws SQLException {
        return row.getObject("id", UUID.class);
    }

    private static Name name(ResultSet row) throws SQLException {
        return new Name(id(row), row.getString("filename"), row.getString("sha256"));
    }

    private static Document document(ResultSet row) throws SQLException {
        return new Document(
                id(row),
                row.getString("filename"),
                row.getString("media_type"),
                row.getLong("size_bytes"),
                row.getString("sha256"),
                Document.Status.of(row.getString("status")),
                row.getFloat("progress"),
                row.getObject("page_count", Integer.class),
                List.of((Integer[]) row.getArray("pages_without_text").getArray()),
                row.getInt("passage_count"),
                row.getString("error"),
                Jdbc.time(row, "created_at"),
                Jdbc.time(row, "updated_at"),
                Jdbc.time(row, "ready_at"));
    }
}
