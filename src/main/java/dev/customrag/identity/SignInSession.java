package dev.customrag.identity;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** One login of one person, on one device. It stands until {@link #endedAt}, whatever tokens it has. */
@Entity
@Table(name = "sign_in_sessions")
class SignInSession extends PanacheEntityBase {

    @Id
    public UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "user_id", nullable = false)
    public User user;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "last_used_at", nullable = false)
    public Instant lastUsedAt;

    @Column(name = "ended_at")
    public Instant endedAt;

    /** Notes that a session was used. False if it has ended, also if that happened a moment ago. */
    static boolean use(UUID id, Instant now) {
        return update("lastUsedAt = ?1 where id = ?2 and endedAt is null", now, id) == 1;
    }

    /** Ends a session. False if it had ended before. */
    static boolean end(UUID id, Instant now) {
        return update("endedAt = ?1 where id = ?2 and endedAt is null", now, id) == 1;
    }

    /** Ends all sessions of a person. */
    static void endAll(UUID userId, Instant now) {
        update("endedAt = ?1 where user.id = ?2 and endedAt is null", now, userId);
    }
}
