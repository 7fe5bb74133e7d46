package dev.customrag.identity;

import dev.customrag.http.Cursor;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Parameters;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.LockModeType;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** One login of one person, on one device. It stands until {@link #endedAt}, whatever tokens it has. */
@Entity
@Table(name = "sign_in_sessions")
class SignInSession extends PanacheEntityBase {

    @Id
    public UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "user_id", nullable = false)
    public User user;

    /** What the person signed in with, by the name {@link Device} gives it. */
    @Column(nullable = false)
    public String device;

    /** Where from: the network, empty if unknown. */
    @Column(name = "address_prefix", nullable = false)
    public String addressPrefix;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "last_used_at", nullable = false)
    public Instant lastUsedAt;

    @Column(name = "ended_at")
    public Instant endedAt;

    /** The session of that id with its person, kept from others until the transaction ends. */
    static Optional<SignInSession> locked(UUID id) {
        return find("from SignInSession session join fetch session.user where session.id = ?1", id)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** A page of somebody's sessions that stand, the latest first. */
    static List<SignInSession> standing(
            UUID userId, Instant usedAfter, Instant begunAfter, Optional<Cursor> before, int limit) {
        String last = before.map(cursor -> " and (createdAt, id) < (:at, :id)").orElse("");
        var parameters = Parameters.with("user", userId).and("used", usedAfter).and("begun", begunAfter);
        before.ifPresent(cursor -> parameters.and("at", cursor.at()).and("id", cursor.id()));
        return SignInSession.<SignInSession>find(
                        "user.id = :user and endedAt is null and lastUsedAt > :used and createdAt > :begun" + last
                                + " order by createdAt desc, id desc",
                        parameters)
                .range(0, limit - 1)
                .list();
    }

    /** A page of somebody's sessions, also of those that have ended, the latest first. */
    static List<SignInSession> of(UUID userId, Optional<Cursor> before, int limit) {
        return LatestFirst.page(SignInSession.class, "user.id = :user", userId, before, limit);
    }

    /** Whether somebody who has signed in before did so never with this device from this network. */
    static boolean isNewPlace(SignInSession session) {
        return exists("session.user = ?1", session.user)
                && !exists(
                        "session.user = ?1 and session.addressPrefix = ?2 and session.device = ?3",
                        session.user,
                        session.addressPrefix,
                        session.device);
    }

    /** Whether who has this address began one from that network since then. */
    static boolean existsFrom(String network, String email, Instant since) {
        return exists(
                "lower(session.user.email) = lower(?1) and session.addressPrefix = ?2 and session.createdAt > ?3",
                email,
                network,
                since);
    }

    /** Reads one at most: somebody may have signed in ever so often. */
    private static boolean exists(String condition, Object... parameters) {
        var query = getSession()
                .createSelectionQuery("select 1 from SignInSession session where " + condition, Integer.class)
                .setMaxResults(1);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query.uniqueResultOptional().isPresent();
    }

    /** When each of these people last signed in; without those who never did. */
    static Map<UUID, Instant> lastBegun(List<UUID> userIds) {
        return getSession()
                .createQuery(
                        "select session.user.id, max(session.createdAt) from SignInSession session"
                                + " where session.user.id in :users group by session.user.id",
                        Object[].class)
                .setParameter("users", userIds)
                .getResultStream()
                .collect(Collectors.toMap(row -> (UUID) row[0], row -> (Instant) row[1]));
    }

    /** Ends a session of a person. False if there is none such, or it had ended before. */
    static boolean end(UUID userId, UUID id, Instant now) {
        return update("endedAt = ?1 where id = ?2 and user.id = ?3 and endedAt is null", now, id, userId) == 1;
    }

    /** Ends all sessions of a person, but for one if it is given. */
    static void endAll(UUID userId, UUID except, Instant now) {
        update(
                "endedAt = ?1 where user.id = ?2 and endedAt is null and (cast(?3 as uuid) is null or id <> ?3)",
                now,
                userId,
                except);
    }
}
