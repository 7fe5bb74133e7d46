package dev.customrag.usage;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.model.TokenCounts;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import dev.customrag.usage.Reservation.Call;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other tests leave usage of their own; that of these is on days on which there is none. */
@QuarkusTest
class AdminUsageResourceTest {

    private static final String MODEL = "example.writer";
    private static final LocalDate FIRST = LocalDate.of(2031, 5, 1);
    private static final LocalDate SECOND = FIRST.plusDays(1);

    @Inject
    UsageRows rows;

    @Inject
    Clock clock;

    private Person root;
    private Person alice;
    private Person bob;

    @BeforeEach
    void register() {
        Sql.update("DELETE FROM usage_totals WHERE day BETWEEN ? AND ?", FIRST, SECOND);
        root = Person.administrator();
        alice = Person.registered();
        bob = Person.registered();
    }

    @Test
    void everybodysCallsAreAddedUpByDay() {
        write(alice, FIRST, Purpose.ANSWER, new TokenCounts(10, 1, 2, 3), "0.25");
        write(bob, FIRST, Purpose.ANSWER, new TokenCounts(20, 2, 0, 0), "0.5");
        write(bob, FIRST, Purpose.TITLE, new TokenCounts(5, 5, 0, 0), "0.01");
        write(alice, SECOND, Purpose.ANSWER, new TokenCounts(100, 0, 0, 0), null);

        asked("/admin/usage")
                .then()
                .statusCode(200)
                .body("currency", equalTo("USD"))
                .body("from", equalTo(FIRST.toString()))
                .body("to", equalTo(SECOND.toString()))
                .body(
                        "total",
                        equalTo(Map.of(
                                "calls", 4,
                                "input_tokens", 135,
                                "output_tokens", 8,
                                "cache_read_tokens", 2,
                                "cache_write_tokens", 3,
                                "unpriced_tokens", 100,
                                "cost", "0.76")))
                .body("days.date", contains(SECOND.toString(), FIRST.toString()))
                .body("days[0].total.cost", nullValue())
                .body("days[1].total.cost", equalTo("0.76"))
                .body("days[1].lines.purpose", contains("answer", "title"))
                .body("days[1].lines.model_id", contains(MODEL, MODEL))
                .body("days[1].lines[0].total.calls", equalTo(2))
                .body("days[1].lines[0].total.input_tokens", equalTo(30));
        asked("/admin/usage", "to", FIRST).then().body("days", hasSize(1)).body("total.calls", equalTo(3));
    }

    @Test
    void eachPersonsCallsAreAddedUp() {
        write(alice, FIRST, Purpose.ANSWER, new TokenCounts(1000, 0, 0, 0), "0.25");
        write(alice, SECOND, Purpose.TITLE, new TokenCounts(1, 2, 3, 4), "0.25");
        write(bob, FIRST, Purpose.ANSWER, new TokenCounts(20, 0, 0, 0), "0.6");

        asked("/admin/usage/people")
                .then()
                .statusCode(200)
                .body("items.user_id", contains(bob.id().toString(), alice.id().toString()))
                .body("items.email", contains(bob.email(), alice.email()))
                .body(
                        "items[1]",
                        equalTo(Map.of(
                                "user_id",
                                alice.id().toString(),
                                "email",
                                alice.email(),
                                "first_name",
                                "Ada",
                                "last_name",
                                "Lovelace",
                                "is_active",
                                true,
                                "total",
                                Map.of(
                                        "calls", 2,
                                        "input_tokens", 1001,
                                        "output_tokens", 2,
                                        "cache_read_tokens", 3,
                                        "cache_write_tokens", 4,
                                        "unpriced_tokens", 0,
                                        "cost", "0.5"))))
                .body("next_cursor", nullValue());
        asked("/admin/usage/people", "sort", "-tokens")
                .then()
                .body("items.email", contains(alice.email(), bob.email()));
        asked("/admin/usage/people", "from", SECOND).then().body("items.email", contains(alice.email()));
        asked("/admin/usage/people", "from", "2031-06-01", "to", "2031-06-30")
                .then()
                .body("items", empty());
    }

