package dev.customrag.identity;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.LongStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Time-based one-time passwords (RFC 6238) of the one kind that all authenticator apps know: SHA-1, 6 digits, 30 s. */
@ApplicationScoped
class Totp {

    static final int DIGITS = 6;
    static final int STEP_SECONDS = 30;

    /** As long as the hash: RFC 4226, section 4, R6. */
    private static final int SECRET_BYTES = 20;

    /** Codes of the step before and after count too, for clocks that differ and people who type: RFC 6238, section 5.2. */
    private static final int STEPS_AROUND = 1;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final TimeBasedOneTimePasswordGenerator generator = new TimeBasedOneTimePasswordGenerator();

    Totp(Clock clock) {
        this.clock = clock;
    }

    byte[] newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    /** The steps around now whose code it is, the earliest first; none for most of what people could type. */
    LongStream steps(byte[] secret, String code) {
        var key = new SecretKeySpec(secret, "HmacSHA1");
        byte[] typed = code.getBytes(StandardCharsets.UTF_8);
        long now = Math.floorDiv(clock.instant().getEpochSecond(), (long) STEP_SECONDS);
        return LongStream.rangeClosed(now - STEPS_AROUND, now + STEPS_AROUND)
                .filter(step -> MessageDigest.isEqual(code(key, step).getBytes(StandardCharsets.UTF_8), typed));
    }

    private String code(SecretKey key, long step) {
        try {
            // In the default locale it may be the digits of another script.
            return generator.generateOneTimePasswordString(
                    key, Instant.ofEpochSecond(step * STEP_SECONDS), Locale.ROOT);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }
}
