package dev.customrag.document;

import dev.customrag.http.Place;
import java.util.List;
import java.util.Set;

/**
 * Which documents are listed, and in which order.
 *
 * @param statuses only those in one of these; empty for any
 * @param name only those with this in their name, whatever case and accents; empty for any
 * @param descending the greatest first
 */
record DocumentList(Set<Document.Status> statuses, String name, Order order, boolean descending) {

    /** What it is ordered by; then by id. */
    enum Order {
        CREATED_AT("created_at") {
            @Override
            Object key(Place place) {
                return place.time(0);
            }

            @Override
            Place after(Document document, String foldedName) {
                return Place.after(document.createdAt(), document.id());
            }
        },
        FILENAME("folded_name") {
            @Override
            Object key(Place place) {
                return place.text(0);
            }

            @Override
            Place after(Document document, String foldedName) {
                return Place.after(foldedName, document.id());
            }
        },
        SIZE_BYTES("size_bytes") {
            @Override
            Object key(Place place) {
                return place.number(0);
            }

            @Override
            Place after(Document document, String foldedName) {
                return Place.after(document.sizeBytes(), document.id());
            }
        };

        private final String column;

        Order(String column) {
            this.column = column;
        }

        String column() {
            return column;
        }

        /** The value of the column that a place is at. */
        abstract Object key(Place place);

        /** The place after a document. */
        abstract Place after(Document document, String foldedName);
    }

    List<String> labels() {
        return statuses.stream().map(Document.Status::label).sorted().toList();
    }

    /** Names this order and filter. */
    String key() {
        return "documents %s %s %s %s".formatted(order, descending, labels(), name);
    }
}
