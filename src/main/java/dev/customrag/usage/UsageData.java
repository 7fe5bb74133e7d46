package dev.customrag.usage;

import dev.customrag.http.Pages;
import dev.customrag.tenancy.Export;
import dev.customrag.tenancy.PersonalData;
import dev.customrag.usage.UsageResource.CallView;
import dev.customrag.usage.UsageResource.UsageTotal;
import dev.customrag.usage.UsageRows.Line;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/** What is stored of the use of models. */
@ApplicationScoped
class UsageData implements PersonalData {

    private static final String CALLS = "usage/calls.jsonl";
    private static final String DAYS = "usage/days.jsonl";

    private static final int PAGE = 100;

    private final UsageConfig config;
    private final UsageRows rows;

    UsageData(UsageConfig config, UsageRows rows) {
        this.config = config;
        this.rows = rows;
    }

    /** @param date in UTC */
    @RegisterForReflection
    record ExportedLine(LocalDate date, String modelId, String purpose, UsageTotal total) {

        static ExportedLine of(Line line) {
            return new ExportedLine(line.day(), line.modelId(), line.purpose(), UsageTotal.of(line.total()));
        }
    }

    @Override
    public List<Kept> kept() {
        return List.of(
                Kept.inDatabase(
                        "Calls of models: when, of which, tokens, cost; nothing of what was said",
                        "after the call",
                        config.callsKept(),
                        "model_calls"),
                Kept.inDatabase("What they add up to, by day", "after that day", config.totalsKept(), "usage_totals"),
                Kept.inDatabase(
                        "What calls under way may take at most",
                        "until the call is over; if its process died, after the call began",
                        config.reservationExpiry(),
                        "usage_reservations"),
                Kept.inDatabase("Recurring work on usage: nothing of it", "until it is done", "usage_tasks"));
    }

    @Override
    public List<Exported> exported() {
        return List.of(
                new Exported(CALLS, "Calls of models for you: when, of which, tokens, cost in " + config.currency()),
                new Exported(DAYS, "What they add up to, by day, model and purpose"));
    }

    @Override
    public List<LeftOut> leftOut() {
        return List.of(
                new LeftOut(
                        "What calls under way may take at most",
                        "an estimate, gone when the call is over",
                        "usage_reservations"),
                new LeftOut("Recurring work on usage", "nothing of it", "usage_tasks"));
    }

    @Override
    public void export(UUID person, Export export) throws IOException {
        export.lines(CALLS, Pages.map(Pages.of(PAGE, page -> rows.calls(person, page)), CallView::of));
        export.lines(DAYS, Pages.map(Pages.of(PAGE, page -> rows.lines(person, page)), ExportedLine::of));
    }
}
