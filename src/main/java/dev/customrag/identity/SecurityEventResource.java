package dev.customrag.identity;

import dev.customrag.audit.AuditTrail;
import dev.customrag.audit.EventFilter;
import dev.customrag.audit.RecordedEvent;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What happened to somebody's own security. Contract: docs/api.md, section Auth. */
@Path("/auth/events")
@RolesAllowed(Roles.SIGNED_IN)
@RunOnVirtualThread
class SecurityEventResource {

    private final AuditTrail trail;
    private final CurrentUser user;

    SecurityEventResource(AuditTrail trail, CurrentUser user) {
        this.trail = trail;
        this.user = user;
    }

    /**
     * What an administrator did to one's account is no secret; where they sat is.
     *
     * @param userId whose account it concerns: somebody else's only where an administrator reads what they did
     */
    record EventView(
            UUID id,
            String type,
            String outcome,
            String reason,
            Instant occurredAt,
            UUID userId,
            UUID objectId,
            UUID sessionId,
            String addressPrefix,
            String userAgent,
            String requestId,
            boolean byAdministrator) {

        static EventView of(RecordedEvent event, UUID reader) {
            boolean byAdministrator =
                    event.actorId() != null && !event.actorId().equals(reader);
            return new EventView(
                    event.id(),
                    event.type(),
                    event.outcome(),
                    event.reason(),
                    event.occurredAt(),
                    event.subjectId(),
                    event.objectId(),
                    byAdministrator ? null : event.sessionId(),
                    byAdministrator ? null : event.addressPrefix(),
                    byAdministrator ? null : event.userAgent(),
                    event.requestId(),
                    byAdministrator);
        }
    }

    @GET
    @Operation(summary = "What happened to your account's security")
    public Page<EventView> list(@BeanParam @Valid PageRequest page) {
        UUID reader = user.id();
        return trail.search(EventFilter.of(reader), page).map(event -> EventView.of(event, reader));
    }
}
