package dev.customrag.usage;

import dev.customrag.http.Problem;
import dev.customrag.usage.Budget.Amount;
import dev.customrag.usage.Budget.Period;
import dev.customrag.usage.Budget.Spent;
import dev.customrag.usage.Budget.Unit;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The configured budgets, which are everybody's. */
@Startup
@ApplicationScoped
class Budgets {

    private final List<Budget> all = new ArrayList<>();
    private final String currency;

    Budgets(UsageConfig config) {
        currency = config.currency();
        UsageConfig.Budgets budgets = config.budgets();
        budgets.tokensPerDay().ifPresent(most -> add(Unit.TOKENS, Period.DAY, BigDecimal.valueOf(most)));
        budgets.tokensPerMonth().ifPresent(most -> add(Unit.TOKENS, Period.MONTH, BigDecimal.valueOf(most)));
        budgets.moneyPerDay().ifPresent(most -> add(Unit.MONEY, Period.DAY, most));
        budgets.moneyPerMonth().ifPresent(most -> add(Unit.MONEY, Period.MONTH, most));
        if (config.prices().isEmpty() && all.stream().anyMatch(budget -> budget.unit() == Unit.MONEY)) {
            throw new ConfigurationException("usage.budgets limits money, but usage.prices has no price: nothing would"
                    + " count. Set the prices of the models in use.");
        }
    }

    /** Those that are set; tokens before money, the day before the month. */
    List<Budget> all() {
        return List.copyOf(all);
    }

    Optional<Budget> of(Unit unit, Period period) {
        return all.stream()
                .filter(budget -> budget.unit() == unit && budget.period() == period)
                .findFirst();
    }

    /** Whether nobody is held to anything. */
    boolean areUnlimited() {
        return all.isEmpty();
    }

    /**
     * Holds a call to the budgets.
     *
     * @param most what it takes at most
     * @throws Problem 429 with the time when it may be tried again, if there is not so much left
     */
    void check(Spent spent, Amount most, Instant now) {
        all.stream()
                .filter(budget -> budget.left(spent).compareTo(most.in(budget.unit())) < 0)
                .max(Comparator.comparing(budget -> budget.resetsAt(spent.day())))
                .ifPresent(exceeded -> {
                    throw exceeded(exceeded, spent, most, now);
                });
    }

    private Problem exceeded(Budget budget, Spent spent, Amount most, Instant now) {
        Instant resetsAt = budget.resetsAt(spent.day());
        BigDecimal needed = most.in(budget.unit());
        String detail = "This may take %s, and of your %s a %s %s left. Ask for less, or try again after %s."
                .formatted(
                        amount(budget.unit(), needed),
                        amount(budget.unit(), budget.limit()),
                        budget.period().name().toLowerCase(Locale.ROOT),
                        left(budget, spent),
                        resetsAt);
        return new Problem(429, "budget-exceeded", "Budget exceeded", detail)
                .header(
                        HttpHeaders.RETRY_AFTER,
                        String.valueOf(Duration.between(now, resetsAt)
                                .plusSeconds(1)
                                .minusNanos(1)
                                .toSeconds()))
                .with("resets_at", resetsAt.toString());
    }

    private String left(Budget budget, Spent spent) {
        BigDecimal left = budget.left(spent).max(BigDecimal.ZERO);
        return left.signum() == 0 ? "nothing is" : amount(budget.unit(), left) + " are";
    }

    private String amount(Unit unit, BigDecimal amount) {
        return switch (unit) {
            case TOKENS ->
                "%,d token%s".formatted(amount.toBigInteger(), amount.compareTo(BigDecimal.ONE) == 0 ? "" : "s");
            case MONEY -> Money.text(amount) + " " + currency;
        };
    }

    private void add(Unit unit, Period period, BigDecimal limit) {
        if (limit.signum() <= 0) {
            throw new ConfigurationException(
                    "usage.budgets: a budget is more than nothing. Leave it out for no limit.");
        }
        all.add(new Budget(unit, period, limit));
    }
}
