package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The authenticators people sign in with besides their password: TOTP (RFC 6238), and recovery codes for when it is lost.
 * Who changes one, or uses a code, holds the lock of the person's row ({@link User#lockedActive}).
 */
@ApplicationScoped
class SecondFactors {

    private static final Logger LOG = Logger.getLogger(SecondFactors.class);

    private final Totp totp;
    private final RecoveryCodes recoveryCodes;
    private final SecretCipher cipher;
    private final OneTimeTokens oneTimeTokens;
    private final RecentSignIn recentSignIn;
    private final PasswordHasher hasher;
    private final SignInThrottle throttle;
    private final Mails mails;
    private final Audit audit;
    private final IdentityConfig config;
    private final Clock clock;

    SecondFactors(
            Totp totp,
            RecoveryCodes recoveryCodes,
            SecretCipher cipher,
            OneTimeTokens oneTimeTokens,
            RecentSignIn recentSignIn,
            PasswordHasher hasher,
            SignInThrottle throttle,
            Mails mails,
            Audit audit,
            IdentityConfig config,
            Clock clock) {
        this.totp = totp;
        this.recoveryCodes = recoveryCodes;
        this.cipher = cipher;
        this.oneTimeTokens = oneTimeTokens;
        this.recentSignIn = recentSignIn;
        this.hasher = hasher;
        this.throttle = throttle;
        this.mails = mails;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /** What a code turned out to be. */
    enum Proof {
        TOTP("totp"),
        RECOVERY_CODE("recovery-code");

        private final String label;

        Proof(String label) {
            this.label = label;
        }

        /** As it is recorded. */
        String label() {
            return label;
        }
    }

    /**
     * What people are told of theirs.
     *
     * @param confirmedAt since when it counts; null if there is none
     */
    record State(Instant confirmedAt, long recoveryCodesLeft) {}

    /** Whether and since when somebody has one. */
    @Transactional
    State state(UUID userId) {
        return SecondFactor.confirmed(userId)
                .map(factor -> new State(factor.confirmedAt, RecoveryCode.left(userId)))
                .orElse(new State(null, 0));
    }

    /** Whether a sign-in of somebody takes a code. */
    @Transactional(TxType.MANDATORY)
    boolean has(UUID userId) {
        return SecondFactor.confirmed(userId).isPresent();
    }

    /**
     * Makes a secret that counts once a code shows that it arrived. One that was not confirmed is forgotten.
     *
     * @throws Problem 401 if the session is not of a recent sign-in; 409 if there is one that counts
     */
    @Transactional
    AuthenticatorLink enrol(UUID userId, UUID sessionId) {
        User user = person(userId);
        recentSignIn.require(sessionId);
        refuseIfConfirmed(userId);
        byte[] secret = totp.newSecret();
        var factor = SecondFactor.of(userId).orElseGet(SecondFactor::new);
        factor.userId = userId;
        factor.secret = cipher.encrypt(secret, userId);
        factor.createdAt = clock.instant();
        factor.lastStep = 0;
        factor.persist();
        return AuthenticatorLink.of(secret, config.authenticatorIssuer(), user.email);
    }

    /**
     * Makes the new secret count, and gives the recovery codes.
     *
     * @throws Problem 400 if it is not the code, or no secret was made; 409 if one counts already
     */
    List<String> confirm(UUID userId, UUID sessionId, TypedCode code) {
        refuseIfGuessing(userId);
        return QuarkusTransaction.requiringNew()
                .call(() -> {
                    person(userId);
                    refuseIfConfirmed(userId);
                    SecondFactor factor = SecondFactor.of(userId).orElseThrow(SecondFactors::notBegun);
                    if (!acceptTotp(factor, code)) {
                        return Optional.<List<String>>empty();
                    }
                    SecondFactor.confirm(userId, clock.instant());
                    audit.record(SecurityEvent.succeeded(Type.SECOND_FACTOR_ADDED, userId)
                            .in(sessionId));
                    mails.send(Mail.SECOND_FACTOR_ADDED, userId, null);
                    return Optional.of(recoveryCodes.renew(userId));
                })
                .orElseThrow(() -> {
                    recordWrongCode(userId);
                    return Problem.badRequest(
                            "incorrect-code",
                            "That is not the code of this moment. Check that the clock of your device is right, and try again.");
                });
    }

    /**
     * Removes somebody's factor with its recovery codes. Who has no password shows instead that they signed in recently.
     *
     * @throws Problem 401 if the password or the code is not theirs, or the sign-in not recent; 404 if there is no factor;
     *     422 if there is no password where there should be
     */
    void remove(UUID userId, UUID sessionId, String password, TypedCode code) {
        refuseIfGuessing(userId);
        User user = QuarkusTransaction.requiringNew().call(() -> {
            factor(userId);
            return person(userId);
        });
        boolean known = knowsPassword(user, sessionId, password);
        boolean removed = known
                && QuarkusTransaction.requiringNew().call(() -> {
                    person(userId);
                    if (accept(userId, sessionId, code).isEmpty()) {
                        return false;
                    }
                    factor(userId).delete();
                    RecoveryCode.deleteOf(userId);
                    oneTimeTokens.voidAll(userId, OneTimeTokens.SECOND_STEPS);
                    audit.record(SecurityEvent.succeeded(Type.SECOND_FACTOR_REMOVED, userId)
                            .in(sessionId));
                    mails.send(Mail.SECOND_FACTOR_REMOVED, userId, null);
                    return true;
                });
        if (!removed) {
            if (known) {
                recordWrongCode(userId);
            } else {
                audit.recordAlone(SecurityEvent.failed(Type.SECOND_FACTOR_REMOVED, userId, "wrong-password"));
                throttle.failed(user.email);
            }
            throw Problem.unauthorized("incorrect-credentials", "Incorrect password or code");
        }
    }

    /**
     * Gives somebody new recovery codes; the old ones are void.
     *
     * @throws Problem 401 if the code is not theirs; 404 if they have no factor
     */
    List<String> renewRecoveryCodes(UUID userId, UUID sessionId, TypedCode code) {
        refuseIfGuessing(userId);
        return QuarkusTransaction.requiringNew()
                .call(() -> {
                    person(userId);
                    factor(userId);
                    return accept(userId, sessionId, code).map(proof -> {
                        audit.record(SecurityEvent.succeeded(Type.RECOVERY_CODES_RENEWED, userId)
                                .in(sessionId));
                        return recoveryCodes.renew(userId);
                    });
                })
                .orElseThrow(() -> {
                    recordWrongCode(userId);
                    return incorrectCode();
                });
    }

    /**
     * Uses a code up that is one of somebody's at this moment. Empty if it is not, or was used before: then the caller
     * calls {@link #recordWrongCode} once its transaction has ended.
     *
     * @param sessionId the sign-in it happens in; null where one has yet to begin
     * @throws Problem 429 if so many others have failed meanwhile that none may be tried now
     */
    @Transactional(TxType.MANDATORY)
    Optional<Proof> accept(UUID userId, UUID sessionId, TypedCode code) {
        throttle.confirm(person(userId).email);
        return SecondFactor.confirmed(userId).flatMap(factor -> {
            if (code.isTotp()) {
                return acceptTotp(factor, code) ? Optional.of(Proof.TOTP) : Optional.empty();
            }
            if (!recoveryCodes.use(userId, code.asRecoveryCode())) {
                return Optional.empty();
            }
            audit.record(
                    SecurityEvent.succeeded(Type.RECOVERY_CODE_USED, userId).in(sessionId));
            mails.send(Mail.RECOVERY_CODE_USED, userId, null);
            return Optional.of(Proof.RECOVERY_CODE);
        });
    }

    /**
     * Every wrong code comes by here, wherever it was tried: it slows down the sign-in as a wrong password does, or who
     * knows the password had codes without end.
     *
     * @throws Problem 429 if it was one too many
     */
    void recordWrongCode(UUID userId) {
        audit.recordAlone(SecurityEvent.failed(Type.SECOND_FACTOR_CHECK, userId, "wrong-code"));
        email(userId).ifPresent(throttle::failed);
    }

    /**
     * To be asked before a code of somebody is looked at.
     *
     * @throws Problem 429 if none may be tried now
     */
    void refuseIfGuessing(UUID userId) {
        email(userId).ifPresent(throttle::check);
    }

    static Problem incorrectCode() {
        return Problem.unauthorized("incorrect-code", "That code is not right, or was used before.");
    }

    private boolean acceptTotp(SecondFactor factor, TypedCode code) {
        Optional<byte[]> secret = cipher.decrypt(factor.secret, factor.userId);
        if (secret.isEmpty()) {
            // Recovery codes still get the person in.
            LOG.error("A second factor cannot be decrypted. Is its key among identity.previous-encryption-keys?");
            return false;
        }
        return totp.steps(secret.get(), code.text()).anyMatch(step -> SecondFactor.accept(factor.userId, step));
    }

    private boolean knowsPassword(User user, UUID sessionId, String password) {
        if (user.passwordHash == null) {
            QuarkusTransaction.requiringNew().run(() -> recentSignIn.require(sessionId));
            return true;
        }
        if (password == null) {
            throw Problem.invalid("password", "must not be null");
        }
        return hasher.matches(password, user.passwordHash);
    }

    private static Optional<String> email(UUID userId) {
        return QuarkusTransaction.requiringNew()
                .call(() -> User.<User>findByIdOptional(userId).map(user -> user.email));
    }

    private static User person(UUID userId) {
        // Gone since the request was let in: then it is the token that is no longer good.
        return User.lockedActive(userId)
                .orElseThrow(() -> Problem.unauthorized("unauthorized", "This account no longer exists."));
    }

    private static SecondFactor factor(UUID userId) {
        return SecondFactor.confirmed(userId).orElseThrow(() -> Problem.notFound("Second factor"));
    }

    private static void refuseIfConfirmed(UUID userId) {
        if (SecondFactor.confirmed(userId).isPresent()) {
            throw Problem.conflict(
                    "second-factor-exists", "There is an authenticator already. Remove it before you add another.");
        }
    }

    private static Problem notBegun() {
        return Problem.badRequest("no-enrolment", "Begin with POST /auth/mfa/totp.");
    }
}
