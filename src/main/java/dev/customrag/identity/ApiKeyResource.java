package dev.customrag.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.ResponseStatus;

/** The API keys somebody has made. Contract: docs/api.md, section Auth. */
@Path("/auth/api-keys")
@RolesAllowed(Roles.SIGNED_IN)
@RunOnVirtualThread
class ApiKeyResource {

    private final ApiKeys keys;
    private final CurrentUser user;

    ApiKeyResource(ApiKeys keys, CurrentUser user) {
        this.keys = keys;
        this.user = user;
    }

    record NewKey(@NotNull @PersonName String name, Instant expiresAt) {

        NewKey {
            name = AuthResource.trimmed(name);
        }
    }

    /** {@code key} stands only in the answer to its making. */
    record KeyView(
            UUID id,
            String name,

            @JsonInclude(JsonInclude.Include.NON_NULL) String key,

            String hint,
            Instant createdAt,
            Instant expiresAt,
            Instant lastUsedAt) {

        static KeyView of(ApiKey key) {
            return of(key, null);
        }

        static KeyView of(ApiKeys.Created created) {
            return of(created.key(), created.text().value());
        }

        private static KeyView of(ApiKey key, String text) {
            return new KeyView(key.id, key.name, text, key.hint, key.createdAt, key.expiresAt, key.lastUsedAt);
        }
    }

    @GET
    @Operation(summary = "Your API keys")
    public Page<KeyView> list(@BeanParam @Valid PageRequest page) {
        return keys.list(user.id(), page).map(KeyView::of);
    }

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Make an API key", description = "The answer is the only one that shows the key.")
    @APIResponseSchema(KeyView.class)
    @APIResponse(responseCode = "409", description = "There are 50 keys already")
    public KeyView create(@Valid NewKey request) {
        return KeyView.of(keys.create(user.id(), user.sessionId(), request.name(), request.expiresAt()));
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Revoke an API key")
    public void revoke(UUID id) {
        keys.revoke(user.id(), user.sessionId(), id);
    }
}
