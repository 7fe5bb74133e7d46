package dev.customrag.identity;

import static dev.customrag.testing.Person.randomEmail;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Time must not tell who has an account. What is asked for is queued, and the work that differs is done where nobody waits
 * for it. Clocks of test machines are unsteady: so the samples are mixed, the slowest of them left out, and more are taken
 * for as long as the means differ; those of different work would go on differing.
 */
@QuarkusTest
class MailTimingTest {

    private static final int ROUND = 100;
    private static final int ROUNDS = 20;
    private static final double TOLERANCE = 0.1;

    @ParameterizedTest
    @ValueSource(strings = {"/auth/password/forgot", "/auth/email/resend"})
    void knownAndUnknownAddressesTakeTheSameTime(String path) {
        var known = new Recipients(MailTimingTest::somebody);
        var unknown = new Recipients(Person::randomEmail);
        List<Long> ofKnown = new ArrayList<>();
        List<Long> ofUnknown = new ArrayList<>();
        for (int i = 0; i < ROUND; i++) {
            time(path, known.next());
            time(path, unknown.next());
        }

        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < ROUND; i++) {
                if (ThreadLocalRandom.current().nextBoolean()) {
                    ofKnown.add(time(path, known.next()));
                } else {
                    ofUnknown.add(time(path, unknown.next()));
                }
            }
            if (Math.abs(mean(ofKnown) / mean(ofUnknown) - 1) < TOLERANCE) {
                break;
            }
        }

        assertThat(mean(ofKnown) / mean(ofUnknown)).isCloseTo(1, within(TOLERANCE));
    }

    @Test
    void theSameRowsAreWrittenForBoth() {
        String known = Person.registered().email();
        Mailbox.awaitQuiet();

        assertThat(recordsOf(known)).isEqualTo(recordsOf(randomEmail())).isOne();
    }

    /** Addresses that mails go to, each as often as its limit allows. */
    private static final class Recipients {

        private static final int MAILS_EACH = 5;

        private final Supplier<String> addresses;
        private String current;
        private int sent;

        Recipients(Supplier<String> addresses) {
            this.addresses = addresses;
        }

        String next() {
            if (sent++ % MAILS_EACH == 0) {
                current = addresses.get();
            }
            return current;
        }
    }

    /** The address of a new account. */
    private static String somebody() {
        String email = randomEmail();
        Sql.update("""
                INSERT INTO users (id, email, first_name, last_name, is_active, created_at, updated_at)
                VALUES (gen_random_uuid(), ?, 'Ada', 'Lovelace', true, now(), now())
                """, email);
        return email;
    }

    private static long recordsOf(String email) {
        long before = records();
        time("/auth/password/forgot", email);
        return records() - before;
    }

    private static long records() {
        return (long) Sql.query("SELECT count(*) FROM audit_events").getFirst();
    }

    private static long time(String path, String email) {
        long began = System.nanoTime();
        given().contentType(ContentType.JSON)
                .body(Map.of("email", email))
                .post(path)
                .then()
                .statusCode(202);
        return System.nanoTime() - began;
    }

    /** Of the fastest three quarters. */
    private static double mean(List<Long> times) {
        return times.stream()
                .sorted()
                .limit(Math.max(1, times.size() * 3L / 4))
                .mapToLong(Long::longValue)
                .average()
                .orElseThrow();
    }
}
