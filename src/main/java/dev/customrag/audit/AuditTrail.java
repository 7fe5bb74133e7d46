package dev.customrag.audit;

import dev.customrag.http.Cursor;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.Session;

/** Reads what {@link Audit} recorded, and forgets it when its time has come. */
@ApplicationScoped
public class AuditTrail {

    /** A batch, so that nobody waits long for it. The second bound is the database's own: see keep_audit_events(). */
    private static final String FORGET = """
            DELETE FROM audit_events WHERE id = ANY (ARRAY (
                SELECT id FROM audit_events
                WHERE occurred_at < :before AND occurred_at < now() - interval '30 days'
                ORDER BY occurred_at, id LIMIT :most FOR UPDATE SKIP LOCKED))
            """;

    private final Session database;
    private final AuditConfig config;
    private final Clock clock;

    AuditTrail(Session database, AuditConfig config, Clock clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    /** A page of the events that match, newest first. */
    @Transactional
    public Page<RecordedEvent> search(EventFilter filter, PageRequest page) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        String sql = sql(filter, page, parameters);
        var query = database.createNativeQuery(sql, AuditEvent.class);
        parameters.forEach(query::setParameter);
        List<RecordedEvent> rows =
                query.getResultStream().map(AuditEvent::recorded).toList();
        return Page.of(rows, page.limit, last -> new Cursor(last.occurredAt(), last.id()));
    }

    /** For how long events are kept. */
    public Duration retention() {
        return config.retention();
    }

    /**
     * Forgets events that are past their retention, in a transaction of its own.
     *
     * @param most how many at most
     * @return how many
     */
    @Transactional(TxType.REQUIRES_NEW)
    public int forget(int most) {
        return database.createNativeMutationQuery(FORGET)
                .setParameter("before", clock.instant().minus(config.retention()))
                .setParameter("most", most)
                .executeUpdate();
    }

    /**
     * Each form is read backwards from an index that ends with time and id, and so costs no more than a page. An OR of
     * subject and actor would not: it would sort everything of a person's.
     */
    static String sql(EventFilter filter, PageRequest page, Map<String, Object> parameters) {
        String conditions = conditions(filter, page, parameters);
        String order = " ORDER BY occurred_at DESC, id DESC LIMIT " + (page.limit + 1);
        if (filter.userId() == null) {
            return "SELECT * FROM audit_events WHERE true" + conditions + order;
        }
        parameters.put("user", filter.userId());
        String about = "(SELECT * FROM audit_events WHERE subject_id = :user" + conditions + order + ")";
        String by = "(SELECT * FROM audit_events WHERE actor_id = :user" + conditions + order + ")";
        return "SELECT * FROM (" + about + " UNION " + by + ") AS events" + order;
    }

    private static String conditions(EventFilter filter, PageRequest page, Map<String, Object> parameters) {
        var conditions = new StringBuilder();
        if (filter.type() != null) {
            conditions.append(" AND type = :type");
            parameters.put("type", filter.type().label());
        }
        if (filter.outcome() != null) {
            conditions.append(" AND outcome = :outcome");
            parameters.put("outcome", filter.outcome());
        }
        if (filter.from() != null) {
            conditions.append(" AND occurred_at >= :from");
            parameters.put("from", filter.from());
        }
        if (filter.to() != null) {
            conditions.append(" AND occurred_at < :to");
            parameters.put("to", filter.to());
        }
        page.after().ifPresent(last -> {
            conditions.append(" AND (occurred_at, id) < (:at, :id)");
            parameters.put("at", last.at());
            parameters.put("id", last.id());
        });
        return conditions.toString();
    }
}
