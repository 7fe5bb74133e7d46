package dev.customrag.usage;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.identity.CurrentUser;
import dev.customrag.usage.Budget.Period;
import dev.customrag.usage.Budget.Spent;
import dev.customrag.usage.Budget.Unit;
import dev.customrag.usage.UsageRows.Line;
import dev.customrag.usage.UsageRows.MadeCall;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** What somebody's own calls of models took. Contract: docs/api.md, section "Usage". */
@Path("/usage")
@Authenticated
@RunOnVirtualThread
class UsageResource {

    private final CurrentUser user;
    private final UsageRows rows;
    private final Budgets budgets;
    private final UsageConfig config;
    private final Clock clock;

    UsageResource(CurrentUser user, UsageRows rows, Budgets budgets, UsageConfig config, Clock clock) {
        this.user = user;
        this.rows = rows;
        this.budgets = budgets;
        this.config = config;
        this.clock = clock;
    }

    /** @param cost null where no token's price was known */
    record UsageTotal(
            long calls,
            long inputTokens,
            long outputTokens,
            long cacheReadTokens,
            long cacheWriteTokens,
            long unpricedTokens,
            String cost) {

        static UsageTotal of(Total total) {
            boolean unknown = total.unpricedTokens() > 0 && total.unpricedTokens() == total.tokens();
            return new UsageTotal(
                    total.calls(),
                    total.inputTokens(),
                    total.outputTokens(),
                    total.cacheReadTokens(),
                    total.cacheWriteTokens(),
                    total.unpricedTokens(),
                    unknown ? null : Money.text(total.cost()));
        }

        static UsageTotal of(Collection<Line> lines) {
            return of(Total.of(lines.stream().map(Line::total).toList()));
        }
    }

    /** What one model took for one purpose. */
    record UsageLine(String modelId, String purpose, UsageTotal total) {}

    /** @param date in UTC */
    record UsageDay(LocalDate date, UsageTotal total, List<UsageLine> lines) {

        static List<UsageDay> of(List<Line> lines) {
            Map<LocalDate, List<Line>> byDay =
                    lines.stream().collect(Collectors.groupingBy(Line::day, LinkedHashMap::new, Collectors.toList()));
            return byDay.entrySet().stream()
                    .map(day -> new UsageDay(
                            day.getKey(),
                            UsageTotal.of(day.getValue()),
                            day.getValue().stream()
                                    .map(line ->
                                            new UsageLine(line.modelId(), line.purpose(), UsageTotal.of(line.total())))
                                    .toList()))
                    .toList();
        }
    }

    record TokenBudget(long limit, long used, long reserved, long left, Instant resetsAt) {

        static TokenBudget of(Budget budget, Spent spent) {
            return new TokenBudget(
                    budget.limit().longValue(),
                    spent.used().in(budget).longValue(),
                    spent.reserved().in(budget).longValue(),
                    Math.max(0, budget.left(spent).longValue()),
                    budget.resetsAt(spent.day()));
        }
    }

    record MoneyBudget(String limit, String used, String reserved, String left, Instant resetsAt) {

        static MoneyBudget of(Budget budget, Spent spent) {
            return new MoneyBudget(
                    Money.text(budget.limit()),
                    Money.text(spent.used().in(budget)),
                    Money.text(spent.reserved().in(budget)),
                    Money.text(budget.left(spent).max(BigDecimal.ZERO)),
                    budget.resetsAt(spent.day()));
        }
    }

    /** Null where there is no limit. */
    record UsageBudgets(
            TokenBudget tokensPerDay, TokenBudget tokensPerMonth, MoneyBudget moneyPerDay, MoneyBudget moneyPerMonth) {}

    record UsageReport(
            String currency, UsageTotal today, UsageTotal month, UsageBudgets budgets, List<UsageDay> days) {}

    /** @param cost null where the model had no price */
    record CallView(
            UUID id,
            String purpose,
            String modelId,
            int inputTokens,
            int outputTokens,
            int cacheReadTokens,
            int cacheWriteTokens,
            String cost,
            Instant madeAt) {

        static CallView of(MadeCall call) {
            return new CallView(
                    call.id(),
                    call.purpose(),
                    call.modelId(),
                    call.tokens().input(),
                    call.tokens().output(),
                    call.tokens().cacheRead(),
                    call.tokens().cacheWrite(),
                    call.cost() == null ? null : Money.text(call.cost()),
                    call.madeAt());
        }
    }

    @GET
    @Operation(summary = "What your calls of models took, and what is left of your budgets")
    @APIResponse(responseCode = "422")
    @APIResponseSchema(UsageReport.class)
    public UsageReport usage(
            @QueryParam("from") @Schema(type = SchemaType.STRING, format = "date") String from,
            @QueryParam("to") @Schema(type = SchemaType.STRING, format = "date") String to) {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        UsageSpan span = UsageSpan.asked(from, to, clock);
        UUID owner = user.id();
        List<Line> month = rows.lines(owner, new UsageSpan(Period.MONTH.begin(today), today));
        return new UsageReport(
                config.currency(),
                UsageTotal.of(
                        month.stream().filter(line -> line.day().equals(today)).toList()),
                UsageTotal.of(month),
                budgets(owner, now),
                UsageDay.of(rows.lines(owner, span)));
    }

    @GET
    @Path("/calls")
    @Operation(summary = "Your calls of models, one by one")
    public Page<CallView> calls(@BeanParam @Valid PageRequest page) {
        return rows.calls(user.id(), page).map(CallView::of);
    }

    private UsageBudgets budgets(UUID owner, Instant now) {
        if (budgets.areUnlimited()) {
            return new UsageBudgets(null, null, null, null);
        }
        Spent spent = rows.spent(owner, now);
        return new UsageBudgets(
                tokens(Period.DAY, spent),
                tokens(Period.MONTH, spent),
                money(Period.DAY, spent),
                money(Period.MONTH, spent));
    }

    private TokenBudget tokens(Period period, Spent spent) {
        return budgets.of(Unit.TOKENS, period)
                .map(budget -> TokenBudget.of(budget, spent))
                .orElse(null);
    }

    private MoneyBudget money(Period period, Spent spent) {
        return budgets.of(Unit.MONEY, period)
                .map(budget -> MoneyBudget.of(budget, spent))
                .orElse(null);
    }
}
