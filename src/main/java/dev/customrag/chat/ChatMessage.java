package dev.customrag.chat;

import dev.customrag.http.Cursor;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** One turn of a conversation. A question and its answer are stored together, or not at all. */
@Entity
@Table(name = "chat_messages")
class ChatMessage extends PanacheEntityBase {

    @SuppressWarnings("java:S115")
    enum Role {
        user,
        assistant
    }

    @Id
    public UUID id;

    @Column(name = "session_id", nullable = false, updatable = false)
    public UUID sessionId;

    /** What this one answers or follows, null for the first. */
    @Column(name = "parent_id", updatable = false)
    public UUID parentId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false, updatable = false)
    public Role role;

    @Column(nullable = false)
    public String content;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    public List<Citation> citations = List.of();

    @Column(name = "model_id")
    public String modelId;

    @Column(name = "input_tokens")
    public Integer inputTokens;

    @Column(name = "output_tokens")
    public Integer outputTokens;

    @Column(name = "created_at", nullable = false, updatable = false)
    public Instant createdAt;

    /** The messages of a session, oldest first. The caller has made sure whose session it is. */
    static Page<ChatMessage> list(ChatSession session, PageRequest page) {
        Optional<Cursor> after = page.after();
        List<ChatMessage> rows = after.isEmpty()
                ? ChatMessage.<ChatMessage>find("sessionId = ?1 order by createdAt, id", session.id)
                        .range(0, page.limit)
                        .list()
                : ChatMessage.<ChatMessage>find(
                                "sessionId = ?1 and (createdAt > ?2 or (createdAt = ?2 and id > ?3))"
                                        + " order by createdAt, id",
                                session.id,
                                after.get().at(),
                                after.get().id())
                        .range(0, page.limit)
                        .list();
        return Page.of(rows, page.limit, message -> new Cursor(message.createdAt, message.id));
    }

    /** The newest messages of a session, newest first. */
    static List<ChatMessage> newest(UUID sessionId, int limit) {
        return ChatMessage.<ChatMessage>find("sessionId = ?1 order by createdAt desc, id desc", sessionId)
                .range(0, limit - 1)
                .list();
    }
}
