package dev.customrag.identity;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Sign-up, sign-in and one's own account. Contract: docs/api.md, section Auth. */
@Path("/auth")
@RunOnVirtualThread
class AuthResource {

    private final Registration registration;
    private final SignIn signIn;
    private final RefreshTokens tokens;
    private final Accounts accounts;
    private final CurrentUser currentUser;

    AuthResource(
            Registration registration,
            SignIn signIn,
            RefreshTokens tokens,
            Accounts accounts,
            CurrentUser currentUser) {
        this.registration = registration;
        this.signIn = signIn;
        this.tokens = tokens;
        this.accounts = accounts;
        this.currentUser = currentUser;
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
            @NotNull @EmailAddress String email, @NotNull String password) {

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

    record DeleteRequest(@NotNull String password) {}

    record RefreshRequest(@NotNull String refreshToken) {}

    record UserView(
            UUID id,
            String email,
            String firstName,
            String lastName,
            boolean isActive,
            boolean emailVerified,
            Instant createdAt) {

        static UserView of(User user) {
            return new UserView(
                    user.id,
                    user.email,
                    user.firstName,
                    user.lastName,
                    user.active,
                    user.emailVerified,
                    user.createdAt);
        }
    }

    record TokensView(String accessToken, String refreshToken, String tokenType, long expiresIn) {

        static TokensView of(SignedIn signedIn) {
            return new TokensView(
                    signedIn.accessToken(),
                    signedIn.refreshToken(),
                    "bearer",
                    signedIn.accessLifetime().toSeconds());
        }
    }

    record Message(String message) {}

    @POST
    @Path("/register")
    @PermitAll
    @ResponseStatus(201)
    public UserView register(@Valid RegisterRequest request) {
        return UserView.of(
                registration.register(request.email(), request.firstName(), request.lastName(), request.password()));
    }

    @POST
    @Path("/login")
    @PermitAll
    public TokensView login(@Valid LoginRequest request) {
        return TokensView.of(signIn.signIn(request.email(), request.password()));
    }

    @POST
    @Path("/refresh")
    @PermitAll
    public TokensView refresh(@Valid RefreshRequest request) {
        return TokensView.of(tokens.rotate(request.refreshToken()));
    }

    @POST
    @Path("/logout")
    @PermitAll
    public Message logout(@Valid RefreshRequest request) {
        tokens.end(request.refreshToken());
        return new Message("Successfully logged out");
    }

    @POST
    @Path("/logout-all")
    @Authenticated
    public void logoutAll() {
        tokens.endAll(currentUser.id());
    }

    @GET
    @Path("/me")
    @Authenticated
    public UserView me() {
        return UserView.of(accounts.get(currentUser.id()));
    }

    @PATCH
    @Path("/me")
    @Authenticated
    public UserView rename(@Valid RenameRequest request) {
        return UserView.of(accounts.rename(currentUser.id(), request.firstName(), request.lastName()));
    }

    @DELETE
    @Path("/me")
    @Authenticated
    public void delete(@Valid DeleteRequest request) {
        accounts.delete(currentUser.id(), request.password());
    }

    private static String trimmed(String text) {
        return text == null ? null : text.strip();
    }
}
