package dev.customrag.identity;

import dev.customrag.http.Ids;
import dev.customrag.http.Problem;
import dev.customrag.identity.OneTimeToken.Purpose;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Tokens that are good once, those behind the links in mails and of second steps: 256 random bits, twice what OWASP ASVS
 * 5.0, 7.2.3 asks of reference tokens, of which only a hash is stored. Who spends or voids one holds the lock of the
 * person's row: that orders them.
 */
@ApplicationScoped
class OneTimeTokens {

    /** What a sign-in waits with for its second step, whatever the first was. */
    static final Set<Purpose> SECOND_STEPS = Set.of(Purpose.MFA_AFTER_PASSWORD, Purpose.MFA_AFTER_PROVIDER);

    /** Long enough to find the telephone, and to wait for the next code. */
    private static final Duration SECOND_STEP_LIFETIME = Duration.ofMinutes(5);

    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final IdentityConfig config;
    private final MailConfig mail;
    private final Clock clock;

    OneTimeTokens(IdentityConfig config, MailConfig mail, Clock clock) {
        this.config = config;
        this.mail = mail;
        this.clock = clock;
    }

    /** For how long a token is good once it is issued. */
    Duration lifetime(Purpose purpose) {
        return switch (purpose) {
            case EMAIL_VERIFICATION -> config.emailVerificationLifetime();
            case EMAIL_CHANGE -> config.emailChangeLifetime();
            case PASSWORD_RESET -> config.passwordResetLifetime();
            case MFA_AFTER_PASSWORD, MFA_AFTER_PROVIDER -> SECOND_STEP_LIFETIME;
        };
    }

    /**
     * Makes a token that nobody knows yet, and that may become void before anybody does.
     *
     * @param email the address it is sent to; null if it is not sent
     */
    @Transactional(TxType.MANDATORY)
    OneTimeToken prepare(Purpose purpose, UUID userId, String email) {
        var token = new OneTimeToken();
        token.id = Ids.next();
        token.userId = userId;
        token.purpose = purpose;
        token.tokenHash = Sha256.of(secret());
        token.email = email;
        token.createdAt = clock.instant();
        token.expiresAt = token.createdAt.plus(mail.giveUpAfter());
        token.persist();
        return token;
    }

    /** The prepared token of that id, unless it is void by now. */
    @Transactional(TxType.MANDATORY)
    Optional<OneTimeToken> prepared(UUID id) {
        return OneTimeToken.<OneTimeToken>findByIdOptional(id).filter(this::isGood);
    }

    /** The text of a prepared token, good from now on. If it had another text before, that is no longer good. */
    @Transactional(TxType.MANDATORY)
    String issue(OneTimeToken token) {
        String text = secret();
        token.tokenHash = Sha256.of(text);
        token.expiresAt = clock.instant().plus(lifetime(token.purpose));
        return text;
    }

    /** The text of a new token of somebody that is good from now on. */
    @Transactional(TxType.MANDATORY)
    String issue(Purpose purpose, UUID userId) {
        return issue(prepare(purpose, userId, null));
    }

    /**
     * What a token stands for, without spending it: to be asked before work that is not done for everybody.
     *
     * @throws Refused if it is unknown, spent, void, expired or for something else, which all look the same
     */
    @Transactional
    OneTimeToken look(String text, Set<Purpose> purposes) {
        return OneTimeToken.<OneTimeToken>find("tokenHash", Sha256.of(text))
                .firstResultOptional()
                .filter(token -> purposes.contains(token.purpose) && isGood(token))
                .orElseThrow(Refused::new);
    }

    /**
     * Spends a token in the caller's transaction, which has the lock of its person from then on.
     *
     * @throws Refused as {@link #look}, also if the person may not sign in
     */
    @Transactional(TxType.MANDATORY)
    Redeemed redeem(String text, Set<Purpose> purposes) {
        OneTimeToken token = look(text, purposes);
        User user = User.lockedActive(token.userId).orElseThrow(Refused::new);
        // Somebody may have been faster before the lock was ours.
        if (OneTimeToken.update("usedAt = ?1 where id = ?2 and usedAt is null", clock.instant(), token.id) == 0) {
            throw new Refused();
        }
        return new Redeemed(user, token.purpose, token.email);
    }

    /**
     * A spent token.
     *
     * @param user whose it was
     * @param email the address it was sent to
     */
    record Redeemed(User user, Purpose purpose, String email) {}

    /**
     * The token with that text, with one try less: it is taken for good, before anybody looks at what comes with it. Empty
     * if the token is unknown, spent, void, expired, for something else or has no try left.
     */
    @Transactional(TxType.REQUIRES_NEW)
    Optional<OneTimeToken> tried(String text, Set<Purpose> purposes, int most) {
        byte[] hash = Sha256.of(text);
        return OneTimeToken.takeTry(hash, purposes, most, clock.instant())
                ? OneTimeToken.find("tokenHash", hash).firstResultOptional()
                : Optional.empty();
    }

    /** The token of that id if it is still good, kept from others until the transaction ends. */
    @Transactional(TxType.MANDATORY)
    Optional<OneTimeToken> standing(UUID id) {
        return OneTimeToken.<OneTimeToken>findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE)
                .filter(this::isGood);
    }

    /** Spends a token that {@link #standing} gave. */
    @Transactional(TxType.MANDATORY)
    void spend(OneTimeToken token) {
        token.usedAt = clock.instant();
    }

    /** Voids all of somebody's tokens for these purposes. The caller has the lock of the person. */
    @Transactional(TxType.MANDATORY)
    void voidAll(UUID userId, Set<Purpose> purposes) {
        OneTimeToken.update(
                "usedAt = ?1 where userId = ?2 and usedAt is null and purpose in ?3",
                clock.instant(),
                userId,
                purposes);
    }

    private boolean isGood(OneTimeToken token) {
        return token.usedAt == null && token.expiresAt.isAfter(clock.instant());
    }

    private String secret() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A link that cannot be followed. It does not say why. */
    static class Refused extends Problem {

        private static final long serialVersionUID = 1L;

        Refused() {
            super(
                    400,
                    "invalid-token",
                    "Bad request",
                    "This link is not valid, was used before or has expired. Ask for a new one.");
        }
    }
}
