package dev.customrag.identity;

import static dev.customrag.testing.Person.randomEmail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.testing.Client;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guessing gets slower and slower, and nobody can shut somebody else out. */
@QuarkusTest
class SignInThrottleTest {

    private static final String WRONG = "not the password";

    @Inject
    SignInThrottle throttle;

    @Inject
    SignInFailures failures;

    @Inject
    MeterRegistry metrics;

    private final Client home = Client.somewhere();
    private final Client stranger = Client.somewhere();
    private Person alice;

    /** Alice signs in from home; nobody has failed yet. */
    @BeforeEach
    void register() {
        Sql.update("DELETE FROM sign_in_failures");
        alice = Person.registered();
        home.loggingIn(alice.email(), alice.password()).then().statusCode(200);
    }

    @Test
    void afterFiveFailuresNotEvenTheRightPasswordIsLookedAt() {
        fail(5, stranger, alice.email());
        waitGrows();

        long hashes = hashes();
        isLimited(stranger.loggingIn(alice.email(), WRONG), 60);
        isLimited(stranger.loggingIn(alice.email(), alice.password()), 60);
        assertThat(hashes()).isEqualTo(hashes);

        waitIsOver();
        stranger.loggingIn(alice.email(), alice.password()).then().statusCode(200);
    }

