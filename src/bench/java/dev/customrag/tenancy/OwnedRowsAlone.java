package dev.customrag.tenancy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** As {@link OwnedRows}, on one connection and without the service. */
public final class OwnedRowsAlone extends OwnedRows {

    private final Connection connection;

    public OwnedRowsAlone(Connection connection) {
        super(null);
        this.connection = connection;
    }

    @Override
    public <T> T of(UUID owner, Statements<T> statements) {
        try {
            connection.setAutoCommit(false);
            open(connection, owner);
            T result = statements.run(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
