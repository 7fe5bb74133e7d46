package dev.customrag.audit;

import java.time.Instant;
import java.util.UUID;

/**
 * Which events are asked for. What is null does not matter.
 *
 * @param userId whose account it concerns, or who did it
 * @param outcome {@code success} or {@code failure}
 * @param from not before
 * @param to before
 */
public record EventFilter(UUID userId, SecurityEvent.Type type, String outcome, Instant from, Instant to) {

    /** All that concerns a person or was done by them. */
    public static EventFilter of(UUID userId) {
        return new EventFilter(userId, null, null, null, null);
    }
}
