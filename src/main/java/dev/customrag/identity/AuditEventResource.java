package dev.customrag.identity;

import dev.customrag.audit.AuditTrail;
import dev.customrag.audit.EventFilter;
import dev.customrag.audit.RecordedEvent;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What happened to everybody's security, for administrators. Contract: docs/api.md, section Administration. */
@Path("/admin/audit-events")
@RolesAllowed(Roles.ADMIN)
@RunOnVirtualThread
class AuditEventResource {

    /** PostgreSQL keeps no time that is much later, and nothing was recorded before the epoch. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final AuditTrail trail;

    AuditEventResource(AuditTrail trail) {
        this.trail = trail;
    }

    /** What narrows the list; all of it together. */
    public static class Query {

        @QueryParam("user_id")
        public UUID userId;

        @QueryParam("type")
        public String type;

        @QueryParam("outcome")
        @Pattern(regexp = "success|failure", message = "must be success or failure")
        public String outcome;

        @QueryParam("from")
        public Instant from;

        @QueryParam("to")
        public Instant to;

        private EventFilter filter() {
            SecurityEvent.Type wanted = type == null
                    ? null
                    : SecurityEvent.Type.labelled(type)
                            .orElseThrow(() -> Problem.invalid("type", "must be a type of event, such as sign-in"));
            return new EventFilter(userId, wanted, outcome, possible("from", from), possible("to", to));
        }

        private static Instant possible(String name, Instant time) {
            if (time != null && (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST))) {
                throw Problem.invalid(name, "must be between the years 1970 and 9999");
            }
            return time;
        }
    }

    @GET
    @Operation(summary = "Security events of everybody, newest first")
    public Page<RecordedEvent> list(@BeanParam @Valid Query query, @BeanParam @Valid PageRequest page) {
        return trail.search(query.filter(), page);
    }
}
