package dev.customrag.identity;

import dev.customrag.http.Cursor;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;

/** A person with an account. Only what was changed is written: what others changed meanwhile stays. */
@Entity
@DynamicUpdate
@Table(name = "users")
class User extends PanacheEntityBase {

    /** The unique index that an address is refused by. */
    static final String ONE_ACCOUNT_PER_ADDRESS = "users_email_key";

    @Id
    public UUID id;

    /** As typed; compared without case. */
    @Column(nullable = false)
    public String email;

    @Column(name = "first_name", nullable = false)
    public String firstName;

    @Column(name = "last_name", nullable = false)
    public String lastName;

    /** Null for who signs in through a provider only. */
    @Column(name = "password_hash")
    public String passwordHash;

    /** {@link Roles#ADMIN}, or nothing. */
    @Column(nullable = false)
    public List<String> roles = List.of();

    @Column(name = "is_active", nullable = false)
    public boolean active;

    @Column(name = "email_verified", nullable = false)
    public boolean emailVerified;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "updated_at", nullable = false)
    public Instant updatedAt;

    /** Who has this address; PostgreSQL lowers both sides, so that the unique index and this agree. */
    static Optional<User> withEmail(String email) {
        return find("lower(email) = lower(?1)", email).firstResultOptional();
    }

    /** The id alone of who has this address, which takes the same time if nobody has it. */
    static Optional<UUID> idOf(String email) {
        return getEntityManager()
                .createQuery("select id from User where lower(email) = lower(?1)", UUID.class)
                .setParameter(1, email)
                .getResultStream()
                .findFirst();
    }

    /** The person of that id, kept from others until the transaction ends. */
    static Optional<User> locked(UUID id) {
        return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** The same if the account is active: nobody closes it, or changes its password, until the transaction ends. */
    static Optional<User> lockedActive(UUID id) {
        return locked(id).filter(user -> user.active);
    }

    /** Who has this address, kept from others until the transaction ends. */
    static Optional<User> lockedWithEmail(String email) {
        return find("lower(email) = lower(?1)", email)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** The active administrators, kept from others until the transaction ends; always in the same order. */
    static List<User> lockedAdministrators() {
        return getSession().createNativeQuery("""
                        SELECT * FROM users WHERE roles <> '{}' AND 'admin' = ANY (roles) AND is_active
                        ORDER BY id FOR NO KEY UPDATE
                        """, User.class).list();
    }

    /**
     * Whether there is no other account. Whoever asks waits for those who have asked before, so that of several new ones
     * at most one is told so.
     */
    static boolean isAlone(UUID id) {
        if (hasOthers(id)) {
            return false;
        }
        getSession()
                .createNativeQuery(
                        "SELECT CAST(pg_advisory_xact_lock(hashtext('the first account')) AS text)", String.class)
                .list();
        return !hasOthers(id);
    }

    private static boolean hasOthers(UUID id) {
        return find("id <> ?1", id).firstResultOptional().isPresent();
    }

    /** The accounts that match, newest first. A text has no index: it is looked for in the address and name of each. */
    static List<User> list(UserFilter filter, Optional<Cursor> before, int limit) {
        var sql = new StringBuilder("SELECT * FROM users WHERE true");
        Map<String, Object> parameters = new HashMap<>();
        if (!filter.text().isEmpty()) {
            sql.append(" AND (lower(email) LIKE lower(:text) ESCAPE '!'"
                    + " OR lower(first_name || ' ' || last_name) LIKE lower(:text) ESCAPE '!')");
            parameters.put("text", "%" + filter.text().replaceAll("[!%_]", "!$0") + "%");
        }
        if (filter.active() != null) {
            sql.append(" AND is_active = :active");
            parameters.put("active", filter.active());
        }
        if (filter.role() != null) {
            sql.append(" AND roles <> '{}' AND :role = ANY (roles)");
            parameters.put("role", filter.role());
        }
        before.ifPresent(last -> {
            sql.append(" AND (created_at, id) < (:at, :id)");
            parameters.put("at", last.at());
            parameters.put("id", last.id());
        });
        sql.append(" ORDER BY created_at DESC, id DESC LIMIT ").append(limit);
        var query = getSession().createNativeQuery(sql.toString(), User.class);
        parameters.forEach(query::setParameter);
        return query.list();
    }

    boolean isAdmin() {
        return roles.contains(Roles.ADMIN);
    }
}
