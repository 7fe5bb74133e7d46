package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;

/** Signs people in. */
@ApplicationScoped
class SignIn {

    private final PasswordHasher hasher;
    private final RefreshTokens tokens;
    private final SignInSessions sessions;
    private final SignInThrottle throttle;
    private final Audit audit;

    SignIn(PasswordHasher hasher, RefreshTokens tokens, SignInSessions sessions, SignInThrottle throttle, Audit audit) {
        this.hasher = hasher;
        this.tokens = tokens;
        this.sessions = sessions;
        this.throttle = throttle;
        this.audit = audit;
    }

    /**
     * Begins a session on this device for who knows the password; those on others go on. Makes an outdated hash of the
     * password anew, which takes once more as long: of those who cannot sign in nobody waits for it.
     *
     * @throws Problem 401, the same and after the same time for an unknown address, a wrong password and an inactive
     *     account: OWASP ASVS 5.0, 6.3.8; 429 after too many of these; 503 if too many wait to sign in already
     */
    SignedIn signIn(String email, String password) {
        hasher.refuseIfFull();
        throttle.check(email);
        Optional<User> found = QuarkusTransaction.requiringNew().call(() -> User.withEmail(email));
        String stored = found.map(user -> user.passwordHash).orElse(null);
        boolean matches = hasher.matches(password, stored);
        User user = found.orElseThrow(() -> refused(email, null, "unknown-address"));
        if (!matches) {
            throw refused(email, user.id, "wrong-password");
        }
        if (!user.active) {
            throw refused(email, user.id, "inactive-account");
        }
        Optional<String> rehashed = hasher.isOutdated(stored) ? hasher.rehash(password) : Optional.empty();
        return QuarkusTransaction.requiringNew()
                .call(() -> locked(user.id)
                        .filter(person -> stored.equals(person.passwordHash))
                        .map(person -> {
                            throttle.succeeded(email);
                            rehashed.ifPresent(hash -> person.passwordHash = hash);
                            return tokens.begin(person, "password");
                        }))
                // Changed or hashed anew meanwhile, or the account is closed: what was compared counts no more.
                .orElseGet(() -> signIn(email, password));
    }

    /**
     * Begins a session on this device for whom a sign-in provider vouches for.
     *
     * @throws Problem 401 if the account is not active
     */
    SignedIn admit(UUID userId) {
        return QuarkusTransaction.requiringNew()
                .call(() -> locked(userId).map(person -> tokens.begin(person, "provider")))
                .orElseThrow(() -> refused(userId, "inactive-account"));
    }

    /** Ends all sessions of somebody, of which the request at hand belongs to one. */
    @Transactional
    void outEverywhere(UUID userId, UUID sessionId) {
        sessions.endAll(userId);
        audit.record(SecurityEvent.succeeded(Type.SIGN_OUT_EVERYWHERE, userId).in(sessionId));
    }

    /** An active person, whom nobody deactivates and whose password nobody changes while a session begins. */
    private static Optional<User> locked(UUID userId) {
        return User.<User>findByIdOptional(userId, LockModeType.PESSIMISTIC_WRITE)
                .filter(user -> user.active);
    }

    private Problem refused(String email, UUID userId, String reason) {
        Problem refused = refused(userId, reason);
        throttle.failed(email);
        return refused;
    }

    private Problem refused(UUID userId, String reason) {
        audit.recordAlone(SecurityEvent.failed(Type.SIGN_IN, userId, reason));
        return Problem.unauthorized("incorrect-credentials", "Incorrect email or password");
    }
}
