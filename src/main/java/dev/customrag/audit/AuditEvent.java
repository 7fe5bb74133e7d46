package dev.customrag.audit;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A {@link SecurityEvent} as it was recorded. Rows are added and, when they are old, forgotten; never changed. */
@Entity
@Table(name = "audit_events")
class AuditEvent extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "occurred_at", nullable = false)
    public Instant occurredAt;

    @Column(nullable = false)
    public String type;

    @Column(nullable = false)
    public String outcome;

    public String reason;

    @Column(name = "actor_id")
    public UUID actorId;

    @Column(name = "subject_id")
    public UUID subjectId;

    @Column(name = "object_id")
    public UUID objectId;

    @Column(name = "session_id")
    public UUID sessionId;

    @Column(name = "address_prefix", nullable = false)
    public String addressPrefix;

    @Column(name = "user_agent", nullable = false)
    public String userAgent;

    @Column(name = "request_id", nullable = false)
    public String requestId;

    RecordedEvent recorded() {
        return new RecordedEvent(
                id,
                occurredAt,
                type,
                outcome,
                reason,
                actorId,
                subjectId,
                objectId,
                sessionId,
                addressPrefix,
                userAgent,
                requestId);
    }
}
