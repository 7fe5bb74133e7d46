package dev.customrag.identity;

import dev.customrag.http.Problem;
import dev.customrag.http.Refusal;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;

/**
 * Takes API keys where access tokens are taken: {@code Authorization: Bearer cra_…} (RFC 6750, section 2.1), and nowhere
 * else, as addresses end up in logs. All other tokens are left to the extension.
 */
@ApplicationScoped
class ApiKeyMechanism implements HttpAuthenticationMechanism {

    private static final String SCHEME = "Bearer ";

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager identities) {
        Optional<String> presented = presented(request.request().getHeader(HttpHeaders.AUTHORIZATION));
        if (presented.isEmpty()) {
            return Uni.createFrom().nullItem();
        }
        Optional<KeyText> key = KeyText.read(presented.get());
        if (key.isEmpty()) {
            return Uni.createFrom().failure(new AuthenticationFailedException());
        }
        Refusal.explain(
                request,
                new Problem(403, "api-key-not-allowed", "Forbidden", "An API key may not do this. Sign in to do it."));
        return identities.authenticate(new ApiKeyCheck.Presented(key.get()));
    }

    /** The problem details of a 401 say it: RFC 6750, section 3. */
    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(ApiKeyCheck.Presented.class);
    }

    /** Asked before the extension, which would find that a key is no JWT. */
    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 1;
    }

    private static Optional<String> presented(String header) {
        return Optional.ofNullable(header)
                .filter(text -> text.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(text -> text.substring(SCHEME.length()).strip())
                .filter(token -> token.startsWith(KeyText.PREFIX));
    }
}
