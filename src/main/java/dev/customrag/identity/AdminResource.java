package dev.customrag.identity;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Everybody's accounts, for administrators. Contract: docs/api.md, section Administration. */
@Path("/admin/users")
@RolesAllowed(Roles.ADMIN)
@RunOnVirtualThread
class AdminResource {

    private final Administration administration;
    private final CurrentUser user;

    AdminResource(Administration administration, CurrentUser user) {
        this.administration = administration;
        this.user = user;
    }

    /** What narrows the list; all of it together. */
    public static class Query {

        @QueryParam("q")
        @Size(max = 254)
        @Pattern(regexp = PersonName.NO_CONTROL_CHARACTERS, message = "must be one line")
        public String q;

        @QueryParam("is_active")
        @Pattern(regexp = "true|false", message = "must be true or false")
        public String isActive;

        @QueryParam("role")
        @Pattern(regexp = Roles.ADMIN, message = Roles.MUST_BE_ONE)
        public String role;

        private UserFilter filter() {
            return new UserFilter(
                    q == null ? "" : q.strip(), isActive == null ? null : Boolean.valueOf(isActive), role);
        }
    }

    /** Null leaves one as it is. */
    @Schema(name = "AccountChange")
    record Change(
            Boolean isActive,

            @Size(max = 10) List<@NotNull @Pattern(regexp = Roles.ADMIN, message = Roles.MUST_BE_ONE) String> roles) {}

    /** {@code lastSignInAt} is null for who never signed in. */
    record AccountView(
            UUID id,
            String email,
            String firstName,
            String lastName,
            boolean isActive,
            boolean emailVerified,
            Instant createdAt,
            List<String> roles,
            Instant lastSignInAt) {

        static AccountView of(Administration.Account account) {
            User user = account.user();
            return new AccountView(
                    user.id,
                    user.email,
                    user.firstName,
                    user.lastName,
                    user.active,
                    user.emailVerified,
                    user.createdAt,
                    user.roles,
                    account.lastSignInAt());
        }
    }

    @GET
    @Operation(summary = "Accounts, newest first")
    public Page<AccountView> list(@BeanParam @Valid Query query, @BeanParam @Valid PageRequest page) {
        return administration.list(query.filter(), page).map(AccountView::of);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "An account")
    public AccountView get(UUID id) {
        return AccountView.of(administration.get(id));
    }

    @PATCH
    @Path("/{id}")
    @RolesAllowed(Roles.SIGNED_IN_ADMIN)
    @Operation(summary = "Deactivate or reactivate an account, grant or revoke the role admin")
    @APIResponseSchema(AccountView.class)
    @APIResponse(responseCode = "409", description = "own-account, or last-administrator")
    public AccountView change(UUID id, @Valid @NotNull Change change) {
        var administrator = new Administration.Administrator(user.id(), user.sessionId());
        return AccountView.of(administration.change(administrator, id, change.isActive(), change.roles()));
    }
}
