package dev.customrag.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.http.PageRequest;
import dev.customrag.testing.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.inject.Inject;
import jakarta.validation.Validator;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.Session;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The record is added to, read, and one day forgotten: OWASP ASVS 5.0, 16.4.2. */
@QuarkusTest
class AuditTrailTest {

    @Inject
    AuditTrail trail;

    @Inject
    Session database;

    @Inject
    Clock clock;

    @Inject
    Validator validator;

    private final UUID person = UUID.randomUUID();

    @BeforeEach
    void forgetTheOld() {
        trail.forget(100_000);
    }

    @Test
    void noEventIsChanged() {
        event("1 minute");
        event("10 years");

        isRefused("UPDATE audit_events SET outcome = 'success' WHERE subject_id = '" + person + "'");
        isRefused("UPDATE audit_events SET occurred_at = now() - interval '1 year'");
        assertThat(ages()).hasSize(2);
    }

    @Test
    void noYoungEventIsRemoved() {
        event("1 minute");
        event("29 days 23 hours");

        isRefused("DELETE FROM audit_events WHERE subject_id = '" + person + "'");
        isRefused("TRUNCATE audit_events");
        assertThat(ages()).hasSize(2);
    }

    @Test
    void anOldEventMayBeForgotten() {
        event("31 days");

        assertThat(Sql.update("DELETE FROM audit_events WHERE subject_id = ?", person))
                .isEqualTo(1);
    }

    @Test
    void eventsAreKeptForAYear() {
        event("364 days");
        event("366 days");

        trail.forget(100_000);

        assertThat(ages()).containsExactly(364);
    }

    @Test
    void retentionIsConfigurable() {
        event("31 days");
        event("29 days");

        forgettingAfter("30d");

        assertThat(ages()).containsExactly(29);
    }

    @Test
    void aRetentionTheDatabaseWouldNotAllowForgetsNothingYoung() {
        event("29 days");

        forgettingAfter("1d");

        assertThat(ages()).containsExactly(29);
    }

    @Test
    void aBatchIsNoLargerThanAsked() {
        for (int i = 0; i < 5; i++) {
            event((1000 + i) + " days");
        }

        assertThat(trail.forget(2)).isEqualTo(2);
        assertThat(trail.forget(2)).isEqualTo(2);

        assertThat(ages()).containsExactly(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"29d", "0s", "719h"})
    void aRetentionOfLessThanThirtyDaysIsNotValid(String retention) {
        BeanValidationConfigValidator validating = () -> validator;
        var builder = builder(retention).withValidator(validating);

        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("audit.retention");
        assertThat(builder("30d")
                        .withValidator(validating)
                        .build()
                        .getConfigMapping(AuditConfig.class)
                        .retention())
                .isEqualTo(Duration.ofDays(30));
    }

    /** Whatever the planner thinks of other queries, these cost a page, not a table. */
    @Test
    void everyListIsReadFromAnIndex() {
        Sql.update("""
                INSERT INTO audit_events (id, occurred_at, type, outcome, actor_id, subject_id, address_prefix, user_agent,
                                          request_id)
                SELECT gen_random_uuid(), now() - interval '2 years' - n * interval '1 second',
                       (ARRAY['refresh', 'sign-in', 'registration', 'sign-out'])[1 + n % 4], 'success',
                       person, person, '', '', ''
                FROM (SELECT n, CASE n % 10 WHEN 0 THEN ?::uuid ELSE gen_random_uuid() END AS person
                      FROM generate_series(1, 20000) n) AS events
                """, person);
        Sql.update("ANALYZE audit_events");
        var page = new PageRequest();
        page.limit = 20;

        for (var filter : List.of(
                new EventFilter(person, null, null, null, null),
                new EventFilter(person, SecurityEvent.Type.SIGN_IN, null, null, null),
                new EventFilter(null, SecurityEvent.Type.SIGN_IN, null, null, null),
                new EventFilter(null, SecurityEvent.Type.REFRESH_TOKEN_REUSE, null, null, null),
                new EventFilter(null, null, null, clock.instant().minus(Duration.ofDays(9000)), clock.instant()),
                new EventFilter(null, null, null, null, null))) {
            assertThat(plan(filter, page))
                    .anyMatch(line -> line.contains("Index Scan"))
                    .noneMatch(line -> line.contains("Seq Scan"));
        }
        forgetTheOld();
    }

    private static List<String> plan(EventFilter filter, PageRequest page) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        String sql = AuditTrail.sql(filter, page, parameters);
        for (var parameter : parameters.entrySet()) {
            sql = sql.replace(":" + parameter.getKey(), "'" + parameter.getValue() + "'");
        }
        return Sql.query("EXPLAIN " + sql).stream().map(Object::toString).toList();
    }

    private static void isRefused(String sql) {
        assertThatThrownBy(() -> Sql.update(sql)).rootCause().hasMessageContaining("audit_events is append-only");
    }

    private void event(String age) {
        Sql.update("INSERT INTO audit_events (id, occurred_at, type, outcome, subject_id, address_prefix, user_agent,"
                + " request_id) VALUES (gen_random_uuid(), now() - interval '" + age + "', 'sign-in', 'success', '"
                + person + "', '', '', '')");
    }

    /** In days. */
    private List<Integer> ages() {
        return Sql.query(
                        "SELECT extract(day FROM now() - occurred_at)::int FROM audit_events WHERE subject_id = ?"
                                + " ORDER BY occurred_at DESC",
                        person)
                .stream()
                .map(Integer.class::cast)
                .toList();
    }

    private void forgettingAfter(String retention) {
        AuditConfig config = builder(retention).build().getConfigMapping(AuditConfig.class);
        QuarkusTransaction.requiringNew().run(() -> new AuditTrail(database, config, clock).forget(100_000));
    }

    private static SmallRyeConfigBuilder builder(String retention) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(AuditConfig.class)
                .withDefaultValues(Map.of("audit.retention", retention));
    }
}
