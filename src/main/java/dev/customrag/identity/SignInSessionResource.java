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
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The devices somebody is signed in on. Contract: docs/api.md, section Auth. */
@Path("/auth/sessions")
@RolesAllowed(Roles.SIGNED_IN)
@RunOnVirtualThread
class SignInSessionResource {

    private final SignInSessions sessions;
    private final CurrentUser user;

    SignInSessionResource(SignInSessions sessions, CurrentUser user) {
        this.sessions = sessions;
        this.user = user;
    }

    /** {@code current} marks the one the request itself comes from. */
    record SignInView(
            UUID id, String device, String addressPrefix, Instant createdAt, Instant lastUsedAt, boolean current) {

        static SignInView of(SignInSession session, UUID asking) {
            return new SignInView(
                    session.id,
                    session.device,
                    session.addressPrefix,
                    session.createdAt,
                    session.lastUsedAt,
                    session.id.equals(asking));
        }
    }

    @GET
    @Operation(summary = "Where you are signed in")
    public Page<SignInView> list(@BeanParam @Valid PageRequest page) {
        return sessions.list(user.id(), page).map(session -> SignInView.of(session, user.sessionId()));
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Sign a device out")
    public void end(UUID id) {
        sessions.end(user.id(), user.sessionId(), id);
    }
}
