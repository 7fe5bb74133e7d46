package dev.customrag.identity;

import dev.customrag.bench.Load;
import dev.customrag.testing.Person;
import io.quarkus.arc.Unremovable;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * GET /auth/me with the session check against the same without: a query for the account alone, which the answer needs. In
 * one JVM, in turn. Run with {@code ./mvnw test -Pbench -DskipTests=false -Dtest=SessionCheckBench}.
 */
@QuarkusTest
class SessionCheckBench {

    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final int ROUNDS = 7;

    @Test
    void compare() throws InterruptedException {
        byte[] me = Load.get("/auth/me", Person.registered().accessToken());
        perSecond(me, true, WARM_UP);
        perSecond(me, false, WARM_UP);
        var ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            double with = perSecond(me, true, ROUND);
            double without = perSecond(me, false, ROUND);
            ratios[i] = with / without;
            System.out.printf("  with %.0f/s, without %.0f/s, ratio %.2f%n", with, without, ratios[i]);
        }
        Arrays.sort(ratios);
        System.out.printf("  => median ratio %.2f (goal >= 0.8)%n", ratios[ROUNDS / 2]);
    }

    private static double perSecond(byte[] request, boolean checked, Duration time) throws InterruptedException {
        SwitchedCheck.on = checked;
        Load.Result result = Load.run(RestAssured.port, request, 16, time, Duration.ZERO);
        if (result.failures() > 0) {
            throw new IllegalStateException(result.failures() + " failures");
        }
        return result.perSecond();
    }

    /** The session check, and what would be there without it. */
    @Alternative
    @Priority(1)
    @Unremovable
    @Singleton
    static class SwitchedCheck extends SessionCheck {

        private static final String ACCOUNT = "SELECT " + Profile.COLUMNS + " FROM users person WHERE person.id = ?";

        static volatile boolean on = true;

        private final DataSource database;

        SwitchedCheck(DataSource database) {
            super(database);
            this.database = database;
        }

        @Override
        public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
            return on || identity.isAnonymous()
                    ? super.augment(identity, context)
                    : context.runBlocking(() -> QuarkusSecurityIdentity.builder(identity)
                            .addAttribute(
                                    PROFILE, account(identity.getPrincipal().getName()))
                            .build());
        }

        private Profile account(String id) {
            try (var connection = database.getConnection();
                    var query = connection.prepareStatement(ACCOUNT)) {
                query.setObject(1, UUID.fromString(id));
                try (var row = query.executeQuery()) {
                    row.next();
                    return Profile.of(row);
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
