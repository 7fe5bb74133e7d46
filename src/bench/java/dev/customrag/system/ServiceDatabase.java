package dev.customrag.system;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The private database of a running service, for rows that would take hours to make through it. */
public final class ServiceDatabase {

    private ServiceDatabase() {}

    /**
     * Connects.
     *
     * @param dataHome the service's {@code XDG_DATA_HOME}
     */
    public static Connection connect(Path dataHome) throws SQLException {
        LocalPostgres database = LocalPostgres.start(
                dataHome.resolve("custom-rag-assistant", "postgres"), LocalPostgres.Lifetime.KEEP, said -> {});
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }
}
