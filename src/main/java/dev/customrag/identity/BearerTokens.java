package dev.customrag.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.time.Clock;
import java.time.Duration;

/**
 * Who is behind an {@code Authorization: Bearer} header, by our own rules instead of the extension's settings. What was
 * verified a moment ago is not verified again: the signature of a token does not change, its expiry is looked at each
 * time, and whether its session stands is for {@link SessionCheck} to say on every request.
 */
@Alternative
@Priority(1)
@ApplicationScoped
class BearerTokens extends JWTCallerPrincipalFactory {

    private static final int MOST_REMEMBERED = 10_000;
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);

    private final TokenVerifier verifier;
    private final Clock clock;
    private final Cache<String, JWTCallerPrincipal> verified = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED_FOR)
            .build();

    BearerTokens(TokenVerifier verifier, Clock clock) {
        this.verifier = verifier;
        this.clock = clock;
    }

    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo ignored) throws ParseException {
        JWTCallerPrincipal known = verified.getIfPresent(token);
        if (known != null && known.getExpirationTime() > clock.instant().getEpochSecond()) {
            return known;
        }
        try {
            var principal = new DefaultJWTCallerPrincipal(
                    token, "JWT", verifier.verify(token, Token.Type.ACCESS).claims());
            verified.put(token, principal);
            return principal;
        } catch (TokenRefused e) {
            throw new ParseException(e.getMessage());
        }
    }
}
