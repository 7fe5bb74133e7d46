package dev.customrag.identity;

import java.util.Locale;
import java.util.UUID;
import org.jose4j.jwt.JwtClaims;

/**
 * What a verified token says.
 *
 * @param claims all of its claims
 * @param id its {@code jti}
 * @param userId its {@code sub}
 * @param sessionId its {@code sid}: the sign-in it belongs to
 */
record Token(JwtClaims claims, UUID id, UUID userId, UUID sessionId) {

    /** What a token is for; each is refused where the other is wanted (RFC 8725, section 3.12). */
    enum Type {
        ACCESS,
        REFRESH;

        /** As the {@code type} claim carries it. */
        String claim() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
