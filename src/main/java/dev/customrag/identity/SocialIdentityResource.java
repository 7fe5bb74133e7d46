package dev.customrag.identity;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The accounts at providers that open one's account here. Contract: docs/api.md, section Auth. */
@Path("/auth/identities")
@RolesAllowed(Roles.SIGNED_IN)
@RunOnVirtualThread
class SocialIdentityResource {

    private final SocialAccounts accounts;
    private final CurrentUser user;

    SocialIdentityResource(SocialAccounts accounts, CurrentUser user) {
        this.accounts = accounts;
        this.user = user;
    }

    @GET
    @Operation(summary = "The providers connected to one's account")
    public Page<SocialResource.IdentityView> list(@BeanParam @Valid PageRequest page) {
        return accounts.list(user.id(), page).map(SocialResource.IdentityView::of);
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Disconnect a provider from one's account")
    @APIResponse(responseCode = "409", description = "last-way-to-sign-in")
    public void unlink(UUID id) {
        accounts.unlink(user.id(), user.sessionId(), id);
    }
}
