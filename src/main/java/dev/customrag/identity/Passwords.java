package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Problem;
import dev.customrag.identity.OneTimeToken.Purpose;
import dev.customrag.identity.OneTimeTokens.Redeemed;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Replaces passwords: known ones, and forgotten ones by way of a mail. */
@ApplicationScoped
class Passwords {

    private final Accounts accounts;
    private final PasswordPolicy policy;
    private final PasswordHasher hasher;
    private final SignInThrottle throttle;
    private final SignInSessions sessions;
    private final OneTimeTokens tokens;
    private final FirstAdmin firstAdmin;
    private final MailLimits limits;
    private final WaysIn waysIn;
    private final Mails mails;
    private final Audit audit;
    private final Clock clock;

    Passwords(
            Accounts accounts,
            PasswordPolicy policy,
            PasswordHasher hasher,
            SignInThrottle throttle,
            SignInSessions sessions,
            OneTimeTokens tokens,
            FirstAdmin firstAdmin,
            MailLimits limits,
            WaysIn waysIn,
            Mails mails,
            Audit audit,
            Clock clock) {
        this.accounts = accounts;
        this.policy = policy;
        this.hasher = hasher;
        this.throttle = throttle;
        this.sessions = sessions;
        this.tokens = tokens;
        this.firstAdmin = firstAdmin;
        this.limits = limits;
        this.waysIn = waysIn;
        this.mails = mails;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Replaces a password by somebody who knows it. Their other sessions end: OWASP ASVS 5.0, 6.2.3 and 7.4.3.
     *
     * @throws Problem 401 if they do not know it, 429 after too many of these; 422 if the new one is easy to guess
     */
    void change(UUID userId, UUID sessionId, String current, String chosen) {
        User known = accounts.confirmed(userId, current, Type.PASSWORD_CHANGE);
        policy.check(chosen, "new_password", known.email, known.firstName, known.lastName);
        String hash = hasher.hash(chosen);
        boolean changed = QuarkusTransaction.requiringNew().call(() -> User.locked(userId)
                .filter(user -> Objects.equals(user.passwordHash, known.passwordHash))
                .map(user -> {
                    throttle.succeeded(user.email);
                    set(user, hash);
                    sessions.endOthers(userId, sessionId);
                    audit.record(SecurityEvent.succeeded(Type.PASSWORD_CHANGE, userId)
                            .in(sessionId));
                    return user;
                })
                .isPresent());
        if (!changed) {
            // Changed or hashed anew meanwhile: what was compared counts no more.
            change(userId, sessionId, current, chosen);
        }
    }

    /**
     * Sends a link to choose a new password with, if the address has an account. The work is the same if it has none, so
     * that time does not tell: OWASP ASVS 5.0, 6.3.8.
     *
     * @throws Problem 429 if too many come from one network
     */
    void forgot(String email) {
        if (limits.allow(Mail.RESET_PASSWORD, email)) {
            QuarkusTransaction.requiringNew().run(() -> sendLink(email));
        }
    }

    private void sendLink(String email) {
        Optional<UUID> userId = User.idOf(email);
        audit.record(
                userId.isPresent()
                        ? SecurityEvent.succeeded(Type.PASSWORD_RESET_REQUEST, userId.get())
                                .by(null)
                        : SecurityEvent.failed(Type.PASSWORD_RESET_REQUEST, null, "unknown-address"));
        mails.sendIfAny(Mail.RESET_PASSWORD, userId);
    }

    /**
     * Sets a password by a link that {@link #forgot} sent, also for somebody who had none. All sessions end, and the
     * address counts as confirmed, as the link was sent to it. If it was not before, whoever had the account until now may
     * be somebody else: then every other way in closes too.
     *
     * @throws Problem 400 if the token of the link is not good, or no longer; 422 if the password is easy to guess
     */
    void reset(String token, String chosen) {
        try {
            // Who has no link should not keep the cores busy.
            OneTimeToken presented = tokens.look(token, Set.of(Purpose.PASSWORD_RESET));
            User known = accounts.get(presented.userId);
            policy.check(chosen, "new_password", known.email, known.firstName, known.lastName);
            String hash = hasher.hash(chosen);
            QuarkusTransaction.requiringNew().run(() -> {
                Redeemed redeemed = tokens.redeem(token, Set.of(Purpose.PASSWORD_RESET));
                User user = redeemed.user();
                throttle.forgive(user.email);
                if (!user.emailVerified && user.email.equals(redeemed.email())) {
                    waysIn.closeAll(user.id);
                    user.emailVerified = true;
                }
                firstAdmin.recognise(user);
                set(user, hash);
                sessions.endAll(user.id);
                audit.record(SecurityEvent.succeeded(Type.PASSWORD_RESET, user.id));
            });
        } catch (OneTimeTokens.Refused e) {
            audit.recordAlone(SecurityEvent.failed(Type.PASSWORD_RESET, null, "invalid-token"));
            throw e;
        }
    }

    /**
     * Sets a new password of a person whose lock the caller has. Links sent before lead nowhere then: one to change the
     * address may be the doing of whoever knew the old password.
     */
    private void set(User user, String hash) {
        user.passwordHash = hash;
        user.updatedAt = clock.instant();
        tokens.voidAll(user.id, Set.of(Purpose.PASSWORD_RESET, Purpose.EMAIL_CHANGE));
        mails.send(Mail.PASSWORD_CHANGED, user.id, null);
    }
}
