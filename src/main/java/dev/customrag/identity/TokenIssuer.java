package dev.customrag.identity;

import dev.customrag.http.Ids;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.jwt.Claims;

/** Signs access and refresh tokens (RFC 7519). Each has an id of its own: two of the same second differ. */
@ApplicationScoped
class TokenIssuer {

    private final SigningKeys keys;
    private final IdentityConfig config;
    private final SessionLimits limits;
    private final Clock clock;

    TokenIssuer(SigningKeys keys, IdentityConfig config, SessionLimits limits, Clock clock) {
        this.keys = keys;
        this.config = config;
        this.limits = limits;
        this.clock = clock;
    }

    /** A signed token with its id and the times it carries. */
    record Issued(UUID id, String text, Instant issuedAt, Instant expiresAt) {

        Duration lifetime() {
            return Duration.between(issuedAt, expiresAt);
        }
    }

    /** A new access token for a session. */
    Issued access(SignInSession session) {
        return issue(Token.Type.ACCESS, session, config.accessTokenLifetime());
    }

    /** A new refresh token for a session. */
    Issued refresh(SignInSession session) {
        return issue(Token.Type.REFRESH, session, config.refreshTokenLifetime());
    }

    /** The refresh token of a row once more: the same text, as long as the same key signs. */
    Issued refreshAgain(RefreshToken row) {
        return sign(Token.Type.REFRESH, row.session, row.id, row.issuedAt, row.expiresAt);
    }

    private Issued issue(Token.Type type, SignInSession session, Duration lifetime) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return sign(type, session, Ids.next(), now, limits.end(session, now, lifetime));
    }

    private Issued sign(Token.Type type, SignInSession session, UUID id, Instant issuedAt, Instant expiresAt) {
        String text = Jwt.claims()
                .issuer(config.issuer())
                .audience(config.audience())
                .subject(session.user.id.toString())
                .issuedAt(issuedAt)
                .expiresAt(expiresAt)
                .groups(type == Token.Type.ACCESS ? Set.copyOf(session.user.roles) : Set.of())
                .claim(Claims.jti, id.toString())
                .claim(TokenVerifier.SESSION, session.id.toString())
                .claim(TokenVerifier.TYPE, type.claim())
                .jws()
                .algorithm(SignatureAlgorithm.RS256)
                .keyId(keys.signingId())
                .sign(keys.signing());
        return new Issued(id, text, issuedAt, expiresAt);
    }
}
