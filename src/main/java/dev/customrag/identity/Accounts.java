package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.UUID;

/** What people do with their own account. */
@ApplicationScoped
class Accounts {

    private final PasswordHasher hasher;
    private final SignInThrottle throttle;
    private final Audit audit;
    private final Clock clock;

    Accounts(PasswordHasher hasher, SignInThrottle throttle, Audit audit, Clock clock) {
        this.hasher = hasher;
        this.throttle = throttle;
        this.audit = audit;
        this.clock = clock;
    }

    /** The account of that id. */
    @Transactional
    User get(UUID id) {
        // Gone since the request was let in: then it is the token that is no longer good.
        return User.<User>findByIdOptional(id).orElseThrow(Accounts::gone);
    }

    /** Changes the names that are given; null leaves one as it is. */
    @Transactional
    User rename(UUID id, String firstName, String lastName) {
        User user = standing(id);
        user.firstName = firstName == null ? user.firstName : firstName;
        user.lastName = lastName == null ? user.lastName : lastName;
        user.updatedAt = clock.instant();
        return user;
    }

    /**
     * Deletes an account; everything of the person's goes with it, as every foreign key to users cascades.
     *
     * @throws Problem 401 if the password is not theirs: OWASP ASVS 5.0, 7.5.1; 429 after too many of these
     */
    void delete(UUID id, UUID sessionId, String password) {
        User known = confirmed(id, password, Type.ACCOUNT_DELETED);
        boolean deleted = QuarkusTransaction.requiringNew().call(() -> {
            User user = standing(id);
            if (!known.passwordHash.equals(user.passwordHash)) {
                return false;
            }
            throttle.succeeded(user.email);
            user.delete();
            audit.record(SecurityEvent.succeeded(Type.ACCOUNT_DELETED, id).in(sessionId));
            return true;
        });
        if (!deleted) {
            // Changed or hashed anew meanwhile: what was compared counts no more.
            delete(id, sessionId, password);
        }
    }

    /** The account of that id, kept from others until the transaction ends. */
    private static User standing(UUID id) {
        return User.lockedActive(id).orElseThrow(Accounts::gone);
    }

    private static Problem gone() {
        return Problem.unauthorized("unauthorized", "This account no longer exists.");
    }

    /**
     * The account of that id, as whoever asks knows its password; nobody does where there is none. The transaction that
     * acts upon it calls {@link SignInThrottle#succeeded}.
     *
     * @param attempted what they may not do if they do not, for the record
     * @throws Problem 401 if they do not; 429 after too many of these
     */
    User confirmed(UUID id, String password, Type attempted) {
        User user = QuarkusTransaction.requiringNew().call(() -> get(id));
        throttle.check(user.email);
        if (!hasher.matches(password, user.passwordHash)) {
            audit.recordAlone(SecurityEvent.failed(attempted, id, "wrong-password"));
            throttle.failed(user.email);
            throw Problem.unauthorized("incorrect-credentials", "Incorrect password");
        }
        return user;
    }
}
