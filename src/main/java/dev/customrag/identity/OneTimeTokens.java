package dev.customrag.identity;

import dev.customrag.http.Ids;
import dev.customrag.identity.OneTimeToken.Purpose;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Tokens that are good once: 256 random bits each, of which the database has the hash. */
@ApplicationScoped
class OneTimeTokens {

    /** What a sign-in waits with for its second step, whatever the first was. */
    static final Set<Purpose> SECOND_STEPS = Set.of(Purpose.MFA_AFTER_PASSWORD, Purpose.MFA_AFTER_PROVIDER);

    /** Long enough to find the telephone, and to wait for the next code. */
    private static final Duration SECOND_STEP_LIFETIME = Duration.ofMinutes(5);

    private static final int BYTES = 32;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    OneTimeTokens(Clock clock) {
        this.clock = clock;
    }

    /** For how long a token is good once it is issued. */
    Duration lifetime(Purpose purpose) {
        return switch (purpose) {
            case MFA_AFTER_PASSWORD, MFA_AFTER_PROVIDER -> SECOND_STEP_LIFETIME;
        };
    }

    /** The text of a new token of somebody. */
    @Transactional(TxType.MANDATORY)
    String issue(Purpose purpose, UUID userId) {
        String text = secret();
        var token = new OneTimeToken();
        token.id = Ids.next();
        token.userId = userId;
        token.purpose = purpose;
        token.tokenHash = hash(text);
        token.createdAt = clock.instant();
        token.expiresAt = token.createdAt.plus(lifetime(purpose));
        token.persist();
        return text;
    }

    /**
     * The token with that text, with one try less: it is taken for good, before anybody looks at what comes with it. Empty
     * if the token is unknown, spent, void, expired, for something else or has no try left.
     */
    @Transactional(TxType.REQUIRES_NEW)
    Optional<OneTimeToken> tried(String text, Set<Purpose> purposes, int most) {
        byte[] hash = hash(text);
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

    /** Voids all of somebody's tokens for these purposes. */
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

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
