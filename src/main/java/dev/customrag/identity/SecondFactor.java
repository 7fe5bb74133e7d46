package dev.customrag.identity;

import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Somebody's authenticator. It counts from {@link #confirmedAt} on. */
@Entity
@Table(name = "second_factors")
class SecondFactor extends PanacheEntityBase {

    @Id
    @Column(name = "user_id")
    public UUID userId;

    /** As {@link SecretCipher} writes it. */
    @Column(nullable = false)
    public byte[] secret;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "confirmed_at")
    public Instant confirmedAt;

    /** The step of the last code that was accepted. */
    @Column(name = "last_step", nullable = false)
    public long lastStep;

    static Optional<SecondFactor> of(UUID userId) {
        return findByIdOptional(userId);
    }

    static Optional<SecondFactor> confirmed(UUID userId) {
        return SecondFactor.of(userId).filter(factor -> factor.confirmedAt != null);
    }

    /**
     * Accepts the code of a step, unless that or a later one was accepted before: each works once, and of two who come
     * with it at a time one wins (RFC 6238, section 5.2; OWASP ASVS 5.0, 6.5.1).
     */
    static boolean accept(UUID userId, long step) {
        return update("lastStep = ?1 where userId = ?2 and lastStep < ?1", step, userId) == 1;
    }

    /** From now on it counts. */
    static void confirm(UUID userId, Instant now) {
        update("confirmedAt = ?1 where userId = ?2", now, userId);
    }

    /** Some of those whose secret one of these keys encrypted, kept from others until the transaction ends. */
    static List<SecondFactor> encryptedWith(Collection<Long> keys, UUID after, int limit) {
        List<byte[]> names = keys.stream()
                .map(key -> ByteBuffer.allocate(EncryptionKeys.NAME_BYTES)
                        .putLong(key)
                        .array())
                .toList();
        return Panache.getSession()
                .createNativeQuery("""
                        SELECT * FROM second_factors
                        WHERE substring(secret FROM 1 FOR :bytes) IN (:names) AND user_id > :after
                        ORDER BY user_id LIMIT :limit FOR UPDATE
                        """, SecondFactor.class)
                .setParameter("bytes", EncryptionKeys.NAME_BYTES)
                .setParameter("names", names)
                .setParameter("after", after)
                .setParameter("limit", limit)
                .getResultList();
    }

    /** Removes what somebody has, and says how many those were. */
    static long deleteOf(UUID userId) {
        return delete("userId", userId);
    }
}
