package dev.customrag.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.http.Cursor;
import dev.customrag.http.Ids;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.model.TokenCounts;
import dev.customrag.tenancy.Jdbc;
import dev.customrag.tenancy.Jdbc.Row;
import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Conversations in the database: the tables {@code chat_sessions} and {@code chat_messages}. Who changes messages of a
 * session holds its row, so that one sees what the other did.
 */
@ApplicationScoped
class StoredSessions implements Sessions {

    private static final String SESSION =
            " id, title, titled_by, assistant_id, current_message_id, created_at, updated_at ";

    private static final String MESSAGE =
            " m.id, m.parent_id, m.role, m.status, m.content, m.citations::text, m.model_id,"
                    + " m.input_tokens, m.output_tokens, m.cache_read_tokens, m.cache_write_tokens, m.error::text, m.created_at ";

    /** From a message up to the first, along an index. */
    private static final String BRANCH = """
            WITH RECURSIVE branch AS (
                SELECT id, parent_id, 1 AS depth FROM chat_messages WHERE owner_id = ? AND session_id = ? AND id = ?
                UNION ALL
                SELECT m.id, m.parent_id, branch.depth + 1
                FROM branch JOIN chat_messages m ON m.id = branch.parent_id
                WHERE branch.depth < ?
            )
            """;

    private static final int WHOLE_BRANCH = Integer.MAX_VALUE;

    private static final String SEARCH = """
            SELECT m.session_id, m.id, m.role, m.created_at, s.title,
                   ts_headline('simple', left(m.content, 100000), q, 'StartSel="", StopSel="", MaxWords=40, MinWords=15') AS snippet
            FROM chat_messages m JOIN chat_sessions s ON s.id = m.session_id,
                 websearch_to_tsquery('simple', ?) q
            WHERE m.owner_id = ? AND m.words @@ q
            """;

    private static final TypeReference<List<Citation>> CITATIONS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Object>> PROBLEM = new TypeReference<>() {};
    private static final TypeReference<Trace> TRACE = new TypeReference<>() {};

    private final OwnedRows rows;
    private final RunningAnswers running;
    private final ObjectMapper json;
    private final Clock clock;

    StoredSessions(OwnedRows rows, RunningAnswers running, ObjectMapper json, Clock clock) {
        this.rows = rows;
        this.running = running;
        this.json = json;
        this.clock = clock;
    }

    /** Begins one. */
    Session begin(UUID owner, String title, UUID assistant) {
        Instant now = now();
        var session = new Session(Ids.next(), title, Session.TitledBy.PERSON, assistant, null, false, now, now);
        String sql = """
                INSERT INTO chat_sessions (id, owner_id, title, assistant_id, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """;
        rows.of(owner, connection -> Jdbc.update(connection, sql, session.id(), owner, title, assistant, now, now));
        return session;
    }

    @Override
    public Optional<Session> find(UUID owner, UUID id) {
        return rows.of(owner, connection -> find(connection, owner, id, ""));
    }

    private static Optional<Session> find(Connection connection, UUID owner, UUID id, String lock) throws SQLException {
        String sql = "SELECT" + SESSION + "FROM chat_sessions WHERE owner_id = ? AND id = ?" + lock;
        return Jdbc.query(connection, sql, StoredSessions::session, owner, id).stream()
                .findFirst();
    }

    /** Held until the transaction ends. */
    private static Optional<Session> held(Connection connection, UUID owner, UUID id) throws SQLException {
        return find(connection, owner, id, " FOR UPDATE");
    }

    /** A person's sessions, the one used last first. */
    Page<Session> list(UUID owner, PageRequest page) {
        var parameters = new ArrayList<Object>(List.of(owner));
        String sql = "SELECT" + SESSION + "FROM chat_sessions WHERE owner_id = ?"
                + after(page, "(updated_at, id) <", parameters)
                + " ORDER BY updated_at DESC, id DESC LIMIT " + (page.limit + 1);
        List<Session> found = query(owner, sql, StoredSessions::session, parameters.toArray());
        return Page.of(found, page.limit, session -> new Cursor(session.updatedAt(), session.id()));
    }

    /** The same in an order that does not change while sessions are used, the one begun last first. */
    Page<Session> all(UUID owner, PageRequest page) {
        var parameters = new ArrayList<Object>(List.of(owner));
        String sql = "SELECT" + SESSION + "FROM chat_sessions WHERE owner_id = ?"
                + page.after()
                        .map(last -> {
                            parameters.add(last.id());
                            return " AND id < ?";
                        })
                        .orElse("")
                + " ORDER BY id DESC LIMIT " + (page.limit + 1);
        List<Session> found = query(owner, sql, StoredSessions::session, parameters.toArray());
        return Page.of(found, page.limit, session -> new Cursor(session.createdAt(), session.id()));
    }

