package dev.customrag.identity;

import dev.customrag.http.Problem;
import dev.customrag.http.RateLimits;
import dev.customrag.http.RateLimits.Kind;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Sign-up, sign-in and one's own account. Contract: docs/api.md, section Auth. */
@Path("/auth")
@RunOnVirtualThread
class AuthResource {

    /** No password and no token is as long: more than that is not worth looking at. */
    static final int LONGEST_TYPED = 1024;

    private final Registration registration;
    private final SignIn signIn;
    private final RefreshTokens tokens;
    private final Accounts accounts;
    private final RateLimits limits;
    private final CurrentUser currentUser;
    private final SecurityIdentity identity;

    AuthResource(
            Registration registration,
            SignIn signIn,
            RefreshTokens tokens,
            Accounts accounts,
            RateLimits limits,
            CurrentUser currentUser,
            SecurityIdentity identity) {
        this.registration = registration;
        this.signIn = signIn;
        this.tokens = tokens;
        this.accounts = accounts;
        this.limits = limits;
        this.currentUser = currentUser;
        this.identity = identity;
    }

    record RegisterRequest(
            @NotNull @EmailAddress String email,
            @NotNull @PersonName String firstName,
            @NotNull @PersonName String lastName,
            @NotNull @Password String password) {

        RegisterRequest {
            email = trimmed(email);
            firstName = trimmed(firstName);
            lastName = trimmed(lastName);
        }
    }

    record LoginRequest(
            @NotNull @EmailAddress String email,
            @NotNull @Size(max = LONGEST_TYPED) String password) {

        LoginRequest {
            email = trimmed(email);
        }
    }

    record RenameRequest(
            @PersonName String firstName, @PersonName String lastName) {

        RenameRequest {
            firstName = trimmed(firstName);
            lastName = trimmed(lastName);
        }
    }

    record DeleteRequest(@NotNull @Size(max = LONGEST_TYPED) String password) {}

    record RefreshRequest(@Size(max = 4096) String refreshToken) {

        /** The token of the body; else the cookie's, of a client that asked for one. */
        String tokenOr(String cookie, String cookieWanted) {
            if (refreshToken != null) {
                return refreshToken;
            }
            if (RefreshCookie.isWanted(cookieWanted)) {
                return cookie == null ? "" : cookie;
            }
            throw Problem.invalid("refresh_token", "must not be null");
        }
    }

    record UserView(
            UUID id,
            String email,
            String firstName,
            String lastName,
            boolean isActive,
            boolean emailVerified,
            Instant createdAt) {

        static UserView of(Profile profile) {
            return new UserView(
                    profile.id(),
                    profile.email(),
                    profile.firstName(),
                    profile.lastName(),
                    profile.active(),
                    profile.emailVerified(),
                    profile.createdAt());
        }
    }

    record Message(String message) {}

    @POST
    @Path("/register")
    @PermitAll
    @ResponseStatus(201)
    @Operation(summary = "Open an account; a mail asks to confirm the address")
    @APIResponseSchema(UserView.class)
    @APIResponse(responseCode = "400", description = "Email already registered")
    @APIResponse(responseCode = "429")
    public UserView register(@Valid RegisterRequest request) {
        return UserView.of(Profile.of(
                registration.register(request.email(), request.firstName(), request.lastName(), request.password())));
    }

    @POST
    @Path("/login")
    @PermitAll
    @Operation(summary = "Sign in with a password")
    @APIResponseSchema(TokensView.class)
    @APIResponse(
            responseCode = "401",
            description =
                    "Incorrect e-mail address or password; or mfa-required, with the mfa_token for the second step")
    @APIResponse(responseCode = "403", description = "email-not-verified, where only confirmed addresses may sign in")
    @APIResponse(responseCode = "429")
    @APIResponse(responseCode = "503", description = "Too many sign in at once")
    public RestResponse<TokensView> login(
            @Valid LoginRequest request, @HeaderParam(RefreshCookie.WANTED) String cookieWanted) {
        return TokensView.answer(signIn.signIn(request.email(), request.password()), cookieWanted);
    }

    @POST
    @Path("/refresh")
    @PermitAll
    @Operation(summary = "Spend a refresh token for new tokens")
    @APIResponseSchema(TokensView.class)
    @APIResponse(responseCode = "401", description = "Invalid or expired refresh token")
    @APIResponse(responseCode = "429")
    public RestResponse<TokensView> refresh(
            @Valid RefreshRequest request,
            @HeaderParam(RefreshCookie.WANTED) String cookieWanted,
            @CookieParam(RefreshCookie.NAME) String cookie) {
        String token = request.tokenOr(cookie, cookieWanted);
        return TokensView.answer(limits.countRefusals(Kind.REFRESH_FAILURE, () -> tokens.rotate(token)), cookieWanted);
    }

    @POST
    @Path("/logout")
    @PermitAll
    @Operation(summary = "Sign out: ends the session of a refresh token")
    @APIResponseSchema(Message.class)
    @APIResponse(responseCode = "400", description = "Invalid refresh token")
    @APIResponse(responseCode = "429")
    public RestResponse<Message> logout(
            @Valid RefreshRequest request,
            @HeaderParam(RefreshCookie.WANTED) String cookieWanted,
            @CookieParam(RefreshCookie.NAME) String cookie) {
        String token = request.tokenOr(cookie, cookieWanted);
        limits.countRefusals(Kind.REFRESH_FAILURE, () -> tokens.end(token));
        var answer = ResponseBuilder.ok(new Message("Successfully logged out"));
        return (RefreshCookie.isWanted(cookieWanted) ? answer.cookie(RefreshCookie.removed()) : answer).build();
    }

    @POST
    @Path("/logout-all")
    @RolesAllowed(Roles.SIGNED_IN)
    @Operation(summary = "Sign out everywhere: ends all of your sessions")
    public void logoutAll() {
        signIn.outEverywhere(currentUser.id(), currentUser.sessionId());
    }

    @GET
    @Path("/me")
    @Authenticated
    @Operation(summary = "Your own account")
    public UserView me() {
        return UserView.of(identity.<Profile>getAttribute(SessionCheck.PROFILE));
    }

    @PATCH
    @Path("/me")
    @RolesAllowed(Roles.SIGNED_IN)
    @Operation(summary = "Change your name")
    public UserView rename(@Valid RenameRequest request) {
        return UserView.of(Profile.of(accounts.rename(currentUser.id(), request.firstName(), request.lastName())));
    }

    @DELETE
    @Path("/me")
    @RolesAllowed(Roles.SIGNED_IN)
    @Operation(summary = "Delete your account and everything of yours")
    @APIResponse(responseCode = "401", description = "Incorrect password, or no valid access token")
    @APIResponse(responseCode = "429")
    public void delete(@Valid DeleteRequest request) {
        accounts.delete(currentUser.id(), currentUser.sessionId(), request.password());
    }

    static String trimmed(String text) {
        return text == null ? null : text.strip();
    }
}
