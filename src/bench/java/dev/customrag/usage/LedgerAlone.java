package dev.customrag.usage;

import dev.customrag.model.TokenCounts;
import dev.customrag.testing.Settings;
import java.time.Clock;

/** A ledger without the service: it holds nobody to anything and keeps nothing. */
public final class LedgerAlone extends Ledger {

    public LedgerAlone() {
        super(null, null, new Budgets(Settings.defaults(UsageConfig.class)), null, null, Clock.systemUTC());
    }

    @Override
    void write(Reservation.Call call, TokenCounts tokens) {}
}