    private static String after(PageRequest page, String comparison, List<Object> parameters) {
        return page.after()
                .map(last -> {
                    parameters.add(last.at());
                    parameters.add(last.id());
                    return " AND " + comparison + " (?, ?)";
                })
                .orElse("");
    }

    @Override
    public Session change(UUID owner, UUID id, Session.Change change) {
        return rows.of(owner, connection -> {
            Session session = held(connection, owner, id).orElseThrow(StoredSessions::noSession);
            UUID current = change.currentMessageId() == null
                    ? session.currentMessageId()
                    : newestBelow(connection, owner, id, change.currentMessageId());
            String sql = """
                    UPDATE chat_sessions
                    SET title = coalesce(?, title), titled_by = CASE WHEN ? THEN 'person' ELSE titled_by END,
                        assistant_id = coalesce(?, assistant_id), current_message_id = ?, updated_at = ?
                    WHERE owner_id = ? AND id = ? RETURNING""" + SESSION;
            return Jdbc.query(
                            connection,
                            sql,
                            StoredSessions::session,
                            change.title(),
                            change.title() != null,
                            change.assistantId(),
                            current,
                            later(session),
                            owner,
                            id)
                    .getFirst();
        });
    }

    /** The end of the branch that goes on from a message with the newest at each fork: what one sees who chooses it. */
    private static UUID newestBelow(Connection connection, UUID owner, UUID session, UUID message) throws SQLException {
        String exists = "SELECT id FROM chat_messages WHERE owner_id = ? AND session_id = ? AND id = ?";
        if (Jdbc.query(connection, exists, StoredSessions::id, owner, session, message)
                .isEmpty()) {
            throw Problem.notFound("Message");
        }
        String below = """
                WITH RECURSIVE below AS (
                    SELECT ?::uuid AS id, 0 AS depth
                    UNION ALL
                    SELECT following.id, below.depth + 1
                    FROM below, LATERAL (
                        SELECT m.id FROM chat_messages m WHERE m.parent_id = below.id
                        ORDER BY m.created_at DESC, m.id DESC LIMIT 1
                    ) following
                )
                SELECT id FROM below ORDER BY depth DESC LIMIT 1
                """;
        return Jdbc.query(connection, below, StoredSessions::id, message).getFirst();
    }

    @Override
    public void name(UUID owner, UUID id, String title) {
        String sql = """
                UPDATE chat_sessions SET title = ?, titled_by = 'model'
                WHERE owner_id = ? AND id = ? AND titled_by = 'question'
                """;
        rows.of(owner, connection -> Jdbc.update(connection, sql, title, owner, id));
    }

    @Override
    public boolean awaitsTitle(UUID owner, UUID id, UUID answer) {
        String sql = """
                SELECT FROM chat_sessions s
                WHERE s.owner_id = ? AND s.id = ? AND s.titled_by = 'question' AND NOT EXISTS (
                    SELECT FROM chat_messages m
                    WHERE m.owner_id = s.owner_id AND m.session_id = s.id AND m.role = 'assistant'
                        AND m.status IN ('complete', 'cut') AND m.id <> ?)
                """;
        return !query(owner, sql, row -> true, owner, id, answer).isEmpty();
    }

    @Override
    public boolean delete(UUID owner, UUID id) {
        String sql = "DELETE FROM chat_sessions WHERE owner_id = ? AND id = ?";
        return rows.of(owner, connection -> Jdbc.update(connection, sql, owner, id)) > 0;
    }

    /** Deletes all of a person's. */
    void deleteAll(UUID owner) {
        rows.of(owner, connection -> Jdbc.update(connection, "DELETE FROM chat_sessions WHERE owner_id = ?", owner));
    }

    /**
     * A message with words that were looked for.
     *
     * @param snippet its passage around them, as plain text
     */
    record Match(UUID sessionId, String title, UUID messageId, Message.Role role, String snippet, Instant createdAt) {}

