package dev.customrag.chat;

import java.time.Instant;
import java.util.UUID;

/**
 * A conversation of one person.
 *
 * @param title null until it is named, by the person or after the first question
 * @param assistantId who answers; null for the person's default, as when the assistant was deleted
 * @param currentMessageId the end of the branch that is shown and goes on; null while there are no messages
 * @param ephemeral whether it is in the memory of this process only
 */
record Session(
        UUID id,
        String title,
        TitledBy titledBy,
        UUID assistantId,
        UUID currentMessageId,
        boolean ephemeral,
        Instant createdAt,
        Instant updatedAt) {

    /** Whose words a title is. */
    enum TitledBy {
        PERSON,
        QUESTION,
        MODEL
    }

    /** What a person changes of one; null for what stays. */
    record Change(String title, UUID assistantId, UUID currentMessageId) {}

    Session titled(String other, TitledBy by) {
        return new Session(id, other, by, assistantId, currentMessageId, ephemeral, createdAt, updatedAt);
    }

    Session answeredBy(UUID otherAssistant) {
        return new Session(id, title, titledBy, otherAssistant, currentMessageId, ephemeral, createdAt, updatedAt);
    }

    /** With the end of another branch, as of a time. */
    Session showing(UUID message, Instant now) {
        return new Session(id, title, titledBy, assistantId, message, ephemeral, createdAt, now);
    }
}
