package dev.customrag.audit;

import dev.customrag.http.Ids;
import dev.customrag.http.RequestOrigin;
import dev.customrag.http.RequestOrigins;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;

/** Records what happens to people's security: OWASP ASVS 5.0, 16.3. */
@ApplicationScoped
public class Audit {

    private final RequestOrigins origins;
    private final Clock clock;

    Audit(RequestOrigins origins, Clock clock) {
        this.origins = origins;
        this.clock = clock;
    }

    /** Records it in the caller's transaction: either both are kept, the change and its record, or none. */
    @Transactional(TxType.MANDATORY)
    public void record(SecurityEvent event) {
        add(event);
    }

    /** Records what changed nothing, such as a refused login: on its own, and for good whatever the caller does next. */
    @Transactional(TxType.REQUIRES_NEW)
    public void recordAlone(SecurityEvent event) {
        add(event);
    }

    private void add(SecurityEvent event) {
        RequestOrigin origin = origins.current();
        var row = new AuditEvent();
        row.id = Ids.next();
        row.occurredAt = clock.instant();
        row.type = event.type().label();
        row.outcome = event.succeeded() ? "success" : "failure";
        row.reason = event.reason();
        row.actorId = event.actorId();
        row.subjectId = event.subjectId();
        row.objectId = event.objectId();
        row.sessionId = event.sessionId();
        row.addressPrefix = origin.addressPrefix();
        row.userAgent = origin.userAgent();
        row.requestId = origin.requestId();
        row.persist();
    }
}