    /** The person's messages with all the words of a query, in the syntax of search engines, newest first. */
    Page<Match> search(UUID owner, String words, PageRequest page) {
        var parameters = new ArrayList<Object>(List.of(words, owner));
        String sql = SEARCH
                + after(page, "(m.created_at, m.id) <", parameters)
                + " ORDER BY m.created_at DESC, m.id DESC LIMIT " + (page.limit + 1);
        List<Match> found = query(
                owner,
                sql,
                row -> new Match(
                        row.getObject("session_id", UUID.class),
                        row.getString("title"),
                        id(row),
                        Message.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                        row.getString("snippet"),
                        Jdbc.time(row, "created_at")),
                parameters.toArray());
        return Page.of(found, page.limit, match -> new Cursor(match.createdAt(), match.messageId()));
    }

    @Override
    public Page<Message> messages(UUID owner, Session session, boolean activeOnly, PageRequest page) {
        var parameters = new ArrayList<Object>();
        String of;
        if (activeOnly) {
            parameters.addAll(Arrays.asList(owner, session.id(), session.currentMessageId(), WHOLE_BRANCH));
            of = BRANCH + "SELECT" + MESSAGE + "FROM chat_messages m WHERE m.id IN (SELECT id FROM branch)";
        } else {
            of = "SELECT" + MESSAGE + "FROM chat_messages m WHERE m.owner_id = ? AND m.session_id = ?";
            parameters.addAll(List.of(owner, session.id()));
        }
        String sql = of
                + after(page, "(m.created_at, m.id) >", parameters)
                + " ORDER BY m.created_at, m.id LIMIT " + (page.limit + 1);
        List<Message> found = query(owner, sql, this::message, parameters.toArray());
        return Page.of(found, page.limit, message -> new Cursor(message.createdAt(), message.id()));
    }

    /** A message and how it came about, null where that was not written down. */
    record Traced(Message message, Trace trace) {}

    /** The messages of all branches with their traces, oldest first. */
    Page<Traced> traced(UUID owner, UUID session, PageRequest page) {
        var parameters = new ArrayList<Object>(List.of(owner, session));
        String sql =
                "SELECT" + MESSAGE + ", m.trace::text FROM chat_messages m WHERE m.owner_id = ? AND m.session_id = ?"
                        + after(page, "(m.created_at, m.id) >", parameters)
                        + " ORDER BY m.created_at, m.id LIMIT " + (page.limit + 1);
        List<Traced> found = query(
                owner,
                sql,
                row -> {
                    String trace = row.getString("trace");
                    return new Traced(message(row), trace == null ? null : read(trace, TRACE));
                },
                parameters.toArray());
        return Page.of(
                found,
                page.limit,
                last -> new Cursor(last.message().createdAt(), last.message().id()));
    }

    @Override
    public List<UUID> activeBranch(UUID owner, Session session) {
        return query(
                owner,
                BRANCH + "SELECT id FROM branch",
                StoredSessions::id,
                owner,
                session.id(),
                session.currentMessageId(),
                WHOLE_BRANCH);
    }

    @Override
    public Optional<Message> message(UUID owner, UUID session, UUID id) {
        return rows.of(owner, connection -> message(connection, owner, session, id));
    }

    private Optional<Message> message(Connection connection, UUID owner, UUID session, UUID id) throws SQLException {
        String sql = "SELECT" + MESSAGE + "FROM chat_messages m WHERE m.owner_id = ? AND m.session_id = ? AND m.id = ?";
        return Jdbc.query(connection, sql, this::message, owner, session, id).stream()
                .findFirst();
    }

    @Override
    public List<Message> branch(UUID owner, UUID session, UUID end, int most) {
        String sql = BRANCH + "SELECT" + MESSAGE
                + "FROM branch JOIN chat_messages m ON m.id = branch.id ORDER BY branch.depth";
        return query(owner, sql, this::message, owner, session, end, most);
    }

    @Override
    public Optional<Trace> trace(UUID owner, UUID session, UUID message) {
        String sql = "SELECT trace::text FROM chat_messages"
                + " WHERE owner_id = ? AND session_id = ? AND id = ? AND trace IS NOT NULL";
        return query(owner, sql, row -> row.getString(1), owner, session, message).stream()
                .findFirst()
                .map(text -> read(text, TRACE));
    }

