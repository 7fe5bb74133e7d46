package dev.customrag.identity;

import dev.customrag.http.Ids;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.jwt.Claims;

/** Signs access and refresh tokens (RFC 7519). Each has an id of its own: two of the same second differ. */
@ApplicationScoped
class TokenIssuer {

    private final SigningKeys keys;
    private final IdentityConfig config;
    private final Clock clock;

    TokenIssuer(SigningKeys keys, IdentityConfig config, Clock clock) {
        this.keys = keys;
        this.config = config;
        this.clock = clock;
    }

    /** A signed token with its id and the times it carries. */
    record Issued(UUID id, String text, Instant issuedAt, Instant expiresAt) {

        Duration lifetime() {
            return Duration.between(issuedAt, expiresAt);
        }
    }

    Issued access(UUID userId, UUID sessionId) {
        return issue(Token.Type.ACCESS, userId, sessionId, config.accessTokenLifetime());
    }

    Issued refresh(UUID userId, UUID sessionId) {
        return issue(Token.Type.REFRESH, userId, sessionId, config.refreshTokenLifetime());
    }

    private Issued issue(Token.Type type, UUID userId, UUID sessionId, Duration lifetime) {
        UUID id = Ids.next();
        Instant now = clock.instant();
        Instant end = now.plus(lifetime);
        String text = Jwt.claims()
                .issuer(config.issuer())
                .audience(config.audience())
                .subject(userId.toString())
                .issuedAt(now)
                .expiresAt(end)
                .groups(Set.of())
                .claim(Claims.jti, id.toString())
                .claim(TokenVerifier.SESSION, sessionId.toString())
                .claim(TokenVerifier.TYPE, type.claim())
                .jws()
                .algorithm(SignatureAlgorithm.RS256)
                .keyId(keys.signingId())
                .sign(keys.signing());
        return new Issued(id, text, now, end);
    }
}
