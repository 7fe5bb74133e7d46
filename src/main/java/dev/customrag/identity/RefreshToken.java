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
import java.util.Optional;
import java.util.UUID;

/** One issued refresh token, by its hash: the row alone is of no use to who steals it. */
@Entity
@Table(name = "refresh_tokens")
class RefreshToken extends PanacheEntityBase {

    @Id
    public UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "session_id", nullable = false)
    public SignInSession session;

    /** SHA-256: the token is no guessable password, so that a slow hash would add nothing. */
    @Column(name = "token_hash", nullable = false)
    public byte[] tokenHash;

    @Column(name = "issued_at", nullable = false)
    public Instant issuedAt;

    @Column(name = "expires_at", nullable = false)
    public Instant expiresAt;

    @Column(name = "spent_at")
    public Instant spentAt;

    /** The token that took its place when it was spent. */
    @Column(name = "successor_id")
    public UUID successorId;

    /** Whether it was issued to make up for an answer that got lost, which is done once in a row. */
    @Column(nullable = false)
    public boolean replacement;

    /** Empty before it is spent, and if the clean-up has taken the successor for long expired. */
    Optional<RefreshToken> successor() {
        return successorId == null ? Optional.empty() : findByIdOptional(successorId);
    }
}
