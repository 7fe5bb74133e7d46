package dev.customrag.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;

/** How long a sign-in lasts: without being used, and in all. OWASP ASVS 5.0, 7.3.1 and 7.3.2. */
@ApplicationScoped
class SessionLimits {

    private final IdentityConfig config;

    SessionLimits(IdentityConfig config) {
        this.config = config;
    }

    /** Whether a session may go on. */
    boolean allow(SignInSession session, Instant now) {
        return session.lastUsedAt.isAfter(oldestUse(now)) && session.createdAt.isAfter(oldestBeginning(now));
    }

    /** What was last used before then is over. */
    Instant oldestUse(Instant now) {
        return now.minus(longestWithoutUse());
    }

    /** How long a session lasts that is not used. */
    Duration longestWithoutUse() {
        return min(config.refreshTokenLifetime(), config.sessionIdleLimit().orElse(null));
    }

    /** What began before then is over. */
    Instant oldestBeginning(Instant now) {
        return config.sessionLifetime().map(now::minus).orElse(Instant.EPOCH);
    }

    /** When a token ends that would be good for a time: with its session at the latest. */
    Instant end(SignInSession session, Instant now, Duration lifetime) {
        Instant end = now.plus(lifetime);
        return config.sessionLifetime()
                .map(session.createdAt::plus)
                .filter(end::isAfter)
                .orElse(end);
    }

    private static Duration min(Duration one, Duration other) {
        return other == null || one.compareTo(other) < 0 ? one : other;
    }
}
