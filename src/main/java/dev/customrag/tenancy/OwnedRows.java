package dev.customrag.tenancy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.TransactionSemantics;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Opens the rows of one person. Tables with a row-level security policy (V6) have no rows for anybody else, and none at
 * all outside of here: a statement that forgets its WHERE finds nothing of another person's.
 */
@ApplicationScoped
public class OwnedRows {

    private final DataSource dataSource;

    OwnedRows(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Statements on one person's rows. */
    @FunctionalInterface
    public interface Statements<T> {

        /** Runs them on a connection that is taken back afterwards. */
        T run(Connection connection) throws SQLException;
    }

    /**
     * Runs statements that see the rows of {@code owner}, in the caller's transaction or, without one, in their own.
     *
     * @throws IllegalStateException if one of them fails, without the words of the database, which quote rows
     */
    public <T> T of(UUID owner, Statements<T> statements) {
        return QuarkusTransaction.runner(TransactionSemantics.JOIN_EXISTING).call(() -> {
            try (Connection connection = dataSource.getConnection()) {
                open(connection, owner);
                return statements.run(connection);
            } catch (SQLException e) {
                throw new IllegalStateException("Rows of a person could not be read or written", e);
            }
        });
    }

    /**
     * Keeps a person's account from being deleted until the caller's transaction ends. For a transaction that locks rows of
     * theirs: a deletion takes the account first, and two that take the same in different orders wait for each other.
     *
     * @return whether there is such an account
     */
    public boolean keepOwner(UUID owner) {
        return of(owner, connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT FROM users WHERE id = ? FOR KEY SHARE")) {
                select.setObject(1, owner);
                try (var row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /** Until the end of the transaction, whose setting it is. */
    static void open(Connection connection, UUID owner) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("SELECT set_config('custom_rag.owner', ?, true)")) {
            set.setString(1, owner.toString());
            set.execute();
        }
    }
}
