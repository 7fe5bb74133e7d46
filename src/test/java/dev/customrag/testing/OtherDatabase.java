package dev.customrag.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** An empty database of a test's own on the server of the others, and an ordinary login that owns it. */
public final class OtherDatabase implements AutoCloseable {

    private final String name;
    private final String superuser;
    private final String password = ConfigProvider.getConfig().getValue("quarkus.datasource.password", String.class);

    private OtherDatabase(String name, String superuser) {
        this.name = name;
        this.superuser = superuser;
    }

    /** Creates one whose name begins so; a test that calls this is skipped where there is no superuser to be had. */
    public static OtherDatabase create(String prefix) throws SQLException {
        var database =
                new OtherDatabase(prefix + "_" + UUID.randomUUID().toString().replace('-', '_'), findSuperuser());
        try (Connection connection = database.connect("postgres", database.superuser)) {
            Sql.update(connection, "CREATE ROLE " + database.name + " LOGIN PASSWORD '" + database.password + "'");
            Sql.update(connection, "CREATE DATABASE " + database.name + " OWNER " + database.name);
        } catch (SQLException e) {
            assumeTrue(false, "No superuser to be had in this database");
        }
        try (Connection connection = database.connect(database.superuser)) {
            Sql.update(connection, "CREATE EXTENSION vector");
        }
        return database;
    }

    /** The login that owns it. */
    public String owner() {
        return name;
    }

    public String superuser() {
        return superuser;
    }

    public Connection connect(String login) throws SQLException {
        return connect(name, login);
    }

    /** The service's migrations, to be run with this login. */
    public FluentConfiguration migrations(String login) {
        return Flyway.configure().dataSource(url(name), login, password).locations("classpath:db/migration");
    }

    @Override
    public void close() throws SQLException {
        try (Connection connection = connect("postgres", superuser)) {
            Sql.update(connection, "DROP DATABASE " + name + " WITH (FORCE)");
            Sql.update(connection, "DROP ROLE " + name);
        }
    }

    private static String findSuperuser() throws SQLException {
        try (Connection connection = Sql.connect()) {
            return Sql.query(connection, "SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolsuper")
                            .isEmpty()
                    ? "postgres"
                    : connection.getMetaData().getUserName();
        }
    }

    private Connection connect(String database, String login) throws SQLException {
        return DriverManager.getConnection(url(database), login, password);
    }

    private static String url(String database) {
        String url = ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class);
        URI server = URI.create(url.substring("jdbc:".length()));
        return "jdbc:postgresql://" + server.getAuthority() + "/" + database;
    }
}
