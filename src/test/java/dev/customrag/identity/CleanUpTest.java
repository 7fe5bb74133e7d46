package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.refreshing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import dev.customrag.jobs.JobQueue;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody can use any more goes; all else stays. */
@QuarkusTest
class CleanUpTest {

    @Inject
    CleanUp cleanUp;

    @Inject
    MeterRegistry metrics;

    @Inject
    DataSource database;

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void expiredRefreshTokensGoAndAreRefusedAsBefore() {
        Person.Tokens phone = alice.login();
        Person.Tokens later = alice.refresh(phone);
        Sql.update(
                "UPDATE refresh_tokens SET expires_at = now() - interval '2 days' WHERE spent_at IS NOT NULL"
                        + " AND session_id IN (SELECT id FROM sign_in_sessions WHERE user_id = ?)",
                alice.id());

        round();

        assertThat(Sql.query(
                        "SELECT 1 FROM refresh_tokens t JOIN sign_in_sessions s ON s.id = t.session_id"
                                + " WHERE s.user_id = ?",
                        alice.id()))
                .hasSize(2);
        refreshing(phone.refresh()).then().statusCode(401);
        alice.refresh(later);
        alice.refresh(alice.tokens());
    }

    @Test
    void aTokenThatHasJustExpiredMayStayADay() {
        Sql.update(
                "UPDATE refresh_tokens SET expires_at = now() - interval '20 hours'"
                        + " WHERE session_id IN (SELECT id FROM sign_in_sessions WHERE user_id = ?)",
                alice.id());

        round();

        assertThat(Sql.query(
                        "SELECT 1 FROM refresh_tokens t JOIN sign_in_sessions s ON s.id = t.session_id"
                                + " WHERE s.user_id = ?",
                        alice.id()))
                .hasSize(1);
    }

