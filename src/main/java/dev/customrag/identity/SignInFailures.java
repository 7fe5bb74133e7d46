package dev.customrag.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Counts failures in a row, by address and network. Stored is a hash of both; the address is lowered by PostgreSQL, as in
 * the unique index of accounts, so that what is one account to the latter is one counter here.
 */
@ApplicationScoped
class SignInFailures {

    private static final String KEY = "sha256(convert_to(lower(?) || chr(10) || ?, 'UTF8'))";

    /** Two look-ups in the primary key. */
    static final String COUNTERS = "SELECT network, blocked_until FROM sign_in_failures JOIN (VALUES (" + KEY
            + ", ?), (" + KEY + ", ?)) AS asked (asked_key, network) ON key = asked_key ORDER BY key";

    /** A counter that has not moved for so long counts no more. */
    static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    private final DataSource database;
    private final Clock clock;

    SignInFailures(DataSource database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A counter, and until when nothing may be tried. */
    record Counter(String network, Instant blockedUntil) {}

    /** What is counted for an address at two networks. */
    List<Counter> of(String email, String network, String other) {
        return counters("", email, network, other);
    }

    /** The same, kept from others until the transaction ends; of two who ask for the same neither waits for ever. */
    List<Counter> locked(String email, String network, String other) {
        return counters(" FOR UPDATE OF sign_in_failures", email, network, other);
    }

    /** Counts one more, and says how many there are now in a row. Empty where nothing may be tried: it does not count. */
    Optional<Integer> add(String email, String network) {
        OffsetDateTime now = time(clock.instant());
        return query(
                        "INSERT INTO sign_in_failures AS counter (key, failures, last_failed_at, blocked_until) VALUES ("
                                + KEY + ", 1, ?, ?)" + """
                                 ON CONFLICT (key) DO UPDATE SET
                                    failures = CASE WHEN counter.last_failed_at < ? THEN 1 ELSE counter.failures + 1 END,
                                    last_failed_at = excluded.last_failed_at
                                WHERE counter.blocked_until <= excluded.last_failed_at
                                RETURNING failures
                                """,
                        row -> row.getInt("failures"),
                        email,
                        network,
                        now,
                        now,
                        now.minus(FORGOTTEN_AFTER))
                .stream()
                .findFirst();
    }

    /** Lets nothing be tried for a while. */
    void block(String email, String network, Duration wait) {
        execute(
                "UPDATE sign_in_failures SET blocked_until = ? WHERE key = " + KEY,
                time(clock.instant().plus(wait)),
                email,
                network);
    }

    /** Begins anew. */
    void clear(String email, String network) {
        execute("DELETE FROM sign_in_failures WHERE key = " + KEY, email, network);
    }

    /** Removes counters that have not moved for long enough to count no more; of those, {@code most} at a time. */
    int forget(int most) {
        return execute("""
                DELETE FROM sign_in_failures WHERE key = ANY (ARRAY (
                    SELECT key FROM sign_in_failures WHERE last_failed_at < ? LIMIT ? FOR UPDATE SKIP LOCKED))
                """, time(clock.instant().minus(FORGOTTEN_AFTER)), most);
    }

    private List<Counter> counters(String lock, String email, String network, String other) {
        return query(
                COUNTERS + lock,
                row -> new Counter(
                        row.getString("network"),
                        row.getObject("blocked_until", OffsetDateTime.class).toInstant()),
                email,
                network,
                network,
                email,
                other,
                other);
    }

    private interface Row<T> {

        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Row<T> reader, Object... parameters) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<T> found = new ArrayList<>();
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(reader.read(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("Failed sign-ins could not be read", e);
        }
    }

    private int execute(String sql, Object... parameters) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Failed sign-ins could not be written", e);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