    @Test
    void whatHasNoPriceIsOrderedByTokens() {
        write(alice, FIRST, Purpose.ANSWER, new TokenCounts(10, 0, 0, 0), null);
        write(bob, FIRST, Purpose.ANSWER, new TokenCounts(20, 0, 0, 0), null);
        write(root, FIRST, Purpose.ANSWER, new TokenCounts(1, 0, 0, 0), "0.01");

        asked("/admin/usage/people")
                .then()
                .body("items.email", contains(root.email(), bob.email(), alice.email()))
                .body("items.total.cost", contains("0.01", null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-cost", "-tokens"})
    void peopleComeInPages(String sort) {
        var emails = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            Person person = Person.registered();
            // Some have the same.
            write(person, FIRST, Purpose.ANSWER, new TokenCounts(100 * (i / 3), 0, 0, 0), "0." + i / 3);
            emails.add(person.email());
        }

        var seen = new ArrayList<String>();
        var tokens = new ArrayList<Integer>();
        String cursor = "";
        int pages = 0;
        while (cursor != null) {
            Response page = asked("/admin/usage/people", "sort", sort, "limit", 2, "cursor", cursor);
            seen.addAll(page.<List<String>>path("items.email"));
            tokens.addAll(page.<List<Integer>>path("items.total.input_tokens"));
            cursor = page.path("next_cursor");
            pages++;
        }

        assertThat(pages).isEqualTo(4);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(emails);
        assertThat(tokens).containsExactly(200, 100, 100, 100, 0, 0, 0);
    }

    @Test
    void aCursorIsGoodForItsOwnListOnly() {
        for (Person person : List.of(alice, bob, root)) {
            write(person, FIRST, Purpose.ANSWER, new TokenCounts(1, 0, 0, 0), "1");
        }
        String cursor = asked("/admin/usage/people", "limit", 1).path("next_cursor");

        asked("/admin/usage/people", "cursor", cursor).then().body("items", hasSize(2));
        asked("/admin/usage/people", "cursor", cursor, "sort", "-tokens").then().statusCode(422);
        asked("/admin/usage/people", "cursor", cursor, "to", FIRST).then().statusCode(422);
        asked("/admin/usage/people", "cursor", "nonsense").then().statusCode(400);
        asked("/admin/usage/people", "cursor", "x".repeat(4000)).then().statusCode(400);
    }

    @Test
    void whoIsGoneIsInNoList() {
        write(alice, FIRST, Purpose.ANSWER, new TokenCounts(1, 0, 0, 0), "1");
        write(bob, FIRST, Purpose.ANSWER, new TokenCounts(1, 0, 0, 0), "1");
        alice.json(Map.of("password", alice.password()))
                .delete("/auth/me")
                .then()
                .statusCode(204);
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", bob.id());

        asked("/admin/usage/people")
                .then()
                .body("items.email", contains(bob.email()))
                .body("items.is_active", contains(false));
        asked("/admin/usage").then().body("total.calls", equalTo(1));
    }

    @ParameterizedTest
    @CsvSource({
        "yesterday, 2026-01-07, from, must be a date such as 2026-01-31",
        "2026-01-08, 2026-01-07, from, must not be after to",
        "2026-01-01, 2026-04-03, from, must be less than 92 days before to",
        "2026-01-01, +10000-01-01, to, must be between the years 2000 and 9999",
    })
    void daysThatAreNoneAreRefused(String from, String to, String field, String message) {
        for (String path : List.of("/admin/usage", "/admin/usage/people")) {
            asked(path, "from", from, "to", to)
                    .then()
                    .statusCode(422)
                    .body("errors.field", contains(field))
                    .body("errors.message", contains(message));
        }
    }

    @Test
    void whatIsNoOrderIsRefused() {
        for (String sort : List.of("cost", "tokens", "-email", "-cost; DROP TABLE users", "x".repeat(4000))) {
            asked("/admin/usage/people", "sort", sort).then().statusCode(422).body("errors.field", contains("sort"));
        }
        asked("/admin/usage/people", "limit", 101).then().statusCode(422);
    }

    @Test
    void byDefaultItIsOfTheLastThirtyDays() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);

        root.request()
                .get("/admin/usage")
                .then()
                .statusCode(200)
                .body("from", equalTo(today.minusDays(29).toString()))
                .body("to", equalTo(today.toString()));
    }

    @Test
    void itIsForAdministrators() {
        for (String path : List.of("/admin/usage", "/admin/usage/people")) {
            given().get(path).then().statusCode(401);
            Person.bearing("nonsense").get(path).then().statusCode(401);
            alice.request().get(path).then().statusCode(403).body("type", equalTo("urn:customrag:problem:forbidden"));
            alice.withKey().request().get(path).then().statusCode(403);
            root.withKey().request().get(path).then().statusCode(200).header("Cache-Control", "no-store");
        }
    }

    @Test
    void whileCallsAreMadeTheSumsAreOfWholeOnes() {
        List<Response> answers = Together.call(12, () -> {
            write(alice, FIRST, Purpose.ANSWER, new TokenCounts(10, 1, 0, 0), "0.5");
            return asked("/admin/usage");
        });

        assertThat(answers).allSatisfy(answer -> {
            int calls = answer.path("total.calls");
            assertThat(calls).isBetween(1, 12);
            assertThat(answer.<Integer>path("total.input_tokens")).isEqualTo(10 * calls);
            assertThat(new BigDecimal(answer.<String>path("total.cost")))
                    .isEqualByComparingTo(new BigDecimal("0.5").multiply(BigDecimal.valueOf(calls)));
        });
        asked("/admin/usage").then().body("total.calls", equalTo(12));
    }

    private void write(Person person, LocalDate day, Purpose purpose, TokenCounts tokens, String cost) {
        Instant at = day.atTime(12, 0).toInstant(ZoneOffset.UTC);
        rows.write(
                Call.at(at, person.id(), purpose, MODEL),
                tokens,
                Optional.ofNullable(cost).map(BigDecimal::new));
    }

    /** Of the days of these tests, unless it is asked for others. */
    private Response asked(String path, Object... parameters) {
        Map<String, Object> query = new HashMap<>(Map.of("from", FIRST.toString(), "to", SECOND.toString()));
        for (int i = 0; i < parameters.length; i += 2) {
            query.put((String) parameters[i], parameters[i + 1].toString());
        }
        return root.request().queryParams(query).get(path);
    }
}
