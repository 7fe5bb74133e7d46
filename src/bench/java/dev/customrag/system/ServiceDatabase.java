package dev.customrag.system;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** The private database of a running service, for rows that would take hours to make through it. */
public final class ServiceDatabase {

    private ServiceDatabase() {}

    /**
     * Connects.
     *
     * @param dataHome the service's {@code XDG_DATA_HOME}
     */
    public static Connection connect(Path dataHome) throws SQLException {
        LocalPostgres database = running(dataHome);
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }

    /** As {@link #connect}, with the settings and the role that the service's own connections have. */
    public static Connection connectAsService(Path dataHome) throws SQLException {
        LocalPostgres database = running(dataHome);
        var properties = new Properties();
        properties.setProperty("user", database.username());
        properties.setProperty("password", database.password());
        properties.setProperty(
                "options", "-c hnsw.iterative_scan=relaxed_order -c hnsw.ef_search=200 -c role=custom_rag_service");
        return DriverManager.getConnection(database.jdbcUrl(), properties);
    }

    /** As {@link #connect}, but may do all. */
    public static Connection connectAsSuperuser(Path dataHome) throws SQLException {
        LocalPostgres database = running(dataHome);
        return DriverManager.getConnection(database.jdbcUrl(), "postgres", database.password());
    }

    private static LocalPostgres running(Path dataHome) {
        return LocalPostgres.start(
                dataHome.resolve("custom-rag-assistant", "postgres"), LocalPostgres.Lifetime.KEEP, said -> {});
    }
}
