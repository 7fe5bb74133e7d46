package dev.customrag.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.customrag.http.Problem;
import dev.customrag.model.TokenCounts;
import dev.customrag.testing.MovableClock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Settings;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ledgers of several configurations, each of which could be another process, on one database. */
@QuarkusTest
class LedgerTest {

    private static final String MODEL = "eu.example.writer-v1:0";

    /** An hour before a month ends, and late enough for nothing to be old. */
    private static final Instant BEGIN = Instant.parse("2099-03-31T23:00:00Z");

    @Inject
    UsageRows rows;

    private final MovableClock clock = new MovableClock(BEGIN);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private UUID person;

    @BeforeEach
    void register() {
        person = Person.registered().id();
    }

    @Test
    void whatACallTookIsOnRecord() {
        Ledger ledger = ledger(Map.of());

        ledger.reserve(person, Purpose.ANSWER, MODEL, 1000, 500).settle(new TokenCounts(900, 120, 40, 7));
        ledger.record(person, Purpose.ANSWER, MODEL, new TokenCounts(1, 2, 3, 4));

        assertThat(calls())
                .containsExactlyInAnyOrder(
                        "answer eu.example.writer-v1:0 900 120 40 7 0.003079125",
                        "answer eu.example.writer-v1:0 1 2 3 4 0.00003795");
    }

    @Test
    void modelsWithoutAPriceCostNothingThatIsKnown() {
        Ledger ledger = ledger(Map.of("usage.budgets.money-per-day", "0.000001"));

        ledger.reserve(person, Purpose.TITLE, "example.other", 1_000_000, 1_000_000)
                .settle(new TokenCounts(1, 2, 3, 4));

        assertThat(calls()).containsExactly("title example.other 1 2 3 4");
        assertThat(totals()).containsExactly("2099-03-31 title example.other 1 1 2 3 4 10 0");
    }

    @Test
    void callsAddUpByDayModelAndPurpose() {
        Ledger ledger = ledger(Map.of());
        ledger.record(person, Purpose.ANSWER, MODEL, new TokenCounts(1, 2, 3, 4));
        ledger.record(person, Purpose.ANSWER, MODEL, new TokenCounts(10, 20, 30, 40));
        ledger.record(person, Purpose.TITLE, MODEL, new TokenCounts(5, 0, 0, 0));
        Reservation overnight = ledger.reserve(person, Purpose.ANSWER, MODEL, 1, 1);
        clock.pass(Duration.ofHours(2));
        ledger.record(person, Purpose.ANSWER, MODEL, new TokenCounts(7, 0, 0, 0));
        overnight.settle(new TokenCounts(100, 0, 0, 0));

        assertThat(totals())
                .containsExactly(
                        "2099-03-31 answer eu.example.writer-v1:0 3 111 22 33 44 0 0.00056745",
                        "2099-03-31 title eu.example.writer-v1:0 1 5 0 0 0 0 0.0000075",
                        "2099-04-01 answer eu.example.writer-v1:0 1 7 0 0 0 0 0.0000105");
    }

    @Test
    void whatIsSettledOrReleasedOnceIsSo() {
        Ledger ledger = ledger(Map.of("usage.budgets.tokens-per-day", "100"));
        Reservation settled = ledger.reserve(person, Purpose.ANSWER, MODEL, 20, 30);
        settled.settle(new TokenCounts(5, 5, 0, 0));
        settled.settle(new TokenCounts(5, 5, 0, 0));
        settled.release();
        Reservation released = ledger.reserve(person, Purpose.ANSWER, MODEL, 20, 30);
        released.release();
        released.settle(new TokenCounts(5, 5, 0, 0));

        assertThat(calls()).hasSize(1);
        assertThat(totals()).containsExactly("2099-03-31 answer eu.example.writer-v1:0 1 5 5 0 0 0 0.00007875");
        assertThat(reservations()).isZero();
        assertThat(metrics.get("usage.tokens").tag("kind", "output").counter().count())
                .isEqualTo(5);
        assertThat(metrics.get("usage.cost")
                        .tags("purpose", "answer", "model", MODEL, "currency", "USD")
                        .counter()
                        .count())
                .isEqualTo(0.00007875);
    }