    @Test
    void signInsOfLongAgoAreForgottenWithTheirTokens() {
        session("ended", 400, 98);
        session("left", 400, -1);
        session("ended lately", 400, 80);
        session("in use", 20, -1);
        Sql.update(
                "UPDATE sign_in_sessions SET last_used_at = now() - interval '98 days' WHERE device = 'left'"
                        + " AND user_id = ?",
                alice.id());

        round();

        assertThat(Sql.query(
                        "SELECT device FROM sign_in_sessions WHERE user_id = ? AND created_at < now() - interval '1 day'",
                        alice.id()))
                .containsExactlyInAnyOrder("ended lately", "in use");
        alice.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void aPersonsLastSignInStays() {
        Sql.update("DELETE FROM sign_in_sessions WHERE user_id = ?", alice.id());
        session("older", 800, 700);
        session("last", 600, 500);

        round();

        assertThat(Sql.query("SELECT device FROM sign_in_sessions WHERE user_id = ?", alice.id()))
                .containsExactly("last");
        Person.administrator()
                .request()
                .get("/admin/users/{id}", alice.id())
                .then()
                .statusCode(200)
                .body("last_sign_in_at", org.hamcrest.Matchers.notNullValue());
    }

    @Test
    void linksFactorsFailuresAndLimitsGoOnceTheyAreOfNoUse() {
        Person bob = Person.registered();
        oneTimeTokens(1, "2 days");
        oneTimeTokens(1, "-1 hour");
        for (String state : List.of("2 days", "1 minute")) {
            Sql.update(
                    "INSERT INTO provider_attempts (id, state_hash, provider, expires_at)"
                            + " VALUES (gen_random_uuid(), sha256(?::text::bytea), ?, now() - interval '" + state
                            + "')",
                    alice.id() + state,
                    alice.email());
        }
        factor(alice, "2 days", "NULL");
        factor(bob, "2 days", "now()");
        UUID key = UUID.randomUUID();
        failure(key + "old", "2 days");
        failure(key + "recent", "1 hour");
        long bucket = key.getMostSignificantBits() >>> 8;
        Sql.update(
                "INSERT INTO rate_limits (id, expires_at) VALUES (?, 1000), (?, ?), (?, NULL)",
                bucket,
                bucket + 1,
                System.currentTimeMillis() + 60_000,
                bucket + 2);
        Sql.update(
                "INSERT INTO api_keys (id, user_id, name, key_hash, hint, created_at, expires_at)"
                        + " VALUES (?, ?, 'old', ?, 'cra_x', now(), now() - interval '1 year')",
                UUID.randomUUID(),
                alice.id(),
                key.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        round();

        assertThat(Sql.query(
                        "SELECT expires_at > now() FROM one_time_tokens WHERE purpose = 'test' AND user_id = ?",
                        alice.id()))
                .containsExactly(true);
        assertThat(Sql.query("SELECT 1 FROM provider_attempts WHERE provider = ?", alice.email()))
                .hasSize(1);
        assertThat(Sql.query("SELECT user_id FROM second_factors WHERE user_id IN (?, ?)", alice.id(), bob.id()))
                .containsExactly(bob.id());
        assertThat(Sql.query("SELECT failures FROM sign_in_failures WHERE key = ?::text::bytea", key + "old"))
                .isEmpty();
        assertThat(Sql.query("SELECT failures FROM sign_in_failures WHERE key = ?::text::bytea", key + "recent"))
                .hasSize(1);
        assertThat(Sql.query("SELECT id FROM rate_limits WHERE id BETWEEN ? AND ? ORDER BY id", bucket, bucket + 2))
                .containsExactly(bucket + 1, bucket + 2);
        assertThat(Sql.query("SELECT name FROM api_keys WHERE user_id = ?", alice.id()))
                .containsExactly("old");
    }

    /** Until then it is known when somebody comes with one. */
    @Test
    void revokedKeysAreForgottenAsLateAsSignIns() {
        for (int days : new int[] {96, 98}) {
            Person program = alice.withKey();
            String id = alice.request().get("/auth/api-keys").path("items[0].id");
            alice.request().delete("/auth/api-keys/{id}", id).then().statusCode(204);
            program.request().get("/auth/me").then().statusCode(401);
            Sql.update(
                    "UPDATE api_keys SET name = ?, revoked_at = now() - ? * interval '1 day' WHERE id = ?",
                    days + " days",
                    days,
                    UUID.fromString(id));
        }
        Person program = alice.withKey();

        round();

        assertThat(Sql.query("SELECT name FROM api_keys WHERE user_id = ? ORDER BY id", alice.id()))
                .containsExactly("96 days", "A program");
        program.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void eventsPastTheirRetentionGo() {
        for (int days : new int[] {364, 366}) {
            Sql.update(
                    "INSERT INTO audit_events (id, occurred_at, type, outcome, subject_id, address_prefix, user_agent,"
                            + " request_id) VALUES (gen_random_uuid(), now() - ? * interval '1 day', 'sign-in', 'success',"
                            + " ?, '', '', '')",
                    days,
                    alice.id());
        }

        round();

        assertThat(Sql.query(
                        "SELECT 1 FROM audit_events WHERE subject_id = ? AND occurred_at < now() - interval '30 days'",
                        alice.id()))
                .hasSize(1);
    }

    @Test
    void aRoundTakesAllBatchesAndCountsThem() {
        oneTimeTokens(2500, "2 days");
        double before =
                metrics.counter("clean.up.removed", "kind", "one-time-token").count();

        round();

        assertThat(Sql.query("SELECT 1 FROM one_time_tokens WHERE purpose = 'test' AND user_id = ?", alice.id()))
                .isEmpty();
        assertThat(metrics.counter("clean.up.removed", "kind", "one-time-token").count() - before)
                .isEqualTo(2500);
    }

    @Test
    void aKindThatCannotBeRemovedKeepsNoOtherFromItsTurn() {
        oneTimeTokens(1, "2 days");
        factor(alice, "2 days", "NULL");
        Sql.update("CREATE FUNCTION keep_for_a_test() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'kept for a test'; END $$");
        try {
            Sql.update("CREATE TRIGGER kept_for_a_test BEFORE DELETE ON one_time_tokens FOR EACH ROW"
                    + " EXECUTE FUNCTION keep_for_a_test()");

            assertThatIllegalStateException().isThrownBy(this::round).withMessage("Could not clean up: one-time-token");
        } finally {
            Sql.update("DROP FUNCTION keep_for_a_test() CASCADE");
        }
        assertThat(Sql.query("SELECT 1 FROM second_factors WHERE user_id = ?", alice.id()))
                .isEmpty();
        round();
        assertThat(Sql.query("SELECT 1 FROM one_time_tokens WHERE purpose = 'test' AND user_id = ?", alice.id()))
                .isEmpty();
    }

    @Test
    void aStoppingProcessLeavesTheRest() {
        oneTimeTokens(10, "2 days");

        cleanUp.run(() -> true);

        assertThat(Sql.query("SELECT 1 FROM one_time_tokens WHERE purpose = 'test' AND user_id = ?", alice.id()))
                .hasSize(10);
        round();
    }

    @Test
    void twoRoundsAtOnceShareTheWork() {
        oneTimeTokens(9000, "2 days");

        Together.call(3, () -> {
            round();
            return true;
        });
        round();

        assertThat(Sql.query("SELECT 1 FROM one_time_tokens WHERE purpose = 'test' AND user_id = ?", alice.id()))
                .isEmpty();
    }

    @Test
    void peopleSignInWhileItWorks() {
        oneTimeTokens(5000, "2 days");

        List<Boolean> done = Together.call(6, () -> {
            round();
            Person.Tokens tokens = alice.refresh(alice.login());
            return bearing(tokens.access()).get("/auth/me").statusCode() == 200;
        });

        assertThat(done).containsOnly(true);
    }

    @Test
    void howeverManyProcessesStartItIsQueuedOnce() {
        assertThat(rounds()).hasSize(1);
        var scheduler = Scheduler.create(database)
                .startTasks(List.of((RecurringTask<String>) cleanUp.task()))
                .tableName(BackgroundJobs.TABLE)
                .serializer(JobQueue.TEXT)
                .threads(1)
                .build();

        scheduler.start();
        scheduler.stop();

        assertThat(rounds()).hasSize(1);
    }

    private void round() {
        cleanUp.run(() -> false);
    }

    /** It is {@code begun} and {@code ended} days old; not ended if that is negative. */
    private void session(String device, int begun, int ended) {
        UUID id = UUID.randomUUID();
        Sql.update(
                "INSERT INTO sign_in_sessions (id, user_id, device, created_at, last_used_at, ended_at) VALUES (?, ?, ?,"
                        + " now() - ? * interval '1 day', now() - interval '1 hour', "
                        + (ended < 0 ? "NULL" : "now() - " + ended + " * interval '1 day'") + ")",
                id,
                alice.id(),
                device,
                begun);
        Sql.update(
                "INSERT INTO refresh_tokens (id, session_id, token_hash, issued_at, expires_at)"
                        + " VALUES (gen_random_uuid(), ?, sha256(?::text::bytea), now(), now() + interval '1 day')",
                id,
                id);
    }

    private void oneTimeTokens(int howMany, String expiredSince) {
        Sql.update(
                "INSERT INTO one_time_tokens (id, user_id, purpose, token_hash, created_at, expires_at)"
                        + " SELECT gen_random_uuid(), ?, 'test', sha256(gen_random_uuid()::text::bytea), now(),"
                        + " now() - interval '" + expiredSince + "' FROM generate_series(1, ?)",
                alice.id(),
                howMany);
    }

    private static void factor(Person person, String age, String confirmed) {
        Sql.update(
                "INSERT INTO second_factors (user_id, secret, created_at, confirmed_at)"
                        + " VALUES (?, '', now() - interval '" + age + "', " + confirmed + ")",
                person.id());
    }

    private static void failure(String key, String age) {
        Sql.update(
                "INSERT INTO sign_in_failures (key, failures, last_failed_at, blocked_until)"
                        + " VALUES (?::text::bytea, 3, now() - interval '" + age + "', now() - interval '1 hour')",
                key);
    }

    private static List<Object> rounds() {
        return Sql.query("SELECT task_instance FROM background_tasks WHERE task_name = 'clean-up'");
    }
}
