package dev.customrag.identity;

import dev.customrag.http.RateLimits;
import dev.customrag.http.RateLimits.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Changing a password, and replacing a forgotten one. Contract: docs/api.md, section Auth. */
@Path("/auth/password")
@RunOnVirtualThread
class PasswordResource {

    private final Passwords passwords;
    private final RateLimits limits;
    private final CurrentUser user;

    PasswordResource(Passwords passwords, RateLimits limits, CurrentUser user) {
        this.passwords = passwords;
        this.limits = limits;
        this.user = user;
    }

    @Schema(name = "PasswordChangeRequest")
    record ChangeRequest(
            @NotNull @Size(max = AuthResource.LONGEST_TYPED) String currentPassword,
            @NotNull @Password String newPassword) {}

    record ForgotRequest(@NotNull @EmailAddress String email) {

        ForgotRequest {
            email = AuthResource.trimmed(email);
        }
    }

    record ResetRequest(
            @NotNull @Size(max = AuthResource.LONGEST_TYPED) String token,
            @NotNull @Password String newPassword) {}

    @POST
    @Path("/change")
    @RolesAllowed(Roles.SIGNED_IN)
    @Operation(summary = "Choose another password; signs out all other devices")
    @APIResponse(responseCode = "401", description = "Incorrect password, or no valid access token")
    @APIResponse(responseCode = "429")
    public void change(@Valid @NotNull ChangeRequest request) {
        passwords.change(user.id(), user.sessionId(), request.currentPassword(), request.newPassword());
    }

    @POST
    @Path("/forgot")
    @PermitAll
    @ResponseStatus(202)
    @Operation(summary = "Have a link sent to choose a new password with; the same for every address")
    @APIResponse(responseCode = "429")
    public void forgot(@Valid @NotNull ForgotRequest request) {
        passwords.forgot(request.email());
    }

    @POST
    @Path("/reset")
    @PermitAll
    @Operation(summary = "Choose a new password with the token of that link; signs out everywhere")
    @APIResponse(responseCode = "400", description = "invalid-token: unknown, spent, expired or void")
    public void reset(@Valid @NotNull ResetRequest request) {
        limits.countRefusals(Kind.LINK_FAILURE, () -> passwords.reset(request.token(), request.newPassword()));
    }
}