    @Override
    public void begin(NewAnswer answer) {
        UUID owner = answer.owner();
        rows.of(owner, connection -> {
            Session session = held(connection, owner, answer.session()).orElseThrow(StoredSessions::noSession);
            Optional<UUID> abandoned = running.abandonedIn(connection, owner, session.id());
            if (abandoned.isPresent()) {
                interrupted(connection, owner, session, abandoned.get());
                // Without a word in it, it is gone, and the branch ends before it.
                session = held(connection, owner, answer.session()).orElseThrow(StoredSessions::noSession);
            }
            Instant at = later(session);
            switch (answer.question()) {
                case Question.Next(UUID id, String text) ->
                    insertQuestion(connection, owner, session, id, session.currentMessageId(), text, at);
                case Question.Edited(UUID id, String text, UUID parent) ->
                    insertQuestion(connection, owner, session, id, parent, text, at);
                case Question.Asked(UUID id) ->
                    Jdbc.update(
                            connection,
                            "UPDATE chat_messages SET status = 'complete', error = NULL WHERE owner_id = ? AND id = ?",
                            owner,
                            id);
            }
            Jdbc.update(
                    connection,
                    """
                    INSERT INTO chat_messages (id, owner_id, session_id, parent_id, role, status, content, model_id, created_at)
                    VALUES (?, ?, ?, ?, 'assistant', 'running', '', ?, ?)
                    """,
                    answer.id(),
                    owner,
                    session.id(),
                    answer.question().id(),
                    answer.modelId(),
                    at.plus(1, ChronoUnit.MICROS));
            if (!running.insert(connection, owner, session.id(), answer.id(), answer.process(), null)) {
                throw Sessions.alreadyRunning();
            }
            return Jdbc.update(
                    connection, """
                    UPDATE chat_sessions
                    SET current_message_id = ?, updated_at = ?, title = coalesce(title, ?),
                        titled_by = CASE WHEN title IS NULL THEN 'question' ELSE titled_by END
                    WHERE owner_id = ? AND id = ?
                    """, answer.id(), at.plus(1, ChronoUnit.MICROS), answer.title(), owner, session.id());
        });
    }

    private static void insertQuestion(
            Connection connection, UUID owner, Session session, UUID id, UUID parent, String text, Instant at)
            throws SQLException {
        Jdbc.update(connection, """
                INSERT INTO chat_messages (id, owner_id, session_id, parent_id, role, content, created_at)
                VALUES (?, ?, ?, ?, 'user', ?, ?)
                """, id, owner, session.id(), parent, text, at);
    }

    @Override
    public void sources(UUID owner, UUID answer, List<Citation> sources) {
        running.sources(owner, answer, sources);
    }

    /**
     * Lets other processes know again of an answer that this one makes: a crash of the database loses what they know it by.
     *
     * @param sources null until they are found
     * @return false if it is not to go on, since it was ended elsewhere, with its session or without
     */
    boolean announceAgain(UUID owner, UUID session, UUID answer, UUID process, List<Citation> sources) {
        return rows.of(
                owner,
                connection -> held(connection, owner, session).isPresent()
                        && message(connection, owner, session, answer)
                                .filter(message -> !message.isOver())
                                .isPresent()
                        && running.insert(connection, owner, session, answer, process, sources));
    }

    @Override
    public Optional<Message> end(UUID owner, UUID session, UUID answer, Ending ending) {
        return rows.of(owner, connection -> {
            Optional<Session> held = held(connection, owner, session);
            return held.isEmpty() ? Optional.empty() : end(connection, owner, held.get(), answer, ending);
        });
    }

    /** Ends an answer of whose process nothing was heard for long, with what that had written down. */
    void endAbandoned(UUID owner, UUID session, UUID answer) {
        rows.of(owner, connection -> {
            Optional<Session> held = held(connection, owner, session);
            if (held.isPresent() && !running.isAlive(connection, owner, answer)) {
                interrupted(connection, owner, held.get(), answer);
            }
            return null;
        });
    }

    private void interrupted(Connection connection, UUID owner, Session session, UUID answer) throws SQLException {
        String content = running.content(connection, owner, answer);
        String modelId = message(connection, owner, session.id(), answer)
                .map(Message::modelId)
                .orElse(null);
        var ending = new Ending(
                Message.Status.FAILED, content, List.of(), Answer.interrupted().body(), modelId, null, null);
        end(connection, owner, session, answer, ending);
    }

    private Optional<Message> end(Connection connection, UUID owner, Session session, UUID answer, Ending ending)
            throws SQLException {
        running.delete(connection, owner, answer);
        return ending.isNoAnswer()
                ? dropAnswer(connection, owner, session, answer, ending)
                : keepAnswer(connection, owner, session, answer, ending);
    }

