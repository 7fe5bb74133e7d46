package dev.customrag.system;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

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

    /**
     * Connections with the settings that the service's own have.
     *
     * @param dataHome the service's {@code XDG_DATA_HOME}
     */
    public static DataSource dataSource(Path dataHome) {
        LocalPostgres database = running(dataHome);
        var connections = new PGSimpleDataSource();
        connections.setUrl(database.jdbcUrl());
        connections.setUser(database.username());
        connections.setPassword(database.password());
        connections.setOptions("-c hnsw.iterative_scan=strict_order -c hnsw.ef_search=100");
        return connections;
    }

    private static LocalPostgres running(Path dataHome) {
        return LocalPostgres.start(
                dataHome.resolve("custom-rag-assistant", "postgres"), LocalPostgres.Lifetime.KEEP, said -> {});
    }
}
