package dev.customrag.http;

import java.util.UUID;
import org.hibernate.id.uuid.UuidVersion7Strategy;

/** Ids of rows and tokens: UUIDv7 (RFC 9562), so that they sort by creation and index well. */
public final class Ids {

    private Ids() {}

    /** A new id, greater than those this process gave before. */
    public static UUID next() {
        return UuidVersion7Strategy.INSTANCE.generateUuid(null);
    }
}
