package dev.customrag.privacy;

import dev.customrag.http.Ids;
import dev.customrag.tenancy.Jdbc;
import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Which people have an export under way, one each: the table {@code data_exports}, which no other class knows. */
@ApplicationScoped
class RunningExports {

    /** Nothing was heard of one for so long: its process died, or its client takes nothing any more. */
    static final Duration ABANDONED_AFTER = Duration.ofMinutes(2);

    private static final String BEGIN = """
            INSERT INTO data_exports AS running (owner_id, id, begun_at, alive_at)
            SELECT person.id, ?, ?, ? FROM users person WHERE person.id = ? FOR KEY SHARE
            ON CONFLICT (owner_id) DO UPDATE
            SET id = excluded.id, begun_at = excluded.begun_at, alive_at = excluded.alive_at
            WHERE running.alive_at < ?
            """;

    private final OwnedRows rows;
    private final Clock clock;

    RunningExports(OwnedRows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /** Begins one, in the caller's transaction; empty if the person has another. */
    Optional<UUID> begin(UUID person) {
        UUID id = Ids.next();
        Instant now = clock.instant();
        int begun = rows.of(
                person, connection -> Jdbc.update(connection, BEGIN, id, now, now, person, now.minus(ABANDONED_AFTER)));
        return begun > 0 ? Optional.of(id) : Optional.empty();
    }

    /** A sign of life; false if it is to end, as the account is gone or another one was begun in its place. */
    boolean keep(UUID person, UUID id) {
        String sql = "UPDATE data_exports SET alive_at = ? WHERE owner_id = ? AND id = ?";
        return rows.of(person, connection -> Jdbc.update(connection, sql, clock.instant(), person, id)) > 0;
    }

    void end(UUID person, UUID id) {
        String sql = "DELETE FROM data_exports WHERE owner_id = ? AND id = ?";
        rows.of(person, connection -> Jdbc.update(connection, sql, person, id));
    }
}
