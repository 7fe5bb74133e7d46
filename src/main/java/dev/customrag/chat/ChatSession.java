package dev.customrag.chat;

import dev.customrag.http.Cursor;
import dev.customrag.http.Ids;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.hibernate.orm.panache.PanacheQuery;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A conversation of one person. */
@Entity
@Table(name = "chat_sessions")
class ChatSession extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "owner_id", nullable = false, updatable = false)
    public UUID ownerId;

    /** Null until it is named, by the person or after the first question. */
    public String title;

    @Column(name = "created_at", nullable = false, updatable = false)
    public Instant createdAt;

    @Column(name = "updated_at", nullable = false)
    public Instant updatedAt;

    static ChatSession begin(UUID owner, String title, Instant now) {
        var session = new ChatSession();
        session.id = Ids.next();
        session.ownerId = owner;
        session.title = title;
        session.createdAt = now;
        session.updatedAt = now;
        session.persist();
        return session;
    }

    /**
     * A session of this person.
     *
     * @throws Problem 404 if there is none, or it is somebody else's
     */
    static ChatSession of(UUID owner, UUID id) {
        return found(byId(owner, id));
    }

    /** The same, held until the transaction ends: who adds to a session waits for whoever is adding to it. */
    static ChatSession held(UUID owner, UUID id) {
        return found(byId(owner, id).withLock(LockModeType.PESSIMISTIC_WRITE));
    }

    private static PanacheQuery<ChatSession> byId(UUID owner, UUID id) {
        return find("id = ?1 and ownerId = ?2", id, owner);
    }

    private static ChatSession found(PanacheQuery<ChatSession> query) {
        return query.firstResultOptional().orElseThrow(() -> Problem.notFound("Session"));
    }

    /** The person's sessions, the one used last first. */
    static Page<ChatSession> list(UUID owner, PageRequest page) {
        Optional<Cursor> after = page.after();
        List<ChatSession> rows = after.isEmpty()
                ? ChatSession.<ChatSession>find("ownerId = ?1 order by updatedAt desc, id desc", owner)
                        .range(0, page.limit)
                        .list()
                : ChatSession.<ChatSession>find(
                                "ownerId = ?1 and (updatedAt < ?2 or (updatedAt = ?2 and id < ?3))"
                                        + " order by updatedAt desc, id desc",
                                owner,
                                after.get().at(),
                                after.get().id())
                        .range(0, page.limit)
                        .list();
        return Page.of(rows, page.limit, session -> new Cursor(session.updatedAt, session.id));
    }
}
