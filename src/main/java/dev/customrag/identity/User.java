package dev.customrag.identity;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A person with an account. */
@Entity
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
}
