package dev.customrag.identity;

import dev.customrag.http.Cursor;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Whom a provider vouches for: one of its accounts, and the account here that it opens. */
@Entity
@Table(name = "social_identities")
class SocialIdentity extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "user_id", nullable = false)
    public UUID userId;

    /** The provider's name in the configuration. */
    @Column(nullable = false)
    public String provider;

    /** Who the person is there. */
    @Column(nullable = false)
    public String subject;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    static Optional<SocialIdentity> of(String provider, String subject) {
        return find("provider = ?1 and subject = ?2", provider, subject).firstResultOptional();
    }

    /** One of somebody's. */
    static Optional<SocialIdentity> of(UUID userId, UUID id) {
        return find("userId = ?1 and id = ?2", userId, id).firstResultOptional();
    }

    /** A page of somebody's, the latest first. */
    static List<SocialIdentity> page(UUID userId, Optional<Cursor> before, int limit) {
        return LatestFirst.page(SocialIdentity.class, "userId = :user", userId, before, limit);
    }

    /** Whether somebody has another than that one at one of these providers. */
    static boolean hasOther(UUID userId, UUID id, Collection<String> providers) {
        return count("userId = ?1 and id <> ?2 and provider in ?3", userId, id, providers) > 0;
    }

    /** Removes what somebody has, and says how many those were. */
    static long deleteOf(UUID userId) {
        return delete("userId", userId);
    }
}
