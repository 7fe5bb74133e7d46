package dev.customrag.identity;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A {@link ProviderAttempt} that waits for the provider's answer: good for one, on whichever replica it arrives. */
@Entity
@Table(name = "provider_attempts")
class PendingAttempt extends PanacheEntityBase {

    @Id
    public UUID id;

    /** SHA-256 of the state. */
    @Column(name = "state_hash", nullable = false)
    public byte[] stateHash;

    /** Who has to answer. */
    @Column(nullable = false)
    public String provider;

    /** The sign-in of who wants to connect the provider to their account; null to sign in. */
    @Column(name = "session_id")
    public UUID sessionId;

    @Column(name = "expires_at", nullable = false)
    public Instant expiresAt;

    /** The one that waits for this answer; it waits no longer. Empty for all but one of those who ask at once. */
    static Optional<PendingAttempt> take(byte[] stateHash, String provider, Instant now) {
        return PendingAttempt.<PendingAttempt>find(
                        "stateHash = ?1 and provider = ?2 and expiresAt > ?3", stateHash, provider, now)
                .firstResultOptional()
                .filter(attempt -> delete("id", attempt.id) == 1);
    }
}
