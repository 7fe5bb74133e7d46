package dev.customrag.identity;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A code that stands in for a lost authenticator, once; by its hash. */
@Entity
@Table(name = "recovery_codes")
class RecoveryCode extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "user_id", nullable = false)
    public UUID userId;

    /** SHA-256: it is too long to guess, see {@link RecoveryCodes}. */
    @Column(name = "code_hash", nullable = false)
    public byte[] codeHash;

    @Column(name = "used_at")
    public Instant usedAt;

    /** Uses a code of somebody up. False if they have none such, or used it before. */
    static boolean use(UUID userId, byte[] hash, Instant now) {
        return update("usedAt = ?1 where userId = ?2 and codeHash = ?3 and usedAt is null", now, userId, hash) == 1;
    }

    /** Those somebody has, used ones included: ten at most. */
    static List<RecoveryCode> of(UUID userId) {
        return list("userId = ?1 order by id", userId);
    }

    static long left(UUID userId) {
        return count("userId = ?1 and usedAt is null", userId);
    }

    static void deleteOf(UUID userId) {
        delete("userId", userId);
    }
}
