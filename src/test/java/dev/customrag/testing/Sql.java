package dev.customrag.testing;

import io.quarkus.arc.Arc;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Looks at and changes rows where no call of the service does. */
public final class Sql {

    private Sql() {}

    /** Runs a change, and says how many rows it met. */
    public static int update(String sql, Object... parameters) {
        try (var connection = Arc.container().instance(DataSource.class).get().getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of a query. */
    public static List<Object> query(String sql, Object... parameters) {
        try (var connection = Arc.container().instance(DataSource.class).get().getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<Object> column = new ArrayList<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    column.add(rows.getObject(1));
                }
            }
            return column;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
