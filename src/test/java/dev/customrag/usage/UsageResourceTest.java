package dev.customrag.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.model.ModelProvider;
import dev.customrag.model.TokenCounts;
import dev.customrag.testing.Person;
import dev.customrag.testing.Settings;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class UsageResourceTest {

    private static final String MODEL = "example.writer";

    @Inject
    UsageRows rows;

    @Inject
    Ledger ledger;

    @Inject
    ModelProvider models;

    @Inject
    Clock clock;

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void whoDidNothingHasNoUsage() {
        var nothing = Map.of(
                "calls", 0,
                "input_tokens", 0,
                "output_tokens", 0,
                "cache_read_tokens", 0,
                "cache_write_tokens", 0,
                "unpriced_tokens", 0,
                "cost", "0");

        usage(alice)
                .then()
                .statusCode(200)
                .body("currency", equalTo("USD"))
                .body("today", equalTo(nothing))
                .body("month", equalTo(nothing))
                .body("budgets.values()", contains(nullValue(), nullValue(), nullValue(), nullValue()))
                .body("days", empty());
    }

    @Test
    void whatIsEmbeddedIsOnTheBillOfWhoAskedForIt() {
        alice.uploaded("lease.txt", "The notice period is three months.");
        search(alice, "What is the notice period?").then().statusCode(200);
        String model = models.embedding().modelId();

        usage(alice)
                .then()
                .body("days", hasSize(1))
                .body("days[0].date", equalTo(today().toString()))
                .body("days[0].lines.model_id", contains(model, model))
                .body("days[0].lines.purpose", contains("passage_embedding", "question_embedding"))
                .body("days[0].lines.total.calls", contains(1, 1))
                .body("days[0].lines[0].total.input_tokens", equalTo(7))
                .body("days[0].lines[1].total.input_tokens", greaterThan(7))
                .body("days[0].total.calls", equalTo(2))
                .body("today.calls", equalTo(2))
                // What runs in this process is free.
                .body("today.cost", equalTo("0"))
                .body("today.unpriced_tokens", equalTo(0));
        alice.request()
                .get("/usage/calls")
                .then()
                .statusCode(200)
                .body("items.purpose", contains("question_embedding", "passage_embedding"))
                .body("items[1].input_tokens", equalTo(7))
                .body("items[1].cost", equalTo("0"))
                .body("next_cursor", nullValue());
        usage(Person.registered()).then().body("today.calls", equalTo(0));
    }

    @Test
    void daysAreThoseThatWereAskedFor() {
        Instant now = clock.instant();
        for (int daysAgo : List.of(0, 29, 30, 60)) {
            write(now.minus(daysAgo, ChronoUnit.DAYS), new TokenCounts(1 + daysAgo, 0, 0, 0), Optional.of("0.10"));
        }
        LocalDate today = today();

        usage(alice).then().body("days.total.input_tokens", contains(1, 30));
        usage(alice, "from", today.minusDays(60), "to", today.minusDays(30))
                .then()
                .body(
                        "days.date",
                        contains(
                                today.minusDays(30).toString(),
                                today.minusDays(60).toString()))
                .body("days.total.input_tokens", contains(31, 61))
                .body("days.total.cost", contains("0.1", "0.1"))
                .body("today.input_tokens", equalTo(1));
        usage(alice, "to", today.minusDays(31)).then().body("days.total.input_tokens", contains(61));
        usage(alice, "from", today.minusDays(91)).then().body("days", hasSize(4));
    }

    @ParameterizedTest
    @CsvSource({
        "yesterday, 2026-01-07, from, must be a date such as 2026-01-31",
        "2026-01-07, 07.01.2026, to, must be a date such as 2026-01-31",
        "2026-01-07, 2026-01-07T00:00:00Z, to, must be a date such as 2026-01-31",
        "2026-02-30, 2026-03-01, from, must be a date such as 2026-01-31",
        "2026-01-08, 2026-01-07, from, must not be after to",
        "2026-01-01, 2026-04-03, from, must be less than 92 days before to",
        "1999-12-31, 2000-01-02, from, must be between the years 2000 and 9999",
        "2026-01-01, +10000-01-01, to, must be between the years 2000 and 9999",
        "-999999999-01-01, 2026-01-01, from, must be between the years 2000 and 9999",
        "2026-01-01, +999999999-12-31, to, must be between the years 2000 and 9999",
    })
    void daysThatAreNoneAreRefused(String from, String to, String field, String message) {
        usage(alice, "from", from, "to", to)
                .then()
                .statusCode(422)
                .body("errors.field", contains(field))
                .body("errors.message", contains(message));
    }

    @Test
    void theWidestRangeIsTaken() {
        usage(alice, "from", "2026-01-01", "to", "2026-04-02").then().statusCode(200);
        usage(alice, "from", "9999-12-31", "to", "9999-12-31").then().statusCode(200);
        usage(alice, "from", "", "to", "").then().statusCode(200);
        usage(alice, "from", "x".repeat(4000)).then().statusCode(422);
    }

    @Test
    void whatHasNoPriceHasNoCost() {
        Instant now = clock.instant();
        write(now, new TokenCounts(1, 2, 3, 4), Optional.empty());
        usage(alice)
                .then()
                .body("today.cost", nullValue())
                .body("today.unpriced_tokens", equalTo(10))
                .body("days[0].lines[0].total.cost", nullValue());

        write(now, new TokenCounts(1, 0, 0, 0), Optional.of("0.0000001"));

        usage(alice).then().body("today.cost", equalTo("0.0000001")).body("today.unpriced_tokens", equalTo(10));
        alice.request().get("/usage/calls").then().body("items.cost", contains("0.0000001", null));
    }

    @Test
    void callsComeInPagesTheLatestFirst() {
        Instant now = clock.instant();
        for (int i = 0; i < 5; i++) {
            // Two each at the same instant.
            write(now.minusSeconds(i / 2), new TokenCounts(i, 0, 0, 0), Optional.of("1"));
        }
        Person.registered();

        Response first = alice.request()
                .queryParam("limit", 3)
                .get("/usage/calls")
                .then()
                .statusCode(200)
                .extract()
                .response();
        Response second = alice.request()
                .queryParam("limit", 3)
                .queryParam("cursor", first.<String>path("next_cursor"))
                .get("/usage/calls");

        List<Integer> all = new ArrayList<>(first.<List<Integer>>path("items.input_tokens"));
        all.addAll(second.<List<Integer>>path("items.input_tokens"));
        assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        assertThat(all.getLast()).isEqualTo(4);
        second.then().body("next_cursor", nullValue()).body("items[0].made_at", notNullValue());
        Person.registered().request().get("/usage/calls").then().body("items", empty());
    }

    @Test
    void budgetsTellWhatIsLeftOfThem() {
        configure(Map.of(
                "usage.budgets.tokens-per-day", "1000",
                "usage.budgets.tokens-per-month", "5000",
                "usage.budgets.money-per-day", "0.005",
                "usage.budgets.money-per-month", "2.50"));
        ledger.record(alice.id(), Purpose.ANSWER, MODEL, new TokenCounts(100, 50, 0, 0));
        Reservation reserved = ledger.reserve(alice.id(), Purpose.ANSWER, MODEL, 200, 300);
        LocalDate today = today();

        usage(alice)
                .then()
                .body(
                        "budgets.tokens_per_day",
                        equalTo(Map.of(
                                "limit",
                                1000,
                                "used",
                                150,
                                "reserved",
                                500,
                                "left",
                                350,
                                "resets_at",
                                today.plusDays(1) + "T00:00:00Z")))
                .body(
                        "budgets.tokens_per_month",
                        equalTo(Map.of(
                                "limit",
                                5000,
                                "used",
                                150,
                                "reserved",
                                500,
                                "left",
                                4350,
                                "resets_at",
                                today.withDayOfMonth(1).plusMonths(1) + "T00:00:00Z")))
                .body("budgets.money_per_day.limit", equalTo("0.005"))
                .body("budgets.money_per_day.used", equalTo("0.00035"))
                .body("budgets.money_per_day.reserved", equalTo("0.0017"))
                .body("budgets.money_per_day.left", equalTo("0.00295"))
                .body("budgets.money_per_month.limit", equalTo("2.5"))
                .body("budgets.money_per_month.left", equalTo("2.49795"));

        // A call that took more than it was thought to.
        reserved.settle(new TokenCounts(200, 3000, 0, 0));
        usage(alice)
                .then()
                .body("budgets.tokens_per_day.used", equalTo(3350))
                .body("budgets.tokens_per_day.reserved", equalTo(0))
                .body("budgets.tokens_per_day.left", equalTo(0))
                .body("budgets.money_per_day.left", equalTo("0"))
                .body("today.cost", equalTo("0.01555"));
    }

    @Test
    void whoHasUsedUpABudgetSearchesNoMoreButUploads() {
        configure(Map.of("usage.budgets.tokens-per-day", "500"));
        alice.uploaded("lease.txt", "The notice period is three months.");
        search(alice, "What is the notice period?").then().statusCode(200);
        ledger.record(alice.id(), Purpose.ANSWER, MODEL, new TokenCounts(0, 500, 0, 0));
        Instant reset = today().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();

        Response refused = search(alice, "What is the notice period?");

        refused.then()
                .statusCode(429)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:customrag:problem:budget-exceeded"))
                .body("detail", containsString("500 tokens a day nothing is left"))
                .body("detail", containsString(reset.toString()))
                .body("resets_at", equalTo(reset.toString()));
        assertThat(Long.parseLong(refused.header("Retry-After")))
                .isBetween(0L, Duration.between(clock.instant(), reset).toSeconds() + 10);
        alice.uploaded("other.txt", "Uploads are taken in whatever is left.");
        usage(alice).then().body("budgets.tokens_per_day.left", equalTo(0));
        search(Person.registered(), "What is the notice period?").then().statusCode(200);
    }

    @Test
    void searchesAtOnceReserveOneAfterTheOther() {
        configure(Map.of("usage.budgets.tokens-per-day", "100"));
        // Eleven bytes at most each, of which less is used.
        List<Integer> statuses =
                Together.call(12, () -> search(alice, "notice time").statusCode());

        assertThat(statuses).isSubsetOf(200, 429).contains(200);
        int used = usage(alice).path("budgets.tokens_per_day.used");
        assertThat(used).isBetween(1, 100);
        usage(alice).then().body("budgets.tokens_per_day.reserved", equalTo(0));
    }

    private void configure(Map<String, String> budgets) {
        var settings =
                new HashMap<>(Map.of("usage.prices.\"example\".input", "1", "usage.prices.\"example\".output", "5"));
        settings.putAll(budgets);
        UsageConfig config = Settings.with(UsageConfig.class, settings);
        QuarkusMock.installMockForType(new Budgets(config), Budgets.class);
        QuarkusMock.installMockForType(new PriceTable(config, true), PriceTable.class);
    }

    private void write(Instant at, TokenCounts tokens, Optional<String> cost) {
        rows.write(Reservation.Call.at(at, alice.id(), Purpose.ANSWER, MODEL), tokens, cost.map(BigDecimal::new));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static Response usage(Person person, Object... parameters) {
        var request = person.request();
        for (int i = 0; i < parameters.length; i += 2) {
            request.queryParam((String) parameters[i], parameters[i + 1].toString());
        }
        return request.get("/usage");
    }

    private static Response search(Person person, String query) {
        return person.json(Map.of("query", query)).post("/search");
    }
}
