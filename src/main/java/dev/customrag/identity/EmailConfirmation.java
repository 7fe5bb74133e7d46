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
import java.util.Set;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;

/** Finds out whether an address is its person's: the one they registered with, and one they change to. */
@ApplicationScoped
class EmailConfirmation {

    private static final Set<Purpose> LINKS = Set.of(Purpose.EMAIL_VERIFICATION, Purpose.EMAIL_CHANGE);

    private final Accounts accounts;
    private final SignInThrottle throttle;
    private final OneTimeTokens tokens;
    private final FirstAdmin firstAdmin;
    private final MailLimits limits;
    private final Mails mails;
    private final Audit audit;
    private final Clock clock;

    EmailConfirmation(
            Accounts accounts,
            SignInThrottle throttle,
            OneTimeTokens tokens,
            FirstAdmin firstAdmin,
            MailLimits limits,
            Mails mails,
            Audit audit,
            Clock clock) {
        this.accounts = accounts;
        this.throttle = throttle;
        this.tokens = tokens;
        this.firstAdmin = firstAdmin;
        this.limits = limits;
        this.mails = mails;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Confirms the address that the link with this token was sent to; it becomes the account's if it was not.
     *
     * @throws Problem 400 if the token is not good, or no longer; 409 if somebody else has come to have the address
     */
    void confirm(String token) {
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                Redeemed redeemed = tokens.redeem(token, LINKS);
                if (redeemed.purpose() == Purpose.EMAIL_CHANGE) {
                    move(redeemed.user(), redeemed.email());
                } else {
                    verify(redeemed.user(), redeemed.email());
                }
            });
        } catch (OneTimeTokens.Refused e) {
            audit.recordAlone(SecurityEvent.failed(Type.EMAIL_VERIFICATION, null, "invalid-token"));
            throw e;
        } catch (ConstraintViolationException e) {
            if (!User.ONE_ACCOUNT_PER_ADDRESS.equals(e.getConstraintName())) {
                throw e;
            }
            audit.recordAlone(SecurityEvent.failed(Type.EMAIL_CHANGE, null, "address-taken"));
            throw Problem.conflict("email-already-registered", "Email already registered");
        }
    }

    /**
     * Sends the link once more, if the address has an account that needs it; the same work if not.
     *
     * @throws Problem 429 if too many come from one network
     */
    void askAgain(String email) {
        if (limits.allow(Mail.VERIFY_EMAIL, email)) {
            QuarkusTransaction.requiringNew().run(() -> mails.sendIfAny(Mail.VERIFY_EMAIL, User.idOf(email)));
        }
    }

    /**
     * Asks the owner of a new address whether it may become that of an account. Whether it has an account already is for
     * them alone to know. The link of a request before leads nowhere: its address may have been mistyped.
     *
     * @throws Problem 401 if the password is not theirs: OWASP ASVS 5.0, 7.5.1; 429 after too many of these; 422 if it is
     *     the account's address already
     */
    void askToMove(UUID userId, UUID sessionId, String email, String password) {
        User known = accounts.confirmed(userId, password, Type.EMAIL_CHANGE_REQUEST);
        if (known.email.equals(email)) {
            throw Problem.invalid("email", "is the address of your account already");
        }
        if (!limits.allow(Mail.CONFIRM_NEW_EMAIL, email)) {
            return;
        }
        QuarkusTransaction.requiringNew().run(() -> {
            User.locked(userId).ifPresent(user -> {
                throttle.succeeded(user.email);
                tokens.voidAll(userId, Set.of(Purpose.EMAIL_CHANGE));
                mails.send(Mail.CONFIRM_NEW_EMAIL, userId, tokens.prepare(Purpose.EMAIL_CHANGE, userId, email).id);
                audit.record(SecurityEvent.succeeded(Type.EMAIL_CHANGE_REQUEST, userId)
                        .in(sessionId));
            });
        });
    }

    private void verify(User user, String email) {
        if (!user.email.equals(email)) {
            throw new OneTimeTokens.Refused();
        }
        user.emailVerified = true;
        user.updatedAt = clock.instant();
        tokens.voidAll(user.id, Set.of(Purpose.EMAIL_VERIFICATION));
        firstAdmin.recognise(user);
        audit.record(SecurityEvent.succeeded(Type.EMAIL_VERIFICATION, user.id));
    }

    private void move(User user, String email) {
        String before = user.email;
        user.email = email;
        user.emailVerified = true;
        user.updatedAt = clock.instant();
        user.persistAndFlush();
        // They were sent to the old address.
        tokens.voidAll(user.id, Set.of(Purpose.EMAIL_VERIFICATION, Purpose.EMAIL_CHANGE, Purpose.PASSWORD_RESET));
        firstAdmin.recognise(user);
        audit.record(SecurityEvent.succeeded(Type.EMAIL_CHANGE, user.id));
        mails.sendTo(before, Mail.EMAIL_CHANGED, user.id);
    }
}
