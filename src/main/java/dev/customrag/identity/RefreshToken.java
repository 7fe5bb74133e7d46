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

    /** The token of that hash, with its session and person. */
    static Optional<RefreshToken> withHash(byte[] hash) {
        return find(
                        "from RefreshToken token join fetch token.session session join fetch session.user"
                                + " where token.tokenHash = ?1",
                        (Object) hash)
                .firstResultOptional();
    }

    /** Spends a token. False for all but one of those who try at once, and ever after. */
    static boolean spend(UUID id, Instant now) {
        return update("spentAt = ?1 where id = ?2 and spentAt is null", now, id) == 1;
    }
}
