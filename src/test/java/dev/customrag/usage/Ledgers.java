package dev.customrag.usage;

import dev.customrag.testing.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.arc.Arc;
import java.time.Clock;
import java.util.Map;

/** The service's ledger in other configurations. */
public final class Ledgers {

    private Ledgers() {}

    /** One by which nobody may have anything. */
    public static Ledger usedUp() {
        UsageConfig config = Settings.with(UsageConfig.class, Map.of("usage.budgets.tokens-per-day", "1"));
        return new Ledger(
                Arc.container().instance(UsageRows.class).get(),
                new PriceTable(config, false),
                new Budgets(config),
                config,
                new SimpleMeterRegistry(),
                Clock.systemUTC());
    }
}
