package dev.customrag.identity;

import dev.customrag.http.Page;
import dev.customrag.http.Problem;
import dev.customrag.http.RateLimits;
import dev.customrag.http.RateLimits.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Sign-in through providers. Contract: docs/api.md, section Auth. */
@Path("/auth/oauth")
@RunOnVirtualThread
class SocialResource {

    private static final String ATTEMPT = "oauth_attempt";

    private final SocialProviders providers;
    private final SocialSignIn signIn;
    private final RateLimits limits;
    private final CurrentUser user;
    private final URI web;

    SocialResource(
            SocialProviders providers,
            SocialSignIn signIn,
            RateLimits limits,
            CurrentUser user,
            IdentityConfig config) {
        this.providers = providers;
        this.signIn = signIn;
        this.limits = limits;
        this.user = user;
        this.web = URI.create(config.webUrl() + "/");
    }

    /** {@code name} stands in addresses, {@code title} on buttons. */
    record ProviderView(String name, String title) {}

    record AuthorizationView(URI authorizationUrl) {}

    record IdentityView(UUID id, String provider, Instant createdAt) {

        static IdentityView of(SocialIdentity identity) {
            return new IdentityView(identity.id, identity.provider, identity.createdAt);
        }
    }

    @GET
    @PermitAll
    @Operation(summary = "The providers one can sign in with")
    public Page<ProviderView> list() {
        return new Page<>(
                providers.all().stream()
                        .map(provider -> new ProviderView(provider.name(), provider.title()))
                        .toList(),
                null);
    }

    @GET
    @Path("/{provider}")
    @PermitAll
    @Operation(summary = "Sign in with a provider: sends the browser there")
    @APIResponse(responseCode = "303", description = "To the provider")
    @APIResponse(responseCode = "429")
    @APIResponse(responseCode = "502", description = "The provider failed")
    @APIResponse(responseCode = "504", description = "The provider did not answer in time")
    public RestResponse<?> begin(String provider, HttpHeaders headers) {
        SocialProvider asked = providers.named(provider);
        return orBackToWeb(headers, () -> {
            limits.count(Kind.PROVIDER_ATTEMPT);
            SocialSignIn.Begun begun = signIn.begin(asked);
            return ResponseBuilder.seeOther(begun.authorization())
                    .cookie(attempt(asked, begun.cookie(), SocialSignIn.PATIENCE))
                    .build();
        });
    }

    @POST
    @Path("/{provider}")
    @RolesAllowed(Roles.SIGNED_IN)
    @Operation(summary = "Connect a provider to one's account: says where the browser has to go")
    @APIResponse(
            responseCode = "200",
            description = "Where to go, within ten minutes and with the cookie that comes along",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = AuthorizationView.class)))
    @APIResponse(responseCode = "502", description = "The provider failed")
    @APIResponse(responseCode = "504", description = "The provider did not answer in time")
    public RestResponse<AuthorizationView> beginToLink(String provider) {
        SocialProvider asked = providers.named(provider);
        limits.count(Kind.PROVIDER_ATTEMPT);
        SocialSignIn.Begun begun = signIn.beginToLink(asked, user.sessionId());
        return ResponseBuilder.ok(new AuthorizationView(begun.authorization()))
                .cookie(attempt(asked, begun.cookie(), SocialSignIn.PATIENCE))
                .build();
    }

    @GET
    @Path("/{provider}/callback")
    @PermitAll
    @Operation(summary = "Where a provider sends the browser back to")
    @APIResponse(
            responseCode = "200",
            description = "Tokens as a login gives, for who asks for JSON",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = TokensView.class)))
    @APIResponse(responseCode = "303", description = "To the web app, with the refresh token in its cookie")
    @APIResponse(responseCode = "400", description = "social-state-invalid, or social-code-refused")
    @APIResponse(
            responseCode = "401",
            description = "social-token-refused; or mfa-required, with the mfa_token for the second step")
    @APIResponse(
            responseCode = "403",
            description = "social-access-denied, social-email-unverified, or account-inactive")
    @APIResponse(responseCode = "409", description = "social-account-not-linked, or social-identity-taken")
    @APIResponse(responseCode = "502", description = "The provider failed")
    @APIResponse(responseCode = "504", description = "The provider did not answer in time")
    public RestResponse<?> callback(
            String provider,
            @RestQuery String state,
            @RestQuery String code,
            @RestQuery String error,
            @RestQuery("iss") String issuer,
            @CookieParam(ATTEMPT) String cookie,
            @HeaderParam(RefreshCookie.WANTED) String cookieWanted,
            HttpHeaders headers) {
        SocialProvider answering = providers.named(provider);
        var answer = new SocialSignIn.Answer(state, code, error, issuer);
        return orBackToWeb(headers, () -> switch (finish(answering, answer, cookie)) {
            case SocialSignIn.Outcome.Entered(SignedIn signedIn)
            when wantsJson(headers) -> TokensView.answer(signedIn, cookieWanted);
            case SocialSignIn.Outcome.Entered(SignedIn signedIn) ->
                ResponseBuilder.seeOther(web)
                        .cookie(
                                attempt(answering, "", Duration.ZERO),
                                RefreshCookie.carrying(signedIn.refreshToken(), signedIn.refreshLifetime()))
                        .build();
            case SocialSignIn.Outcome.Linked(SocialIdentity identity)
            when wantsJson(headers) ->
                ResponseBuilder.ok(IdentityView.of(identity)).build();
            case SocialSignIn.Outcome.Linked(SocialIdentity identity) ->
                ResponseBuilder.seeOther(web.resolve("?connected=" + identity.provider))
                        .cookie(attempt(answering, "", Duration.ZERO))
                        .build();
        });
    }

    /** That a second factor is asked for is a problem too, but no refusal. */
    private SocialSignIn.Outcome finish(SocialProvider provider, SocialSignIn.Answer answer, String cookie) {
        return limits.countRefusals(
                Kind.LINK_FAILURE, SocialRefusal.class, () -> signIn.finish(provider, answer, cookie));
    }

    /** Nobody reads a problem document in a browser: there the web app tells what is wrong, at its own address only. */
    private RestResponse<?> orBackToWeb(HttpHeaders headers, Supplier<RestResponse<?>> answer) {
        try {
            return answer.get();
        } catch (Problem problem) {
            if (wantsJson(headers)) {
                throw problem;
            }
            // A second factor is asked for with a token. In the fragment: it reaches no server, and so no log.
            String token = problem.body().get("mfa_token") instanceof String text ? "#mfa_token=" + text : "";
            return ResponseBuilder.seeOther(web.resolve("?sign_in_error=" + problem.slug() + token))
                    .build();
        }
    }

    /** Whether JSON comes before pages in what the client accepts; browsers do not name it. */
    private static boolean wantsJson(HttpHeaders headers) {
        for (MediaType type : headers.getAcceptableMediaTypes()) {
            if (type.isWildcardSubtype() || type.isCompatible(MediaType.TEXT_HTML_TYPE)) {
                return false;
            }
            if (type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
                return true;
            }
        }
        return false;
    }

    /** Lax: the browser has to bring it along when the provider sends it back. */
    private static NewCookie attempt(SocialProvider provider, String value, Duration lifetime) {
        return new NewCookie.Builder(ATTEMPT)
                .value(value)
                .maxAge(Math.toIntExact(lifetime.toSeconds()))
                .path("/auth/oauth/" + provider.name())
                .httpOnly(true)
                .secure(true)
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }
}
