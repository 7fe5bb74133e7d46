package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlaceTest {

    @Test
    void whatWasEncodedIsRead() {
        var id = UUID.randomUUID();
        var at = Instant.parse("2026-02-11T09:48:00.123456Z");

        Place place = Place.decode(Place.after("Ωmega", 17L, id, at).encoded("list"), "list");

        assertThat(place.text(0)).isEqualTo("Ωmega");
        assertThat(place.number(1)).isEqualTo(17);
        assertThat(place.id(2)).isEqualTo(id);
        assertThat(place.time(3)).isEqualTo(at);
    }

    @Test
    void anotherListsPlaceIsTold() {
        assertRefused(422, () -> Place.decode(Place.after("a").encoded("list"), "other"));
    }

    @Test
    void whatIsNoPlaceIsRefused() {
        String good = Place.after("a", 1).encoded("list");

        assertRefused(400, () -> Place.decode("not base64!", "list"));
        assertRefused(400, () -> Place.decode("", "list"));
        assertRefused(400, () -> Place.decode(good.substring(4), "list"));
        for (String forged : new String[] {"", "-1", "x", "99999999999999999999", "9223372036854775807"}) {
            assertRefused(400, () -> Place.after(forged).time(0));
        }
        assertRefused(400, () -> Place.after("x").id(0));
        for (String forged : new String[] {"", "-1", "x", "1e9", ".5", "5.", "NaN", "1".repeat(101), "٣"}) {
            assertRefused(400, () -> Place.after(forged).decimal(0));
        }
    }

    @Test
    void decimalNumbersStayExact() {
        for (String number : new String[] {"0", "0.00000001", "12345678901234567890.5"}) {
            Place place = Place.decode(Place.after(number).encoded("list"), "list");

            assertThat(place.decimal(0)).isEqualTo(new BigDecimal(number));
        }
    }

    private static void assertRefused(int status, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.status())
                .isEqualTo(status));
    }
}
