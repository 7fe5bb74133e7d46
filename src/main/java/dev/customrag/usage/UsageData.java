package dev.customrag.usage;

import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What is stored of the use of models. */
@ApplicationScoped
class UsageData implements PersonalData {

    private final UsageConfig config;

    UsageData(UsageConfig config) {
        this.config = config;
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
}
