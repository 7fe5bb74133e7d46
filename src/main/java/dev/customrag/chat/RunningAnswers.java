package dev.customrag.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.tenancy.Jdbc;
import dev.customrag.tenancy.Jdbc.SqlArray;
import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The table {@code running_answers}: through it processes know of each other's answers on their way, follow them, and have
 * them stopped. Silence is measured by the database's clock alone.
 */
@ApplicationScoped
class RunningAnswers {

    /** A process that wrote nothing down for so long is gone, or has lost its database. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

    private static final String ALIVE =
            " alive_at >= now() - make_interval(secs => " + LONGEST_SILENCE.toSeconds() + ")";

    private static final int MOST_ABANDONED = 1_000;

    private static final TypeReference<List<Citation>> CITATIONS = new TypeReference<>() {};

    private final OwnedRows rows;
    private final DataSource dataSource;
    private final ObjectMapper json;

    RunningAnswers(OwnedRows rows, DataSource dataSource, ObjectMapper json) {
        this.rows = rows;
        this.dataSource = dataSource;
        this.json = json;
    }

    /** Within the transaction that begins it; false if the session has another. */
    boolean insert(Connection connection, Sessions.NewAnswer answer) throws SQLException {
        String sql = """
                INSERT INTO running_answers (message_id, session_id, owner_id, process, alive_at)
                VALUES (?, ?, ?, ?, clock_timestamp())
                ON CONFLICT (session_id) DO NOTHING
                """;
        return Jdbc.update(connection, sql, answer.id(), answer.session(), answer.owner(), answer.process()) > 0;
    }

    void delete(Connection connection, UUID owner, UUID answer) throws SQLException {
        Jdbc.update(connection, "DELETE FROM running_answers WHERE owner_id = ? AND message_id = ?", owner, answer);
    }

    /** What there is of an answer, as far as it was written down. */
    String content(Connection connection, UUID owner, UUID answer) throws SQLException {
        String sql = "SELECT content FROM running_answers WHERE owner_id = ? AND message_id = ?";
        return Jdbc.query(connection, sql, row -> row.getString(1), owner, answer).stream()
                .findFirst()
                .orElse("");
    }

    /** The same, for who has no transaction. */
    String content(UUID owner, UUID answer) {
        return rows.of(owner, connection -> content(connection, owner, answer));
    }

    /** Whether its process still works on it. */
    boolean isAlive(Connection connection, UUID owner, UUID answer) throws SQLException {
        String sql = "SELECT FROM running_answers WHERE owner_id = ? AND message_id = ? AND" + ALIVE;
        return !Jdbc.query(connection, sql, row -> true, owner, answer).isEmpty();
    }

    /** An answer of the session whose process does not work on it any more. */
    Optional<UUID> abandonedIn(Connection connection, UUID owner, UUID session) throws SQLException {
        String sql = "SELECT message_id FROM running_answers WHERE owner_id = ? AND session_id = ? AND NOT" + ALIVE;
        return Jdbc.query(connection, sql, row -> row.getObject(1, UUID.class), owner, session).stream()
                .findFirst();
    }

    /** The answer on its way in a session, wherever. */
    Optional<UUID> in(UUID owner, UUID session) {
        String sql = "SELECT message_id FROM running_answers WHERE owner_id = ? AND session_id = ?";
        return rows.of(
                owner,
                connection -> Jdbc.query(connection, sql, row -> row.getObject(1, UUID.class), owner, session).stream()
                        .findFirst());
    }

    /** Asks the process that makes the answer of a session to stop; which answer that is, if there is one. */
    Optional<UUID> stop(UUID owner, UUID session) {
        String sql = """
                UPDATE running_answers SET stop_requested = true WHERE owner_id = ? AND session_id = ? RETURNING message_id
                """;
        return rows.of(
                owner,
                connection -> Jdbc.query(connection, sql, row -> row.getObject(1, UUID.class), owner, session).stream()
                        .findFirst());
    }

    /** Others may read from now on what an answer rests on. */
    void sources(UUID owner, UUID answer, List<Citation> sources) {
        String sql = "UPDATE running_answers SET sources = ?::jsonb WHERE owner_id = ? AND message_id = ?";
        rows.of(owner, connection -> Jdbc.update(connection, sql, write(sources), owner, answer));
    }

    /**
     * What there is of another process's answer.
     *
     * @param sources null until they are found
     */
    record Snapshot(List<Citation> sources, String content) {}

    /** Reads it, and lets the process that makes it know that somebody does; empty once it is over. */
    Optional<Snapshot> follow(UUID owner, UUID answer) {
        String sql = "UPDATE running_answers SET followed_at = now() WHERE owner_id = ? AND message_id = ?"
                + " RETURNING sources::text, content";
        return rows
                .of(
                        owner,
                        connection -> Jdbc.query(
                                connection,
                                sql,
                                row -> new Snapshot(read(row.getString("sources")), row.getString("content")),
                                owner,
                                answer))
                .stream()
                .findFirst();
    }

    /**
     * What has become of an answer.
     *
     * @param content null if it is as it was
     */
    record Kept(UUID answer, String content) {}

    /**
     * How it goes on with an answer.
     *
     * @param followed whether somebody elsewhere reads it
     */
    record Signal(UUID answer, boolean stop, boolean followed) {}

    /** Writes down what this process's answers have come to. Those that are missing in the reply are none of its any more. */
    List<Signal> keep(UUID process, List<Kept> answers) throws SQLException {
        var ids = new ArrayList<UUID>();
        var contents = new ArrayList<String>();
        for (Kept answer : answers) {
            ids.add(answer.answer());
            contents.add(answer.content());
        }
        try (Connection connection = dataSource.getConnection()) {
            return Jdbc.query(
                    connection,
                    "SELECT id, stop, followed FROM keep_running_answers(?, ?, ?)",
                    row -> new Signal(
                            row.getObject("id", UUID.class), row.getBoolean("stop"), row.getBoolean("followed")),
                    process,
                    new SqlArray("uuid", ids),
                    new SqlArray("text", contents));
        }
    }

    /** An answer whose process is gone. */
    record Abandoned(UUID owner, UUID session, UUID answer) {}

    /** Whoever's. */
    List<Abandoned> abandoned() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return Jdbc.query(
                    connection,
                    "SELECT owner, session, message FROM abandoned_answers(?, ?)",
                    RunningAnswers::abandoned,
                    (double) LONGEST_SILENCE.toSeconds(),
                    MOST_ABANDONED);
        }
    }

    private static Abandoned abandoned(ResultSet row) throws SQLException {
        return new Abandoned(
                row.getObject("owner", UUID.class),
                row.getObject("session", UUID.class),
                row.getObject("message", UUID.class));
    }

    private String write(List<Citation> sources) {
        try {
            return json.writeValueAsString(sources);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Sources cannot be written as JSON", e);
        }
    }

    private List<Citation> read(String sources) {
        try {
            return sources == null ? null : json.readValue(sources, CITATIONS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Sources cannot be read", e);
        }
    }
}
