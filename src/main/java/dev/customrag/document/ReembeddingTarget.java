package dev.customrag.document;

import dev.customrag.model.VectorSpace;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/**
 * Which model all documents are to be of, in the table {@code embedding_target}: no other class reads or writes it.
 * During a deployment processes of two configurations run, and each would find the documents of the other outdated. The
 * process that started last has its way, until no process of its configuration has been seen for a while.
 */
@ApplicationScoped
class ReembeddingTarget {

    private static final String CLAIM = """
            INSERT INTO embedding_target (embedding_model, dimensions, seen_at) VALUES (?, ?, ?)
            ON CONFLICT (one) DO UPDATE
            SET embedding_model = excluded.embedding_model, dimensions = excluded.dimensions, seen_at = excluded.seen_at
            """;

    private static final String UNLESS_ANOTHERS = """
            WHERE (embedding_target.embedding_model, embedding_target.dimensions)
                    = (excluded.embedding_model, excluded.dimensions)
                OR embedding_target.seen_at < ?
            """;

    private final DataSource dataSource;
    private final Clock clock;

    ReembeddingTarget(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** This process starts: its model it shall be. */
    void claim(VectorSpace space) {
        update(CLAIM, space);
    }

    /**
     * Whether it is this process's model still, or again.
     *
     * @param patience for how long another one counts without being seen
     */
    boolean confirm(VectorSpace space, Duration patience) {
        return update(CLAIM + UNLESS_ANOTHERS, space, clock.instant().minus(patience)) > 0;
    }

    private int update(String sql, VectorSpace space, Instant... more) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, space.model());
            update.setInt(2, space.dimensions());
            update.setObject(3, clock.instant().atOffset(ZoneOffset.UTC));
            for (int i = 0; i < more.length; i++) {
                update.setObject(4 + i, more[i].atOffset(ZoneOffset.UTC));
            }
            return update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("The model to re-embed for could not be written", e);
        }
    }
}
