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

/** Confirming and changing e-mail addresses. Contract: docs/api.md, section Auth. */
@Path("/auth/email")
@RunOnVirtualThread
class EmailResource {

    private final EmailConfirmation confirmation;
    private final RateLimits limits;
    private final CurrentUser user;

    EmailResource(EmailConfirmation confirmation, RateLimits limits, CurrentUser user) {
        this.confirmation = confirmation;
        this.limits = limits;
        this.user = user;
    }

    @Schema(name = "EmailVerifyRequest")
    record VerifyRequest(
            @NotNull @Size(max = AuthResource.LONGEST_TYPED) String token) {}

    record ResendRequest(@NotNull @EmailAddress String email) {

        ResendRequest {
            email = AuthResource.trimmed(email);
        }
    }

    @Schema(name = "EmailChangeRequest")
    record ChangeRequest(
            @NotNull @EmailAddress String email,
            @NotNull @Size(max = AuthResource.LONGEST_TYPED) String password) {

        ChangeRequest {
            email = AuthResource.trimmed(email);
        }
    }

    @POST
    @Path("/verify")
    @PermitAll
    @Operation(summary = "Confirm an address with the token of the link sent to it")
    @APIResponse(responseCode = "400", description = "invalid-token: unknown, spent, expired or void")
    @APIResponse(responseCode = "409", description = "The new address has come to be the one of another account")
    public void verify(@Valid @NotNull VerifyRequest request) {
        limits.countRefusals(Kind.LINK_FAILURE, () -> confirmation.confirm(request.token()));
    }

    @POST
    @Path("/resend")
    @PermitAll
    @ResponseStatus(202)
    @Operation(summary = "Have that link sent again; the same for every address")
    @APIResponse(responseCode = "429")
    public void resend(@Valid @NotNull ResendRequest request) {
        confirmation.askAgain(request.email());
    }

    @POST
    @Path("/change")
    @RolesAllowed(Roles.SIGNED_IN)
    @ResponseStatus(202)
    @Operation(summary = "Have a link sent to a new address, which makes it the account's")
    @APIResponse(responseCode = "401", description = "Incorrect password, or no valid access token")
    @APIResponse(responseCode = "429")
    public void change(@Valid @NotNull ChangeRequest request) {
        confirmation.askToMove(user.id(), user.sessionId(), request.email(), request.password());
    }
}
