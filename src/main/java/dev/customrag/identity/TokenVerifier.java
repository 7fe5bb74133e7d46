package dev.customrag.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.UUID;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Believes a token only if one of our keys signed it with the one algorithm we use, for us, and it is of the wanted type
 * and not out of date: RFC 8725, sections 3.1 to 3.12. What the token's header says about keys ({@code jwk}, {@code jku},
 * {@code x5c}) is never looked at.
 */
@ApplicationScoped
class TokenVerifier {

    /** The claim that names the sign-in session: OpenID Connect Front-Channel Logout 1.0, section 3. */
    static final String SESSION = "sid";

    /** The claim that tells access from refresh tokens. */
    static final String TYPE = "type";

    private final SigningKeys keys;
    private final IdentityConfig config;
    private final Clock clock;

    TokenVerifier(SigningKeys keys, IdentityConfig config, Clock clock) {
        this.keys = keys;
        this.config = config;
        this.clock = clock;
    }

    /** What a token of that type says. */
    Token verify(String text, Token.Type wanted) throws TokenRefused {
        try {
            return read(consumer().processToClaims(text), wanted);
        } catch (InvalidJwtException e) {
            // Not passed on: its message quotes the claims.
            throw isOutOfDateOnly(e)
                    ? new TokenRefused(read(e.getJwtContext().getJwtClaims(), wanted))
                    : new TokenRefused();
        }
    }

    /** The signature is looked at first: where it is wrong, that is all there is to say. */
    private static boolean isOutOfDateOnly(InvalidJwtException refusal) {
        return refusal.getErrorDetails().size() == 1 && refusal.hasExpired();
    }

    private static Token read(JwtClaims claims, Token.Type wanted) throws TokenRefused {
        try {
            String session = claims.getStringClaimValue(SESSION);
            if (session != null && wanted.claim().equals(claims.getStringClaimValue(TYPE))) {
                return new Token(
                        claims,
                        UUID.fromString(claims.getJwtId()),
                        UUID.fromString(claims.getSubject()),
                        UUID.fromString(session));
            }
        } catch (MalformedClaimException | IllegalArgumentException e) {
            // As above.
        }
        throw new TokenRefused();
    }

    /** Made anew for each token, as the time to compare with is part of it: nothing beside the signature. */
    private JwtConsumer consumer() {
        int skew = Math.toIntExact(config.clockSkew().toSeconds());
        return new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(
                        AlgorithmConstraints.ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256)
                .setVerificationKeyResolver((jws, nesting) -> keys.verifying(jws.getKeyIdHeaderValue())
                        .orElseThrow(() -> new UnresolvableKeyException("Not one of our keys")))
                .setExpectedIssuer(config.issuer())
                .setExpectedAudience(config.audience())
                .setRequireSubject()
                .setRequireJwtId()
                .setRequireIssuedAt()
                .setRequireExpirationTime()
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .setAllowedClockSkewInSeconds(skew)
                // For how long ago is for the expiry to say.
                .setIssuedAtRestrictions(0, Integer.MAX_VALUE)
                .build();
    }
}
