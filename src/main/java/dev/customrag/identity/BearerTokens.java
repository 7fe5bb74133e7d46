package dev.customrag.identity;

import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

/** Who is behind an {@code Authorization: Bearer} header, by our own rules instead of the extension's settings. */
@Alternative
@Priority(1)
@ApplicationScoped
class BearerTokens extends JWTCallerPrincipalFactory {

    private final TokenVerifier verifier;

    BearerTokens(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo ignored) throws ParseException {
        try {
            return new DefaultJWTCallerPrincipal(
                    token, "JWT", verifier.verify(token, Token.Type.ACCESS).claims());
        } catch (TokenRefused e) {
            throw new ParseException(e.getMessage());
        }
    }
}
