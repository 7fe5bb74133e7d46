package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Problem;
import dev.customrag.identity.OneTimeToken.Purpose;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.TransactionExceptionResult;
import io.quarkus.narayana.jta.TransactionRunnerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;

/** Signs people in: with a password or through a provider, and then with a code if they have a second factor. */
@ApplicationScoped
class SignIn {

    /** Wrong codes before the first step is asked for again: RFC 4226, section 7.3. */
    private static final int SECOND_STEP_TRIES = 5;

    private final PasswordHasher hasher;
    private final RefreshTokens tokens;
    private final SecondFactors factors;
    private final OneTimeTokens oneTimeTokens;
    private final SignInSessions sessions;
    private final SignInThrottle throttle;
    private final Audit audit;
    private final IdentityConfig config;

    SignIn(
            PasswordHasher hasher,
            RefreshTokens tokens,
            SecondFactors factors,
            OneTimeTokens oneTimeTokens,
            SignInSessions sessions,
            SignInThrottle throttle,
            Audit audit,
            IdentityConfig config) {
        this.hasher = hasher;
        this.tokens = tokens;
        this.factors = factors;
        this.oneTimeTokens = oneTimeTokens;
        this.sessions = sessions;
        this.throttle = throttle;
        this.audit = audit;
        this.config = config;
    }

    /**
     * Begins a session on this device for who knows the password; those on others go on. Makes an outdated hash of the
     * password anew, which takes once more as long: of those who cannot sign in nobody waits for it.
     *
     * @throws Problem 401, the same and after the same time for an unknown address, a wrong password and an inactive
     *     account: OWASP ASVS 5.0, 6.3.8; 403 if the address should be confirmed first, to who knows the password; 429
     *     after too many of these; 503 if too many wait to sign in already
     * @throws SecondStepRequired if the password is right and a code is missing
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
        if (!user.emailVerified && !config.unverifiedMaySignIn()) {
            QuarkusTransaction.requiringNew().run(() -> throttle.confirm(email));
            audit.recordAlone(SecurityEvent.failed(Type.SIGN_IN, user.id, "unverified-address"));
            throw new Problem(
                    403,
                    "email-not-verified",
                    "Forbidden",
                    "Confirm your e-mail address first: open the link in the mail you got, or ask for a new one.");
        }
        Optional<String> rehashed = hasher.isOutdated(stored) ? hasher.rehash(password) : Optional.empty();
        return transaction()
                .call(() -> User.lockedActive(user.id)
                        .filter(person -> stored.equals(person.passwordHash))
                        .map(person -> {
                            if (factors.has(person.id)) {
                                throttle.confirm(email);
                            } else {
                                throttle.succeeded(email);
                            }
                            rehashed.ifPresent(hash -> person.passwordHash = hash);
                            return begin(person, Purpose.MFA_AFTER_PASSWORD);
                        }))
                // Changed or hashed anew meanwhile, or the account is closed: what was compared counts no more.
                .orElseGet(() -> signIn(email, password));
    }

    /**
     * Begins a session on this device for whom a sign-in provider vouches for.
     *
     * @throws Problem 401 if the account is not active
     * @throws SecondStepRequired if a code is missing
     */
    SignedIn admit(UUID userId) {
        return transaction()
                .call(() -> User.lockedActive(userId).map(person -> begin(person, Purpose.MFA_AFTER_PROVIDER)))
                .orElseThrow(() -> refused(userId, "inactive-account"));
    }

    /**
     * Does the second step of a sign-in.
     *
     * @param secondStep the token of {@link SecondStepRequired}
     * @throws Problem 401 if the token is none, spent, out of date, tried too often, or was given out before something
     *     changed that it rested on: the password, the factor, whether the account is active; or if the code is not right
     */
    SignedIn verify(String secondStep, TypedCode code) {
        OneTimeToken pending = oneTimeTokens
                .tried(secondStep, OneTimeTokens.SECOND_STEPS, SECOND_STEP_TRIES)
                .orElseThrow(() -> unusable(null));
        factors.refuseIfGuessing(pending.userId);
        Optional<Optional<SignedIn>> judged = QuarkusTransaction.requiringNew().call(() -> User.lockedActive(
                        pending.userId)
                .filter(person -> factors.has(person.id))
                .flatMap(person -> oneTimeTokens.standing(pending.id).map(standing -> judged(person, standing, code))));
        return judged.orElseThrow(() -> unusable(pending.userId)).orElseThrow(() -> {
            factors.recordWrongCode(pending.userId);
            return SecondFactors.incorrectCode();
        });
    }

    private Optional<SignedIn> judged(User person, OneTimeToken pending, TypedCode code) {
        return factors.accept(person.id, null, code).map(proof -> {
            throttle.succeeded(person.email);
            oneTimeTokens.spend(pending);
            return tokens.begin(person, firstStep(pending.purpose) + "+" + proof.label());
        });
    }

    /** Ends all sessions of somebody, of which the request at hand belongs to one. */
    @Transactional
    void outEverywhere(UUID userId, UUID sessionId) {
        sessions.endAll(userId);
        audit.record(SecurityEvent.succeeded(Type.SIGN_OUT_EVERYWHERE, userId).in(sessionId));
    }

    private Problem refused(String email, UUID userId, String reason) {
        Problem refused = refused(userId, reason);
        throttle.failed(email);
        return refused;
    }

    /** A transaction that keeps what it did also when it ends by asking for a code. */
    private static TransactionRunnerOptions transaction() {
        return QuarkusTransaction.requiringNew()
                .exceptionHandler(thrown -> thrown instanceof SecondStepRequired
                        ? TransactionExceptionResult.COMMIT
                        : TransactionExceptionResult.ROLLBACK);
    }

    /** What follows the first step, whichever it was. */
    private SignedIn begin(User person, Purpose secondStep) {
        if (!factors.has(person.id)) {
            return tokens.begin(person, firstStep(secondStep));
        }
        audit.record(
                SecurityEvent.succeeded(Type.SECOND_FACTOR_ASKED, person.id).because(firstStep(secondStep)));
        throw new SecondStepRequired(oneTimeTokens.issue(secondStep, person.id), oneTimeTokens.lifetime(secondStep));
    }

    private static String firstStep(Purpose secondStep) {
        return switch (secondStep) {
            case MFA_AFTER_PASSWORD -> "password";
            case MFA_AFTER_PROVIDER -> "provider";
            case EMAIL_VERIFICATION, EMAIL_CHANGE, PASSWORD_RESET ->
                throw new IllegalArgumentException(secondStep + " signs nobody in");
        };
    }

    private Problem refused(UUID userId, String reason) {
        audit.recordAlone(SecurityEvent.failed(Type.SIGN_IN, userId, reason));
        return Problem.unauthorized("incorrect-credentials", "Incorrect email or password");
    }

    private Problem unusable(UUID userId) {
        audit.recordAlone(SecurityEvent.failed(Type.SECOND_FACTOR_CHECK, userId, "unusable-token"));
        return Problem.unauthorized(
                "invalid-mfa-token", "This sign-in took too long or too many tries. Begin it again.");
    }
}
