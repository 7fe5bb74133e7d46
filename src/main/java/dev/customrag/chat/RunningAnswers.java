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

    /** As {@code keep_running_answers} takes it: whoever follows asks several times in it. */
    private static final Duration FOLLOWED_FOR = Duration.ofSeconds(2);

    /** Other followers of the same answer ask within it. */
    private static final Duration LEFT_FOR_OTHERS = Duration.ofMillis(500);

    /** While the database was away nobody could give a sign of life. */
    private static final String ALIVE =
            " greatest(alive_at, pg_postmaster_start_time()) >= now() - make_interval(secs => ?) ";

    private static final String COLUMNS = " session_id, message_id, sources::text, content," + ALIVE + "AS alive ";

    private static final int MOST_ABANDONED = 1_000;

    private static final TypeReference<List<Citation>> CITATIONS = new TypeReference<>() {};

    private final OwnedRows rows;
    private final DataSource dataSource;
    private final ObjectMapper json;
    private final double longestSilence;

    RunningAnswers(OwnedRows rows, DataSource dataSource, ObjectMapper json, ChatConfig config) {
        this.rows = rows;
        this.dataSource = dataSource;
        this.json = json;
        this.longestSilence = config.longestSilence().toMillis() / 1000.0;
    }

    /**
     * Within the transaction that begins it; false if the session has another.
     *
     * @param sources null until they are found
     */
    boolean insert(Connection connection, UUID owner, UUID session, UUID answer, UUID process, List<Citation> sources)
            throws SQLException {
        String sql = """
                INSERT INTO running_answers (message_id, session_id, owner_id, process, sources, alive_at)
                VALUES (?, ?, ?, ?, ?::jsonb, clock_timestamp())
                ON CONFLICT (session_id) DO NOTHING
                """;
        return Jdbc.update(connection, sql, answer, session, owner, process, write(sources)) > 0;
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

    /** Whether its process may still work on it; also if a crash of the database has lost the row and that does not know yet. */
    boolean isAlive(Connection connection, UUID owner, UUID answer) throws SQLException {
        String sql = "SELECT WHERE pg_postmaster_start_time() >= now() - make_interval(secs => ?) OR EXISTS ("
                + "SELECT FROM running_answers WHERE owner_id = ? AND message_id = ? AND" + ALIVE + ")";
        return !Jdbc.query(connection, sql, row -> true, longestSilence, owner, answer, longestSilence)
                .isEmpty();
    }

    /** An answer of the session whose process does not work on it any more. */
    Optional<UUID> abandonedIn(Connection connection, UUID owner, UUID session) throws SQLException {
        String sql = "SELECT message_id FROM running_answers WHERE owner_id = ? AND session_id = ? AND NOT" + ALIVE;
        return Jdbc.query(connection, sql, row -> row.getObject(1, UUID.class), owner, session, longestSilence).stream()
                .findFirst();
    }

    /**
     * An answer as other processes know it.
     *
     * @param sources null until they are found
     * @param alive whether its process still works on it
     */
    record Running(UUID session, UUID answer, List<Citation> sources, String content, boolean alive) {}

    /** The answer on its way in a session, wherever. */
    Optional<Running> in(UUID owner, UUID session) {
        return running(
                owner,
                "SELECT" + COLUMNS + "FROM running_answers WHERE owner_id = ? AND session_id = ?",
                longestSilence,
                owner,
                session);
    }

    /** This answer, if it is on its way. */
    Optional<Running> find(UUID owner, UUID answer) {
        return running(
                owner,
                "SELECT" + COLUMNS + "FROM running_answers WHERE owner_id = ? AND message_id = ?",
                longestSilence,
                owner,
                answer);
    }

    /** The same, and lets the process that makes it know that somebody reads. */
    Optional<Running> follow(UUID owner, UUID answer) {
        return running(
                owner,
                "UPDATE running_answers SET followed_at = now() WHERE owner_id = ? AND message_id = ? RETURNING"
                        + COLUMNS,
                owner,
                answer,
                longestSilence);
    }

    /** One who {@link #follow}ed it reads no more. Others who do have time to say so. */
    void leave(UUID owner, UUID answer) {
        String sql = "UPDATE running_answers SET followed_at = least(followed_at, now() - make_interval(secs => ?))"
                + " WHERE owner_id = ? AND message_id = ?";
        double ago = FOLLOWED_FOR.minus(LEFT_FOR_OTHERS).toMillis() / 1000.0;
        rows.of(owner, connection -> Jdbc.update(connection, sql, ago, owner, answer));
    }

    /** Asks the process that makes the answer of a session to stop; which answer that is, if there is one. */
    Optional<Running> stop(UUID owner, UUID session) {
        return running(
                owner,
                "UPDATE running_answers SET stop_requested = true WHERE owner_id = ? AND session_id = ? RETURNING"
                        + COLUMNS,
                owner,
                session,
                longestSilence);
    }

    private Optional<Running> running(UUID owner, String sql, Object... parameters) {
        return rows.of(owner, connection -> Jdbc.query(connection, sql, this::running, parameters)).stream()
                .findFirst();
    }

    private Running running(ResultSet row) throws SQLException {
        return new Running(
                row.getObject("session_id", UUID.class),
                row.getObject("message_id", UUID.class),
                read(row.getString("sources")),
                row.getString("content"),
                row.getBoolean("alive"));
    }

    /** Others may read from now on what an answer rests on. */
    void sources(UUID owner, UUID answer, List<Citation> sources) {
        String sql = "UPDATE running_answers SET sources = ?::jsonb WHERE owner_id = ? AND message_id = ?";
        rows.of(owner, connection -> Jdbc.update(connection, sql, write(sources), owner, answer));
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
                    longestSilence,
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
            return sources == null ? null : json.writeValueAsString(sources);
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
