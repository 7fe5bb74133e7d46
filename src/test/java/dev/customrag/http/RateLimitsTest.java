package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.http.RateLimits.Kind;
import dev.customrag.testing.MovableClock;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Two of them are two replicas: they share nothing but the database. */
@QuarkusTest
class RateLimitsTest {

    @Inject
    DataSource database;

    @Inject
    RequestOrigins origins;

    private final MovableClock clock = new MovableClock(Instant.now());
    private final String somebody = UUID.randomUUID() + "@example.org";

    @Test
    void replicasCountTogether() {
        RateLimits one = limiting("4/1h");
        RateLimits other = limiting("4/1h");

        assertThat(one.allows(Kind.MAIL, somebody)).isTrue();
        assertThat(other.allows(Kind.MAIL, somebody)).isTrue();
        assertThat(one.allows(Kind.MAIL, somebody)).isTrue();
        assertThat(other.allows(Kind.MAIL, somebody)).isTrue();
        assertThat(one.allows(Kind.MAIL, somebody)).isFalse();
        assertThat(other.allows(Kind.MAIL, somebody)).isFalse();
        assertThat(one.allows(Kind.MAIL, "somebody else: " + somebody)).isTrue();
    }

    @Test
    void whatIsUsedUpComesBackEvenly() {
        RateLimits limits = limiting("4/1h");
        for (int i = 0; i < 4; i++) {
            assertThat(limits.allows(Kind.MAIL, somebody)).isTrue();
        }

        clock.pass(Duration.ofMinutes(14));
        assertThat(limits.allows(Kind.MAIL, somebody)).isFalse();
        clock.pass(Duration.ofMinutes(2));
        assertThat(limits.allows(Kind.MAIL, somebody)).isTrue();
        assertThat(limits.allows(Kind.MAIL, somebody)).isFalse();
        clock.pass(Duration.ofHours(2));
        for (int i = 0; i < 4; i++) {
            assertThat(limits.allows(Kind.MAIL, somebody)).isTrue();
        }
        assertThat(limits.allows(Kind.MAIL, somebody)).isFalse();
    }

    @Test
    void ofAHundredAtOnceNoMoreThanMayDo() {
        RateLimits limits = limiting("30/1h");

        List<Boolean> allowed = Together.call(100, () -> limits.allows(Kind.MAIL, somebody));

        assertThat(allowed).filteredOn(yes -> yes).hasSize(30);
    }

    @Test
    void aFloodIsRefusedWithoutTheDatabase() {
        RateLimits limits = limiting("1/1h");
        limits.allows(Kind.MAIL, somebody);
        assertThat(limits.allows(Kind.MAIL, somebody)).isFalse();

        Sql.update("DELETE FROM rate_limits");

        assertThat(limits.allows(Kind.MAIL, somebody)).isFalse();
        assertThat(limiting("1/1h").allows(Kind.MAIL, somebody)).isTrue();
    }

    @Test
    void anotherLimitBeginsAnew() {
        assertThat(limiting("1/1h").allows(Kind.MAIL, somebody)).isTrue();
        assertThat(limiting("1/1h").allows(Kind.MAIL, somebody)).isFalse();

        assertThat(limiting("2/1h").allows(Kind.MAIL, somebody)).isTrue();
    }

    @Test
    void nobodyHoldsOneConnectionAndWaitsForAnother() {
        RateLimits limits = limiting("1/1h");

        QuarkusTransaction.requiringNew().run(() -> {
            assertThatThrownBy(() -> limits.allows(Kind.MAIL, somebody)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> limits.forget(1)).isInstanceOf(IllegalStateException.class);
        });
        assertThat(limits.allows(Kind.MAIL, somebody)).isTrue();
    }

    @Test
    void ofProblemsOnlyRefusalsCount() {
        Sql.update("DELETE FROM rate_limits");
        RateLimits limits = limiting("2/7h");

        for (int i = 0; i < 3; i++) {
            failing(limits, new Problem(401, "one-more-step", "Unauthorized", "Go on."), 401);
            failing(limits, new Refused(502), 502);
        }
        failing(limits, new Refused(400), 400);
        failing(limits, new Refused(400), 400);
        failing(limits, new Refused(400), 429);
        assertThatThrownBy(() -> limits.countRefusals(Kind.MAIL, Refused.class, () -> "not asked"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(429));
    }

    @Test
    void bucketsThatAreFullAgainAreForgottenAFewAtATime() {
        RateLimits limits = limiting("1/1h");
        limits.allows(Kind.MAIL, somebody);
        Sql.update("DELETE FROM rate_limits WHERE expires_at < ?", System.currentTimeMillis());
        long standing = rows();
        for (int i = 0; i < 3; i++) {
            limits.allows(Kind.MAIL, i + somebody);
        }
        Sql.update(
                "UPDATE rate_limits SET expires_at = 1 WHERE id IN (SELECT id FROM rate_limits ORDER BY expires_at DESC"
                        + " LIMIT 3)");

        assertThat(limits.forget(2)).isEqualTo(2);
        assertThat(limits.forget(2)).isEqualTo(1);
        assertThat(limits.forget(2)).isZero();
        assertThat(rows()).isEqualTo(standing);
    }

    @Test
    void refusalsSayHowLongToWait() {
        assertThat(Problem.tooMany(Duration.ofMillis(1)).headers()).containsEntry("Retry-After", "1");
        assertThat(Problem.tooMany(Duration.ofMillis(1001)).headers()).containsEntry("Retry-After", "2");
        assertThat(Problem.tooMany(Duration.ofSeconds(2)).headers()).containsEntry("Retry-After", "2");
        assertThat(Problem.tooMany(Duration.ZERO).headers()).containsEntry("Retry-After", "1");
        assertThat(Problem.tooMany(Duration.ZERO).status()).isEqualTo(429);
    }

    private static void failing(RateLimits limits, Problem problem, int status) {
        assertThatThrownBy(() -> limits.countRefusals(Kind.MAIL, Refused.class, () -> {
                    throw problem;
                }))
                .isInstanceOfSatisfying(
                        Problem.class, thrown -> assertThat(thrown.status()).isEqualTo(status));
    }

    private static final class Refused extends Problem {

        private static final long serialVersionUID = 1L;

        Refused(int status) {
            super(status, "refused", "Refused", "No.");
        }
    }

    private static long rows() {
        return (long) Sql.query("SELECT count(*) FROM rate_limits").getFirst();
    }

    private RateLimits limiting(String mails) {
        return new RateLimits(origins, LimitsConfigTest.limits(Map.of("limits.mails", mails)), database, clock);
    }
}
