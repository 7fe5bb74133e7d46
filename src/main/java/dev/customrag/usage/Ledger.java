package dev.customrag.usage;

import dev.customrag.model.TokenCounts;
import dev.customrag.usage.Budget.Amount;
import dev.customrag.usage.Reservation.Call;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What each person's calls of models take, and whether they may have more.
 *
 * <pre>{@code
 * Reservation reservation = ledger.reserve(owner, Purpose.ANSWER, modelId, estimatedInput, mostOutput); // may throw 429
 * TokenCounts tokens = TokenCounts.NONE;
 * try {
 *     tokens = ... // the call; what it took is known even of one that was stopped or broke off
 * } finally {
 *     reservation.settle(tokens); // or release(), if the provider was never asked
 * }
 * }</pre>
 *
 * <p>A budget is never exceeded by calls that take no more than was reserved for them: all processes decide one after the
 * other for one person. So what is reserved should be the most the call can take. {@code reserve} costs three statements
 * where there are budgets and nothing where there are none; to settle costs one. None may stand in a transaction: what a
 * call took stays spent when the caller's work is rolled back.
 */
@ApplicationScoped
public class Ledger {

    private final UsageRows rows;
    private final PriceTable prices;
    private final Budgets budgets;
    private final UsageConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;

    Ledger(UsageRows rows, PriceTable prices, Budgets budgets, UsageConfig config, MeterRegistry metrics, Clock clock) {
        this.rows = rows;
        this.prices = prices;
        this.budgets = budgets;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Reserves what a call may take, before it is made.
     *
     * @param inputTokens read at most
     * @param outputTokens written at most
     * @throws dev.customrag.http.Problem 429 {@code budget-exceeded} if less is left of a budget, with
     *     {@code Retry-After} and, as a member {@code resets_at}, the time when the budget begins anew
     */
    public Reservation reserve(UUID owner, Purpose purpose, String modelId, int inputTokens, int outputTokens) {
        Instant now = clock.instant();
        Call call = Call.at(now, owner, purpose, modelId);
        if (budgets.areUnlimited()) {
            return new Reservation(this, call, false);
        }
        outsideOfTransactions();
        var most = new Amount(
                BigDecimal.valueOf((long) inputTokens + outputTokens),
                prices.of(modelId)
                        .flatMap(price -> price.most(inputTokens, outputTokens))
                        .orElse(BigDecimal.ZERO));
        rows.reserve(call, most, now.plus(config.reservationExpiry()), spent -> budgets.check(spent, most, now));
        return new Reservation(this, call, true);
    }

    /** Records what a call took that was made without a reservation, and so was held to no budget; it counts for the next. */
    public void record(UUID owner, Purpose purpose, String modelId, TokenCounts tokens) {
        write(Call.at(clock.instant(), owner, purpose, modelId), tokens);
    }

    void write(Call call, TokenCounts tokens) {
        outsideOfTransactions();
        Optional<BigDecimal> cost = prices.of(call.modelId()).flatMap(price -> price.cost(tokens));
        if (rows.write(call, tokens, cost)) {
            count(call, tokens, cost);
        }
    }

    void release(Call call) {
        outsideOfTransactions();
        rows.release(call);
    }

    private void count(Call call, TokenCounts tokens, Optional<BigDecimal> cost) {
        count(call, "input", tokens.input());
        count(call, "output", tokens.output());
        count(call, "cache_read", tokens.cacheRead());
        count(call, "cache_write", tokens.cacheWrite());
        cost.ifPresent(money -> metrics.counter(
                        "usage.cost",
                        "purpose",
                        call.purpose().label(),
                        "model",
                        call.modelId(),
                        "currency",
                        config.currency())
                .increment(money.doubleValue()));
    }

    private void count(Call call, String kind, int tokens) {
        metrics.counter("usage.tokens", "purpose", call.purpose().label(), "model", call.modelId(), "kind", kind)
                .increment(tokens);
    }

    private static void outsideOfTransactions() {
        if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
            throw new IllegalStateException("Ask the ledger before the transaction begins, or when it has ended");
        }
    }
}
