package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Ids;
import dev.customrag.http.Problem;
import dev.customrag.http.RateLimits;
import dev.customrag.http.RateLimits.Kind;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import org.hibernate.exception.ConstraintViolationException;

/** Opens accounts. */
@ApplicationScoped
class Registration {

    private final PasswordPolicy policy;
    private final PasswordHasher hasher;
    private final RateLimits limits;
    private final Mails mails;
    private final FirstAdmin firstAdmin;
    private final Audit audit;
    private final Clock clock;

    Registration(
            PasswordPolicy policy,
            PasswordHasher hasher,
            RateLimits limits,
            Mails mails,
            FirstAdmin firstAdmin,
            Audit audit,
            Clock clock) {
        this.policy = policy;
        this.hasher = hasher;
        this.limits = limits;
        this.mails = mails;
        this.firstAdmin = firstAdmin;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Opens an account, and writes to its address to have it confirmed.
     *
     * @throws Problem 400 if the address has one, also if somebody else is faster at this moment; 422 if the password is
     *     easy to guess; 429 if too many come from one network
     */
    User register(String email, String firstName, String lastName, String password) {
        policy.check(password, "password", email, firstName, lastName);
        hasher.refuseIfFull();
        limits.count(Kind.REGISTRATION);
        if (QuarkusTransaction.requiringNew().call(() -> User.withEmail(email)).isPresent()) {
            throw alreadyRegistered();
        }
        var user = new User();
        user.id = Ids.next();
        user.email = email;
        user.firstName = firstName;
        user.lastName = lastName;
        // Before the transaction: nobody should wait a quarter of a second with a connection in hand.
        user.passwordHash = hasher.hash(password);
        user.active = true;
        user.createdAt = clock.instant();
        user.updatedAt = user.createdAt;
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                user.persistAndFlush();
                audit.record(SecurityEvent.succeeded(Type.REGISTRATION, user.id));
                mails.send(Mail.VERIFY_EMAIL, user.id, null);
                firstAdmin.registered(user);
            });
        } catch (ConstraintViolationException e) {
            if (User.ONE_ACCOUNT_PER_ADDRESS.equals(e.getConstraintName())) {
                throw alreadyRegistered();
            }
            throw e;
        }
        return user;
    }

    private Problem alreadyRegistered() {
        audit.recordAlone(SecurityEvent.failed(Type.REGISTRATION, null, "address-taken"));
        return Problem.badRequest("email-already-registered", "Email already registered");
    }
}
