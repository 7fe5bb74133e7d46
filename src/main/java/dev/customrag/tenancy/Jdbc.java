package dev.customrag.tenancy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Statements with parameters of the types rows have: what JDBC takes, times, arrays and JSON. */
public final class Jdbc {

    private Jdbc() {}

    /** An array parameter, of a type of PostgreSQL's. */
    public record SqlArray(String type, Collection<?> values) {}

    /** Reads one row. */
    @FunctionalInterface
    public interface Row<T> {

        /** Of the row the result stands at. */
        T read(ResultSet row) throws SQLException;
    }

    /** The rows of a query, in its order. */
    public static <T> List<T> query(Connection connection, String sql, Row<T> reader, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet row = statement.executeQuery()) {
            var read = new ArrayList<T>();
            while (row.next()) {
                read.add(reader.read(row));
            }
            return read;
        }
    }

    /** How many rows a statement changed. */
    public static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    /** A column with a time, null where it has none. */
    public static Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            Object value =
                    switch (parameters[i]) {
                        case Instant time -> time.atOffset(ZoneOffset.UTC);
                        case SqlArray array ->
                            connection.createArrayOf(
                                    array.type(), array.values().toArray());
                        case null -> null;
                        default -> parameters[i];
                    };
            statement.setObject(i + 1, value);
        }
        return statement;
    }
}
