package dev.customrag.usage;

import dev.customrag.http.Ids;
import dev.customrag.model.TokenCounts;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Room in a person's budgets for a call that is about to be made. One of its methods is to be called when the call is over,
 * however it ended; whatever comes second does nothing. Where it is forgotten, because the process dies, the room is given
 * back after {@code usage.reservation-expiry}.
 */
public final class Reservation {

    private final Ledger ledger;
    private final Call call;
    private final boolean holds;
    private final AtomicBoolean over = new AtomicBoolean();

    /** The call that it is for. The budgets of the day it begins on are what it counts against. */
    record Call(UUID id, UUID owner, Purpose purpose, String modelId, Instant madeAt) {

        static Call at(Instant now, UUID owner, Purpose purpose, String modelId) {
            return new Call(Ids.next(), owner, purpose, modelId, now);
        }
    }

    /** @param holds whether there is a row of it */
    Reservation(Ledger ledger, Call call, boolean holds) {
        this.ledger = ledger;
        this.call = call;
        this.holds = holds;
    }

    /**
     * Records what the call took, whether that is less or more than was reserved, and gives back the room. Not within a
     * transaction; blocks. After an exception it may be called again, which records nothing twice.
     */
    public void settle(TokenCounts tokens) {
        end(() -> ledger.write(call, tokens));
    }

    /** Gives back the room of a call that was not made, or took nothing. Not within a transaction; blocks. */
    public void release() {
        end(() -> {
            if (holds) {
                ledger.release(call);
            }
        });
    }

    private void end(Runnable work) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            over.set(done);
        }
    }
}
