package dev.customrag.identity;

import dev.customrag.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Asks people to sign in anew before they change how they sign in: a session found open is not enough for that. */
@ApplicationScoped
class RecentSignIn {

    private final Duration limit;
    private final Clock clock;

    RecentSignIn(IdentityConfig config, Clock clock) {
        limit = config.recentSignIn();
        this.clock = clock;
    }

    /**
     * Lets a session pass that began a short while ago.
     *
     * @throws Problem 401 else, with the challenge of RFC 9470, section 3
     */
    @Transactional(TxType.MANDATORY)
    void require(UUID sessionId) {
        Instant begun = SignInSession.<SignInSession>findByIdOptional(sessionId)
                .map(session -> session.createdAt)
                .orElse(Instant.MIN);
        if (begun.isBefore(clock.instant().minus(limit))) {
            throw Problem.unauthorized("sign-in-too-old", "Sign in again, and then repeat this.")
                    .header(
                            HttpHeaders.WWW_AUTHENTICATE,
                            "Bearer error=\"insufficient_user_authentication\", max_age=\"" + limit.toSeconds() + "\"");
        }
    }
}