    private Optional<Message> keepAnswer(Connection connection, UUID owner, Session session, UUID answer, Ending ending)
            throws SQLException {
        TokenCounts usage = ending.usage();
        int changed = Jdbc.update(
                connection,
                """
                UPDATE chat_messages
                SET status = ?, content = ?, citations = ?::jsonb, error = ?::jsonb, trace = ?::jsonb, input_tokens = ?,
                    output_tokens = ?, cache_read_tokens = ?, cache_write_tokens = ?, model_id = ?
                WHERE owner_id = ? AND id = ? AND status = 'running'
                """,
                label(ending.status()),
                ending.content(),
                write(ending.citations()),
                write(ending.error()),
                write(ending.trace()),
                usage == null ? null : usage.input(),
                usage == null ? null : usage.output(),
                usage == null ? null : usage.cacheRead(),
                usage == null ? null : usage.cacheWrite(),
                ending.modelId(),
                owner,
                answer);
        if (changed == 0) {
            return Optional.empty();
        }
        String move = "UPDATE chat_sessions SET updated_at = ? WHERE owner_id = ? AND id = ?";
        Jdbc.update(connection, move, later(session), owner, session.id());
        return message(connection, owner, session.id(), answer);
    }

    /** If the branch shown ended with it, it ends with another answer to the question then, or with the question. */
    private Optional<Message> dropAnswer(Connection connection, UUID owner, Session session, UUID answer, Ending ending)
            throws SQLException {
        List<UUID> parents = Jdbc.query(
                connection,
                "DELETE FROM chat_messages WHERE owner_id = ? AND id = ? AND status = 'running' RETURNING parent_id",
                row -> row.getObject(1, UUID.class),
                owner,
                answer);
        if (parents.isEmpty()) {
            return Optional.empty();
        }
        UUID question = parents.getFirst();
        List<UUID> others = Jdbc.query(
                connection,
                "SELECT id FROM chat_messages WHERE owner_id = ? AND parent_id = ? ORDER BY created_at DESC, id DESC LIMIT 1",
                StoredSessions::id,
                owner,
                question);
        if (others.isEmpty()) {
            Jdbc.update(
                    connection,
                    "UPDATE chat_messages SET status = 'unanswered', error = ?::jsonb WHERE owner_id = ? AND id = ?",
                    write(ending.error()),
                    owner,
                    question);
        }
        UUID left = others.isEmpty() ? question : others.getFirst();
        Jdbc.update(
                connection,
                "UPDATE chat_sessions SET current_message_id = ?, updated_at = ? WHERE owner_id = ? AND id = ?",
                answer.equals(session.currentMessageId()) ? left : session.currentMessageId(),
                later(session),
                owner,
                session.id());
        return Optional.empty();
    }

    /** Later than anything that happened to the session, whatever the clocks of other processes say. */
    private Instant later(Session session) {
        Instant now = now();
        Instant after = session.updatedAt().plus(1, ChronoUnit.MICROS);
        return now.isAfter(after) ? now : after;
    }

    /** As PostgreSQL keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private <T> List<T> query(UUID owner, String sql, Row<T> reader, Object... parameters) {
        return rows.of(owner, connection -> Jdbc.query(connection, sql, reader, parameters));
    }

    private static Problem noSession() {
        return Problem.notFound("Session");
    }

    private static UUID id(ResultSet row) throws SQLException {
        return row.getObject("id", UUID.class);
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                id(row),
                row.getString("title"),
                Session.TitledBy.valueOf(row.getString("titled_by").toUpperCase(Locale.ROOT)),
                row.getObject("assistant_id", UUID.class),
                row.getObject("current_message_id", UUID.class),
                false,
                Jdbc.time(row, "created_at"),
                Jdbc.time(row, "updated_at"));
    }

    private Message message(ResultSet row) throws SQLException {
        Integer input = row.getObject("input_tokens", Integer.class);
        Integer output = row.getObject("output_tokens", Integer.class);
        String error = row.getString("error");
        return new Message(
                id(row),
                row.getObject("parent_id", UUID.class),
                Message.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                Message.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getString("content"),
                read(row.getString("citations"), CITATIONS),
                row.getString("model_id"),
                input == null && output == null
                        ? null
                        : new TokenCounts(
                                input == null ? 0 : input,
                                output == null ? 0 : output,
                                row.getInt("cache_read_tokens"),
                                row.getInt("cache_write_tokens")),
                error == null ? null : read(error, PROBLEM),
                Jdbc.time(row, "created_at"));
    }

    private static String label(Message.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private String write(Object value) {
        try {
            return value == null ? null : json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A part of a message cannot be written as JSON", e);
        }
    }

    private <T> T read(String text, TypeReference<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A part of a message cannot be read", e);
        }
    }
}
