package dev.customrag.identity;

import dev.customrag.http.Cursor;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A key a program comes with in its owner's place. Listed until it is revoked, also if it has expired. */
@Entity
@Table(name = "api_keys")
class ApiKey extends PanacheEntityBase {

    @Id
    public UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "user_id", nullable = false)
    public User user;

    /** What its owner calls it. */
    @Column(nullable = false)
    public String name;

    /** {@link KeyText#hash}. */
    @Column(name = "key_hash", nullable = false)
    public byte[] keyHash;

    /** {@link KeyText#hint}. */
    @Column(nullable = false)
    public String hint;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    /** Null if it is good until it is revoked. */
    @Column(name = "expires_at")
    public Instant expiresAt;

    /** To the minute; written by {@link ApiKeyCheck}. */
    @Column(name = "last_used_at", insertable = false, updatable = false)
    public Instant lastUsedAt;

    @Column(name = "revoked_at")
    public Instant revokedAt;

    /** A page of somebody's keys, the newest first. */
    static List<ApiKey> of(UUID userId, Optional<Cursor> before, int limit) {
        return LatestFirst.page(ApiKey.class, "user.id = :user and revokedAt is null", userId, before, limit);
    }

    /** The same with those that were revoked. */
    static List<ApiKey> ever(UUID userId, Optional<Cursor> before, int limit) {
        return LatestFirst.page(ApiKey.class, "user.id = :user", userId, before, limit);
    }

    /** How many keys somebody has. */
    static long count(User user) {
        return count("user = ?1 and revokedAt is null", user);
    }

    /** Revokes a key of a person. False if there is none such. */
    static boolean revoke(UUID userId, UUID id, Instant now) {
        return update("revokedAt = ?1 where id = ?2 and user.id = ?3 and revokedAt is null", now, id, userId) == 1;
    }

    /** Ends all keys of somebody's, and says how many those were. */
    static long revokeAll(UUID userId, Instant now) {
        return update("revokedAt = ?1 where user.id = ?2 and revokedAt is null", now, userId);
    }
}
