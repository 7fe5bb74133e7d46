package dev.customrag.system;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSource.FlushMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Does not start where the service could see past row-level security (V6__row_security.sql). */
@ApplicationScoped
class RowSecurityCheck {

    private static final String NOT_HELD = """
            SELECT relname FROM pg_class
            WHERE relrowsecurity AND relnamespace = current_schema()::regnamespace AND NOT row_security_active(oid)
            """;

    private final AgroalDataSource dataSource;

    RowSecurityCheck(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Before anything works with the database. */
    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) throws SQLException {
        // On a new database the first connections are older than the role they should have put on.
        dataSource.flush(FlushMode.GRACEFUL);
        List<String> tables = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOT_HELD)) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        if (!tables.isEmpty()) {
            throw new IllegalStateException("Row-level security does not hold for this login on " + tables
                    + ". Let a database administrator run: GRANT custom_rag_service TO the login of the service;"
                    + " see docs/operations.md, section Database.");
        }
    }
}
