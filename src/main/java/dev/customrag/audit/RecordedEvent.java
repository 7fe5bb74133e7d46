package dev.customrag.audit;

import java.time.Instant;
import java.util.UUID;

/**
 * A {@link SecurityEvent} as it was recorded, with when and where from. What may be null there may be null here.
 *
 * @param type a {@link SecurityEvent.Type#label}
 * @param outcome {@code success} or {@code failure}
 * @param requestId the {@code X-Request-Id} of the answer; empty if no request asked for it
 */
public record RecordedEvent(
        UUID id,
        Instant occurredAt,
        String type,
        String outcome,
        String reason,
        UUID actorId,
        UUID subjectId,
        UUID objectId,
        UUID sessionId,
        String addressPrefix,
        String userAgent,
        String requestId) {}
