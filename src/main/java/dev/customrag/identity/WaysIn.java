package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.util.UUID;

/**
 * What lets somebody in beside the password. Who registers with another person's address can prepare such a way, and wait
 * until that person takes the account over: Sudhodanan and Paverd, "Pre-hijacked accounts", USENIX Security 2022.
 */
@ApplicationScoped
class WaysIn {

    private static final String REASON = "address-proven";

    private final Audit audit;
    private final Clock clock;

    WaysIn(Audit audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /** Revokes somebody's API keys, disconnects their providers, and removes their second factor. */
    @Transactional(TxType.MANDATORY)
    void closeAll(UUID userId) {
        record(Type.API_KEY_REVOKED, userId, ApiKey.revokeAll(userId, clock.instant()));
        record(Type.PROVIDER_UNLINKED, userId, SocialIdentity.deleteOf(userId));
        record(Type.SECOND_FACTOR_REMOVED, userId, SecondFactor.deleteOf(userId));
        RecoveryCode.deleteOf(userId);
    }

    private void record(Type type, UUID userId, long closed) {
        if (closed > 0) {
            audit.record(SecurityEvent.succeeded(type, userId).because(REASON));
        }
    }
}