    @Test
    void aCallIsRecordedOnceHoweverOftenItIsWritten() {
        var call = Reservation.Call.at(BEGIN, person, Purpose.ANSWER, MODEL);

        assertThat(rows.write(call, new TokenCounts(1, 0, 0, 0), Optional.empty()))
                .isTrue();
        assertThat(rows.write(call, new TokenCounts(1, 0, 0, 0), Optional.empty()))
                .isFalse();

        assertThat(totals()).containsExactly("2099-03-31 answer eu.example.writer-v1:0 1 1 0 0 0 1 0");
    }

    @Test
    void aBudgetIsUsedToItsLastTokenAndNotBeyond() {
        Ledger ledger = ledger(Map.of("usage.budgets.tokens-per-day", "100"));
        Reservation first = ledger.reserve(person, Purpose.ANSWER, MODEL, 40, 60);

        assertRefused(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, 1, 0), "2099-04-01T00:00:00Z");
        first.settle(new TokenCounts(10, 10, 10, 10));
        assertRefused(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, 31, 30), "2099-04-01T00:00:00Z");
        ledger.reserve(person, Purpose.ANSWER, MODEL, 30, 30);

        // Somebody else has a budget of their own, and the next day one is anew.
        ledger.reserve(Person.registered().id(), Purpose.ANSWER, MODEL, 100, 0);
        clock.pass(Duration.ofHours(1));
        ledger.reserve(person, Purpose.ANSWER, MODEL, 100, 0);
    }

    @Test
    void aRefusalTellsWhatIsLeftAndUntilWhen() {
        clock.pass(Duration.ofMillis(1));
        Ledger ledger = ledger(Map.of("usage.budgets.tokens-per-month", "12000", "usage.budgets.money-per-day", "0.5"));
        ledger.record(person, Purpose.PASSAGE_EMBEDDING, MODEL, new TokenCounts(11_000, 0, 0, 0));

        assertThatThrownBy(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, 1000, 1))
                .asInstanceOf(type(Problem.class))
                .satisfies(problem -> {
                    assertThat(problem.slug()).isEqualTo("budget-exceeded");
                    assertThat(problem)
                            .hasMessage(
                                    "This may take 1,001 tokens, and of your 12,000 tokens a month 1,000 tokens are left."
                                            + " Ask for less, or try again after 2099-04-01T00:00:00Z.");
                });
        assertThatThrownBy(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, 0, 40_000))
                .hasMessageContaining("40,000 tokens");
        clock.pass(Duration.ofHours(1));
        assertThatThrownBy(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, 1, 50_000))
                .hasMessageContaining("12,000 tokens a month 12,000 tokens are left")
                .hasMessageContaining("2099-05-01T00:00:00Z");
        Ledger money = ledger(Map.of("usage.budgets.money-per-day", "0.05"));
        money.record(person, Purpose.ANSWER, MODEL, new TokenCounts(40_000, 0, 0, 0));
        assertThatThrownBy(() -> money.reserve(person, Purpose.ANSWER, MODEL, 0, 1))
                .hasMessage("This may take 0.00001425 USD, and of your 0.05 USD a day nothing is left."
                        + " Ask for less, or try again after 2099-04-02T00:00:00Z.");
    }

    @Test
    void moneyIsReservedAsIfAllWereReadAtTheHighestPrice() {
        Ledger ledger = ledger(Map.of("usage.budgets.money-per-month", "0.001875"));

        assertRefused(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, 1001, 0), "2099-04-01T00:00:00Z");
        Reservation all = ledger.reserve(person, Purpose.ANSWER, MODEL, 1000, 0);
        assertRefused(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, 1, 0), "2099-04-01T00:00:00Z");
        all.settle(new TokenCounts(0, 0, 0, 1000));
        assertRefused(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, 1, 0), "2099-04-01T00:00:00Z");
    }

    @Test
    void whatADeadProcessReservedIsGivenBack() {
        Ledger ledger = ledger(Map.of("usage.budgets.tokens-per-day", "100", "usage.reservation-expiry", "10m"));
        Reservation lost = ledger.reserve(person, Purpose.ANSWER, MODEL, 100, 0);
        clock.pass(Duration.ofMinutes(9));
        assertRefused(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, 1, 0), "2099-04-01T00:00:00Z");

        clock.pass(Duration.ofMinutes(1));
        Reservation next = ledger.reserve(person, Purpose.ANSWER, MODEL, 100, 0);

        // It was not dead, only slow: what it took is on record all the same.
        lost.settle(new TokenCounts(60, 0, 0, 0));
        next.settle(new TokenCounts(30, 0, 0, 0));
        assertThat(totals()).containsExactly("2099-03-31 answer eu.example.writer-v1:0 2 90 0 0 0 0 0.000135");
    }

    @Test
    void processesThatReserveAtOnceNeverExceedABudget() {
        Map<String, String> budgets = Map.of(
                "usage.budgets.tokens-per-day", "20000",
                "usage.budgets.tokens-per-month", "50000",
                "usage.budgets.money-per-day", "0.2");
        Ledger[] processes = {ledger(budgets), ledger(budgets)};
        var next = new AtomicInteger();
        var taken = new AtomicLong();
        var refused = new AtomicInteger();
        var tooMuch = new AtomicInteger();

        Together.call(16, () -> {
            Ledger ledger = processes[next.getAndIncrement() % 2];
            var random = ThreadLocalRandom.current();
            for (int i = 0; i < 25; i++) {
                int input = random.nextInt(1, 400);
                int output = random.nextInt(1, 400);
                Reservation reservation;
                try {
                    reservation = ledger.reserve(person, Purpose.ANSWER, MODEL, input, output);
                } catch (Problem problem) {
                    assertThat(problem.status()).isEqualTo(429);
                    refused.incrementAndGet();
                    continue;
                }
                if (taken.addAndGet(input + output) > 20_000) {
                    tooMuch.incrementAndGet();
                }
                if (random.nextInt(4) == 0) {
                    taken.addAndGet(-input - output);
                    reservation.release();
                } else {
                    int written = random.nextInt(output + 1);
                    taken.addAndGet(written - output);
                    reservation.settle(new TokenCounts(input, written, 0, 0));
                }
            }
            return null;
        });

        assertThat(tooMuch).hasValue(0);
        assertThat(refused.get()).isPositive();
        assertThat(reservations()).isZero();
        assertThat(((BigDecimal) Sql.query(
                                        "SELECT sum(input_tokens + output_tokens) FROM usage_totals WHERE owner_id = ?",
                                        person)
                                .getFirst())
                        .longValue())
                .isEqualTo(taken.get())
                .isBetween(19_000L, 20_000L);
    }

    /** There is no database here that could be asked. */
    @Test
    void withoutBudgetsAReservationCostsNothing() {
        UsageConfig config = Settings.defaults(UsageConfig.class);
        var ledger = new Ledger(null, new PriceTable(config, false), new Budgets(config), config, metrics, clock);

        QuarkusTransaction.requiringNew()
                .run(() -> ledger.reserve(person, Purpose.ANSWER, MODEL, Integer.MAX_VALUE, Integer.MAX_VALUE)
                        .release());

        assertThat(reservations()).isZero();
    }

    @Test
    void whatIsSpentStaysSoWhateverBecomesOfATransaction() {
        Ledger ledger = ledger(Map.of("usage.budgets.tokens-per-day", "100"));
        Reservation reservation = ledger.reserve(person, Purpose.ANSWER, MODEL, 10, 10);

        for (Runnable inside : List.<Runnable>of(
                () -> ledger.reserve(person, Purpose.ANSWER, MODEL, 1, 1),
                () -> ledger.record(person, Purpose.ANSWER, MODEL, new TokenCounts(1, 1, 0, 0)),
                () -> reservation.settle(new TokenCounts(1, 1, 0, 0)),
                reservation::release)) {
            assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(inside))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("transaction");
        }

        // An attempt that failed is none.
        reservation.settle(new TokenCounts(1, 1, 0, 0));
        assertThat(calls()).hasSize(1);
    }

    @Test
    void whoIsGoneLeavesNothing() {
        Ledger ledger = ledger(Map.of("usage.budgets.tokens-per-day", "100"));
        Reservation reservation = ledger.reserve(person, Purpose.ANSWER, MODEL, 10, 10);
        Sql.update("DELETE FROM users WHERE id = ?", person);

        reservation.settle(new TokenCounts(1, 1, 0, 0));
        ledger.record(person, Purpose.ANSWER, MODEL, new TokenCounts(1, 1, 0, 0));
        ledger.reserve(person, Purpose.ANSWER, MODEL, 10, 10).release();

        assertThat(calls()).isEmpty();
        assertThat(totals()).isEmpty();
        assertThat(metrics.find("usage.tokens").counter()).isNull();
    }

    @Test
    void whatIsOldIsForgotten() {
        Instant now = Instant.now();
        Person other = Person.registered();
        for (Instant madeAt : List.of(now, now.minus(Duration.ofDays(100)), now.minus(Duration.ofDays(800)))) {
            for (UUID owner : List.of(person, other.id())) {
                rows.write(
                        Reservation.Call.at(madeAt, owner, Purpose.ANSWER, MODEL), TokenCounts.NONE, Optional.empty());
            }
        }
        Ledger ledger = ledger(Map.of("usage.budgets.tokens-per-day", "100"));
        ledger.reserve(person, Purpose.ANSWER, MODEL, 10, 10);
        Sql.update(
                "INSERT INTO usage_reservations VALUES (gen_random_uuid(), ?, now()::date, 1, 0, now() - interval '1 minute')",
                person);
        var jobs = new UsageJobs(rows, Settings.defaults(UsageConfig.class), metrics, Clock.systemUTC());

        jobs.run(() -> true);
        assertThat(reservations()).isEqualTo(2);
        jobs.run(() -> false);

        assertThat(calls()).hasSize(1);
        assertThat(totals()).hasSize(2);
        assertThat(reservations()).isEqualTo(1);
        assertThat(Sql.query("SELECT id FROM model_calls WHERE owner_id = ?", other.id()))
                .hasSize(1);
        assertThat(metrics.get("clean.up.removed")
                        .tag("kind", "model-call")
                        .counter()
                        .count())
                .isGreaterThanOrEqualTo(4);
    }

    private static void assertRefused(ThrowingCallable call, String resetsAt) {
        assertThatThrownBy(call)
                .hasMessageContaining(resetsAt)
                .asInstanceOf(type(Problem.class))
                .satisfies(problem -> {
                    assertThat(problem.status()).isEqualTo(429);
                    assertThat(problem.slug()).isEqualTo("budget-exceeded");
                });
    }

    private Ledger ledger(Map<String, String> settings) {
        var all = new HashMap<>(Map.of(
                "usage.prices.\"example.writer\".input", "1.5",
                "usage.prices.\"example.writer\".output", "14.25",
                "usage.prices.\"example.writer\".cache-read", "0.15",
                "usage.prices.\"example.writer\".cache-write", "1.875"));
        all.putAll(settings);
        UsageConfig config = Settings.with(UsageConfig.class, all);
        return new Ledger(rows, new PriceTable(config, false), new Budgets(config), config, metrics, clock);
    }

    private List<Object> calls() {
        return Sql.query("""
                SELECT concat_ws(' ', purpose, model_id, input_tokens, output_tokens, cache_read_tokens,
                                 cache_write_tokens, trim_scale(cost))
                FROM model_calls WHERE owner_id = ?
                """, person);
    }

    private List<Object> totals() {
        return Sql.query("""
                SELECT concat_ws(' ', day, purpose, model_id, calls, input_tokens, output_tokens, cache_read_tokens,
                                 cache_write_tokens, unpriced_tokens, trim_scale(cost))
                FROM usage_totals WHERE owner_id = ? ORDER BY day, purpose
                """, person);
    }

    private long reservations() {
        return (long) Sql.query("SELECT count(*) FROM usage_reservations WHERE owner_id = ?", person)
                .getFirst();
    }
}
