package dev.customrag.identity;

import dev.customrag.http.Cursor;
import io.quarkus.hibernate.orm.panache.Panache;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Pages of what somebody has, the latest first. */
final class LatestFirst {

    private LatestFirst() {}

    /**
     * A page of the rows of an entity that has {@code createdAt} and {@code id}.
     *
     * @param condition in HQL, where {@code :user} is whose they are
     */
    static <E> List<E> page(Class<E> entity, String condition, UUID userId, Optional<Cursor> before, int limit) {
        String last = before.map(cursor -> " and (createdAt, id) < (:at, :id)").orElse("");
        var query = Panache.getSession()
                .createSelectionQuery(
                        "from " + entity.getSimpleName() + " where " + condition + last
                                + " order by createdAt desc, id desc",
                        entity)
                .setParameter("user", userId)
                .setMaxResults(limit);
        before.ifPresent(cursor -> query.setParameter("at", cursor.at()).setParameter("id", cursor.id()));
        return query.list();
    }
}