    @Test
    void eachFurtherFailureDoublesTheWaitUpToAQuarterOfAnHour() {
        List<Long> waits = new ArrayList<>();
        fail(4, stranger, alice.email());
        for (int i = 0; i < 12; i++) {
            waitIsOver();
            fail(1, stranger, alice.email());
            waits.add(Long.parseLong(stranger.loggingIn(alice.email(), WRONG)
                    .then()
                    .statusCode(429)
                    .extract()
                    .header("Retry-After")));
        }

        List<Long> expected = List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 900L, 900L);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(waits.get(i)).isBetween(Math.max(1, expected.get(i) - 3), expected.get(i));
        }
    }

    @Test
    void whoeverManagesToSignInBeginsAnew() {
        fail(4, stranger, alice.email());
        stranger.loggingIn(alice.email(), alice.password()).then().statusCode(200);

        fail(5, stranger, alice.email());
        waitGrows();
        isLimited(stranger.loggingIn(alice.email(), WRONG), 60);
    }

    @Test
    void strangersDoNotShutAPersonOut() {
        fail(5, stranger, alice.email());
        waitGrows();
        Client accomplice = Client.somewhere();
        isLimited(accomplice.loggingIn(alice.email(), WRONG), 60);

        home.loggingIn(alice.email(), alice.password()).then().statusCode(200);

        waitGrows();
        home.loggingIn(alice.email(), alice.password()).then().statusCode(200);
        isLimited(stranger.loggingIn(alice.email(), alice.password()), 60);
    }

    @Test
    void whoGuessesAtHomeWaitsAtHomeOnly() {
        fail(5, home, alice.email());
        waitGrows();

        isLimited(home.loggingIn(alice.email(), alice.password()), 60);
        stranger.loggingIn(alice.email(), alice.password()).then().statusCode(200);
    }

    @Test
    void aNetworkIsNotKnownForEver() {
        Sql.update("UPDATE sign_in_sessions SET created_at = now() - interval '91 days' WHERE user_id = ?", alice.id());

        fail(5, home, alice.email());
        waitGrows();

        isLimited(stranger.loggingIn(alice.email(), WRONG), 60);
    }

    @Test
    void howAnAddressIsWrittenMakesNoDifference() {
        fail(2, stranger, alice.email());
        fail(2, stranger, " " + alice.email().toUpperCase());
        fail(1, stranger, alice.email().replace('p', 'P'));
        waitGrows();

        isLimited(stranger.loggingIn(alice.email(), WRONG), 60);
    }

    @Test
    void failuresAreForgottenAfterADayWithoutOne() {
        fail(4, stranger, alice.email());
        Sql.update("UPDATE sign_in_failures SET last_failed_at = last_failed_at - interval '25 hours'");

        fail(5, stranger, alice.email());
        waitGrows();

        isLimited(stranger.loggingIn(alice.email(), WRONG), 60);
    }

    @Test
    void ofManyGuessesAtOnceNoMoreCountThanOneAfterAnother() {
        fail(4, stranger, alice.email());
        // One more, and the wait is longer than this takes.
        Sql.update("UPDATE sign_in_failures SET failures = 12");

        List<Response> answers = Together.call(40, () -> stranger.loggingIn(alice.email(), WRONG));

        assertThat(answers)
                .extracting(Response::statusCode)
                .containsOnly(401, 429)
                .containsOnlyOnce(401);
        assertThat(Sql.query("SELECT failures FROM sign_in_failures")).containsExactly(13);
    }

    @Test
    void aRightPasswordThatComesTooLateIsWorthNothing() {
        throttle.check(alice.email());
        fail(5, stranger, alice.email());
        waitGrows();

        for (Runnable confirmation :
                List.<Runnable>of(() -> throttle.confirm(alice.email()), () -> throttle.succeeded(alice.email()))) {
            assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(confirmation))
                    .hasMessageContaining("Too many");
        }
        assertThat(Sql.query("SELECT failures FROM sign_in_failures")).containsExactly(5);
    }

    @Test
    void aPasswordWithoutItsCodeForgetsNoFailures() {
        fail(4, stranger, alice.email());

        QuarkusTransaction.requiringNew().run(() -> throttle.confirm(alice.email()));
        assertThat(Sql.query("SELECT failures FROM sign_in_failures")).containsExactly(4);

        QuarkusTransaction.requiringNew().run(() -> throttle.succeeded(alice.email()));
        assertThat(Sql.query("SELECT failures FROM sign_in_failures")).isEmpty();
    }

    @Test
    void itIsAskedWhereItIsSafe() {
        assertThatThrownBy(() -> throttle.succeeded(alice.email())).isInstanceOf(TransactionalException.class);
        assertThatThrownBy(() -> throttle.confirm(alice.email())).isInstanceOf(TransactionalException.class);
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> throttle.failed(alice.email())))
                .isInstanceOf(RuntimeException.class);
        assertThat(Sql.query("SELECT failures FROM sign_in_failures")).isEmpty();
    }

    @Test
    void aHundredWhoKnowThePasswordGetInTogether() {
        List<Response> answers = Together.call(100, () -> stranger.loggingIn(alice.email(), alice.password()));

        assertThat(answers).extracting(Response::statusCode).contains(200).isSubsetOf(200, 503);
        assertThat(Sql.query("SELECT failures FROM sign_in_failures")).isEmpty();
    }

    @Test
    void theRecordTellsOfEachWaitOnce() {
        fail(5, stranger, alice.email());
        waitGrows();
        for (int i = 0; i < 5; i++) {
            isLimited(stranger.loggingIn(alice.email(), WRONG), 60);
        }
        assertThat(limitedEvents()).isOne();

        waitIsOver();
        fail(1, stranger, alice.email());
        waitGrows();
        isLimited(stranger.loggingIn(alice.email(), WRONG), 60);

        assertThat(limitedEvents()).isEqualTo(2);
    }

    @Test
    void thePasswordThatDeletesAnAccountIsNotGuessedEither() {
        for (int i = 0; i < 5; i++) {
            deleting(WRONG).then().statusCode(401);
        }
        waitGrows();
        isLimited(deleting(alice.password()), 60);
        waitIsOver();

        deleting(alice.password()).then().statusCode(204);
        assertThat(Sql.query("SELECT failures FROM sign_in_failures")).isEmpty();
    }

    @Test
    void oneNetworkGuessesAtAHundredAccountsAtMost() {
        Client network = Client.somewhere();
        network.loggingIn(alice.email(), alice.password()).then().statusCode(200);
        for (int i = 0; i < 100; i++) {
            network.loggingIn(randomEmail(), WRONG).then().statusCode(401);
        }

        // One comes back every three seconds.
        isLimited(refusalOf(() -> network.loggingIn(randomEmail(), WRONG)), 3);
        isLimited(
                refusalOf(() -> {
                    network.loggingIn(randomEmail(), WRONG);
                    return network.loggingIn(alice.email(), alice.password());
                }),
                3);
        home.loggingIn(alice.email(), alice.password()).then().statusCode(200);
    }

    @Test
    void whatIsRightUsesNothingUp() {
        Client office = Client.somewhere();

        for (int i = 0; i < 120; i++) {
            office.loggingIn(alice.email(), alice.password()).then().statusCode(200);
        }
    }

    @Test
    void oldCountersAreForgottenAFewAtATime() {
        for (int i = 0; i < 3; i++) {
            fail(1, stranger, randomEmail());
        }
        Sql.update("UPDATE sign_in_failures SET last_failed_at = now() - interval '25 hours'");
        fail(1, stranger, alice.email());

        assertThat(failures.forget(2)).isEqualTo(2);
        assertThat(failures.forget(2)).isEqualTo(1);
        assertThat(failures.forget(2)).isZero();
        assertThat(Sql.query("SELECT failures FROM sign_in_failures")).containsExactly(1);
    }

    @Test
    void countersAreFoundByTheirKey() {
        Sql.update("""
                INSERT INTO sign_in_failures SELECT sha256(i::text::bytea), 1, now(), now()
                FROM generate_series(1, 20000) i""");
        Sql.update("ANALYZE sign_in_failures");

        assertThat(String.join(
                        "\n",
                        Sql.query("EXPLAIN " + SignInFailures.COUNTERS.replace("?", "'x'")).stream()
                                .map(String::valueOf)
                                .toList()))
                .contains("sign_in_failures_pkey")
                .doesNotContain("Seq Scan on sign_in_failures");
    }

    private void fail(int times, Client where, String email) {
        for (int i = 0; i < times; i++) {
            where.loggingIn(email, WRONG).then().statusCode(401);
        }
    }

    /** The first waits are shorter than what a busy machine may take between two requests. */
    private static void waitGrows() {
        Sql.update("UPDATE sign_in_failures SET blocked_until = now() + interval '1 minute' WHERE failures >= 5");
    }

    /** Limited by at most so many seconds: some of them may be over. */
    private static void isLimited(Response answer, long atMost) {
        answer.then().statusCode(429).contentType("application/problem+json");
        assertThat(answer.<String>path("type")).isEqualTo("urn:customrag:problem:too-many-requests");
        assertThat(Long.parseLong(answer.header("Retry-After"))).isBetween(1L, atMost);
    }

    private static Response refusalOf(Supplier<Response> tries) {
        return Stream.generate(tries)
                .limit(30)
                .filter(answer -> answer.statusCode() == 429)
                .findFirst()
                .orElseThrow();
    }

    private static void waitIsOver() {
        Sql.update("UPDATE sign_in_failures SET blocked_until = now() - interval '1 second'");
    }

    private Response deleting(String password) {
        return alice.request()
                .contentType(ContentType.JSON)
                .body(Map.of("password", password))
                .delete("/auth/me");
    }

    private long limitedEvents() {
        return (long) Sql.query(
                        "SELECT count(*) FROM audit_events WHERE subject_id = ? AND type = 'sign-in' AND reason = 'limited'",
                        alice.id())
                .getFirst();
    }

    private long hashes() {
        return metrics.get("identity.password.hashing").timer().count();
    }
}
