package dev.customrag.chat;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Finds out where a conversation is kept. */
@ApplicationScoped
class SessionsOf {

    private final StoredSessions stored;
    private final EphemeralSessions ephemeral;

    SessionsOf(StoredSessions stored, EphemeralSessions ephemeral) {
        this.stored = stored;
        this.ephemeral = ephemeral;
    }

    /** A session of this person, wherever it is kept. */
    Optional<Session> find(UUID owner, UUID id) {
        return ephemeral.find(owner, id).or(() -> stored.find(owner, id));
    }

    /** Where this one is kept. */
    Sessions of(Session session) {
        return session.ephemeral() ? ephemeral : stored;
    }
}
