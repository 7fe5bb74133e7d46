package dev.customrag.http;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;

/** The {@code limit} and {@code cursor} of every list, as a {@code @BeanParam @Valid}. */
public class PageRequest {

    @QueryParam("limit")
    @DefaultValue("20")
    @Min(1)
    @Max(100)
    public int limit;

    @QueryParam("cursor")
    public String cursor;

    /** Where to continue, empty for the first page. */
    public Optional<Cursor> after() {
        return Optional.ofNullable(cursor).filter(text -> !text.isEmpty()).map(Cursor::decode);
    }

    /**
     * Where to continue in a list of several orders or filters, empty for the first page.
     *
     * @param list names the list with its order and filter
     */
    public Optional<Place> after(String list) {
        return Optional.ofNullable(cursor).filter(text -> !text.isEmpty()).map(text -> Place.decode(text, list));
    }
}
