package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.customrag.testing.MovableClock;
import io.quarkus.runtime.LaunchMode;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is remembered of a token must not outlive it. */
class BearerTokensTest {

    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final Duration SKEW = Duration.ofSeconds(5);

    private final MovableClock clock = new MovableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final IdentityConfig config = PasswordHasherTest.config(Map.of());
    private final SigningKeys keys = new SigningKeys(config, LaunchMode.TEST);
    private final TokenIssuer issuer = new TokenIssuer(keys, config, new SessionLimits(config), clock);
    private final BearerTokens tokens = new BearerTokens(new TokenVerifier(keys, config, clock), clock);

    private final String token = issuer.access(session(clock)).text();

    @Test
    void aTokenIsVerifiedOnceAndRememberedUntilItExpires() throws ParseException {
        var first = tokens.parse(token, new JWTAuthContextInfo());

        clock.pass(LIFETIME.minusSeconds(1));

        assertThat(tokens.parse(token, new JWTAuthContextInfo())).isSameAs(first);
    }

    @Test
    void aRememberedTokenIsRefusedOnceItHasExpired() throws ParseException {
        tokens.parse(token, new JWTAuthContextInfo());

        clock.pass(LIFETIME.plus(SKEW));

        isRefused(token);
    }

    @Test
    void theClocksOfReplicasMayDifferALittle() throws ParseException {
        var remembered = tokens.parse(token, new JWTAuthContextInfo());

        clock.pass(LIFETIME.plus(SKEW).minusSeconds(1));

        var verifiedAgain = tokens.parse(token, new JWTAuthContextInfo());
        assertThat(verifiedAgain).isNotSameAs(remembered);
        assertThat(verifiedAgain.getRawToken()).isEqualTo(token);
    }

    @Test
    void aTokenFromTheFutureIsNotBelievedBeforeItsTime() throws ParseException {
        clock.pass(SKEW.negated().minusSeconds(1));
        isRefused(token);

        clock.pass(Duration.ofSeconds(1));
        assertThat(tokens.parse(token, new JWTAuthContextInfo()).getRawToken()).isEqualTo(token);
    }

    @Test
    void aRefreshTokenIsNotBelieved() {
        isRefused(issuer.refresh(session(clock)).text());
    }

    /** Somebody's, begun now. */
    static SignInSession session(Clock clock) {
        var session = new SignInSession();
        session.id = UUID.randomUUID();
        session.user = new User();
        session.user.id = UUID.randomUUID();
        session.createdAt = clock.instant();
        return session;
    }

    private void isRefused(String text) {
        assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> tokens.parse(text, new JWTAuthContextInfo()))
                .withMessage("Token refused")
                .withNoCause();
    }
}
