package dev.customrag.http;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * Walks through all items of lists. A page is read when it is come to, so that in between nobody holds more than one, nor a
 * connection to the database.
 */
public final class Pages {

    private Pages() {}

    /**
     * The items of a list, from its beginning to its end.
     *
     * @param size of a page, at most what the list allows
     * @param list gives a page of it
     */
    public static <T> Iterator<T> of(int size, Function<PageRequest, Page<T>> list) {
        return new Items<>(size, list);
    }

    /** The items of one list after the other, of which there is one for each of {@code keys}. */
    public static <K, T> Iterator<T> ofEach(Iterator<K> keys, Function<K, Iterator<T>> list) {
        return new Iterator<>() {

            private Iterator<T> items = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!items.hasNext() && keys.hasNext()) {
                    items = list.apply(keys.next());
                }
                return items.hasNext();
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return items.next();
            }
        };
    }

    /** The same items, each shown another way. */
    public static <T, R> Iterator<R> map(Iterator<T> items, Function<T, R> view) {
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public R next() {
                return view.apply(items.next());
            }
        };
    }

    private static final class Items<T> implements Iterator<T> {

        private final PageRequest request = new PageRequest();
        private final Function<PageRequest, Page<T>> list;
        private Iterator<T> page = Collections.emptyIterator();
        private boolean ended;

        Items(int size, Function<PageRequest, Page<T>> list) {
            this.list = list;
            request.limit = size;
        }

        @Override
        public boolean hasNext() {
            while (!page.hasNext() && !ended) {
                Page<T> next = list.apply(request);
                page = next.items().iterator();
                request.cursor = next.nextCursor();
                ended = next.nextCursor() == null;
            }
            return page.hasNext();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.next();
        }
    }
}
