package dev.customrag.http;

import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param items at most the asked limit
 * @param nextCursor what to send as {@code cursor} for the page after this one, null on the last page
 */
public record Page<T>(List<T> items, String nextCursor) {

    /**
     * A page from a query that asked for one row more than {@code limit}.
     *
     * @param rows up to {@code limit + 1} rows in order
     * @param cursor the cursor that continues after a row
     */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, Cursor> cursor) {
        return cut(rows, limit, last -> cursor.apply(last).encoded());
    }

    /**
     * A page of a list of several orders or filters, from a query that asked for one row more than {@code limit}.
     *
     * @param list names the list with its order and filter
     * @param place the place that continues after a row
     */
    public static <T> Page<T> of(List<T> rows, int limit, String list, Function<T, Place> place) {
        return cut(rows, limit, last -> place.apply(last).encoded(list));
    }

    private static <T> Page<T> cut(List<T> rows, int limit, Function<T, String> next) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        List<T> items = List.copyOf(rows.subList(0, limit));
        return new Page<>(items, next.apply(items.getLast()));
    }

    /** The same page with its items shown another way. */
    public <R> Page<R> map(Function<T, R> view) {
        return new Page<>(items.stream().map(view).toList(), nextCursor);
    }
}
