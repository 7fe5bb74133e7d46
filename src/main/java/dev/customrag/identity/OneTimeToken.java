package dev.customrag.identity;

import dev.customrag.http.Cursor;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Something that is good for one purpose, once, for a while; known by its hash. */
@Entity
@Table(name = "one_time_tokens")
class OneTimeToken extends PanacheEntityBase {

    /** What a token is for; it is refused for everything else. */
    enum Purpose {
        EMAIL_VERIFICATION,
        EMAIL_CHANGE,
        PASSWORD_RESET,
        /** The second step of a sign-in whose first was the password. */
        MFA_AFTER_PASSWORD,
        /** The second step of a sign-in whose first was a provider's word. */
        MFA_AFTER_PROVIDER
    }

    @Id
    public UUID id;

    /** No reference to the entity: what is decided by a token needs the person as they are once they are locked. */
    @Column(name = "user_id", nullable = false)
    public UUID userId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    public Purpose purpose;

    /** SHA-256: the token is no guessable password, so that a slow hash would add nothing. */
    @Column(name = "token_hash", nullable = false)
    public byte[] tokenHash;

    /** The address it is sent to, which it so confirms; null if it is not sent. */
    public String email;

    /** How often somebody came with it and something that may have been wrong. */
    @Column(nullable = false)
    public int tries;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "expires_at", nullable = false)
    public Instant expiresAt;

    /** When it was spent, or became void. */
    @Column(name = "used_at")
    public Instant usedAt;

    /** A page of somebody's, the latest first. */
    static List<OneTimeToken> of(UUID userId, Optional<Cursor> before, int limit) {
        return LatestFirst.page(OneTimeToken.class, "userId = :user", userId, before, limit);
    }

    /**
     * Takes one try of a token, if it is good and has one left. The row counts, so that those who try at the same moment
     * have no more tries together than one alone.
     */
    static boolean takeTry(byte[] hash, Collection<Purpose> purposes, int most, Instant now) {
        return update(
                        "tries = tries + 1 where tokenHash = ?1 and purpose in ?2 and tries < ?3"
                                + " and usedAt is null and expiresAt > ?4",
                        hash,
                        purposes,
                        most,
                        now)
                == 1;
    }
}
