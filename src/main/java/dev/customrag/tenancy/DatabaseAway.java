package dev.customrag.tenancy;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Tells a database that is away, or has no room for one more, from a statement that is wrong. */
public final class DatabaseAway {

    /** PostgreSQL, appendix A: no connection, a server that starts, no room for another connection. */
    private static final List<String> UNREACHABLE = List.of("08001", "08004", "57P03", "53300");

    /**
     * Beside these: connections that break, insufficient resources, operator intervention (a stop, a crash), deadlocks and
     * serialization failures, and the read-only transaction that a former primary offers after a failover.
     */
    private static final List<String> MAY_PASS = List.of("08", "53", "57P", "40", "25006");

    private static final int DEEPEST = 20;

    private DatabaseAway() {}

    /** Whether the same may work once the database is back. */
    public static boolean isBehind(Throwable failure) {
        return has(failure, sql -> hasState(sql, MAY_PASS) || isPoolEmpty(sql), 0);
    }

    /** Whether it never came to a statement, so that no statement can have been the cause. */
    public static boolean isUnreachable(Throwable failure) {
        return has(failure, sql -> hasState(sql, UNREACHABLE) || isPoolEmpty(sql), 0);
    }

    private static boolean has(Throwable failure, Predicate<SQLException> wanted, int depth) {
        if (failure == null || depth == DEEPEST) {
            return false;
        }
        if (failure instanceof SQLException sql && wanted.test(sql)) {
            return true;
        }
        // A commit that is cut off arrives as a suppressed exception of the transaction manager's.
        for (Throwable suppressed : failure.getSuppressed()) {
            if (has(suppressed, wanted, depth + 1)) {
                return true;
            }
        }
        return has(failure.getCause(), wanted, depth + 1);
    }

    private static boolean hasState(SQLException failure, List<String> states) {
        String state = failure.getSQLState();
        return state != null && states.stream().anyMatch(state::startsWith);
    }

    private static boolean isPoolEmpty(SQLException failure) {
        return failure.getSQLState() == null && failure.getCause() instanceof TimeoutException;
    }
}
