package dev.customrag.identity;

import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.randomEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.Client;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Time must not tell who has an account. Hashing takes nearly all of a login, and clocks of test machines are unsteady:
 * so the hashes are counted instead, one for every outcome.
 */
@QuarkusTest
class LoginTimingTest {

    private static final String WRONG = "not the password";

    @Inject
    MeterRegistry metrics;

    @Test
    void everyLoginHashesOnceWhateverItsOutcome() {
        Person alice = Person.registered();
        Person bob = Person.registered();
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", bob.id());

        assertThat(hashesOf(() -> loggingIn(alice.email(), alice.password()))).isOne();
        assertThat(hashesOf(() -> loggingIn(alice.email(), WRONG))).isOne();
        assertThat(hashesOf(() -> loggingIn(alice.email(), "x".repeat(100)))).isOne();
        assertThat(hashesOf(() -> loggingIn(bob.email(), bob.password()))).isOne();
        assertThat(hashesOf(() -> loggingIn(randomEmail(), WRONG))).isOne();
        assertThat(hashesOf(() -> loggingIn(randomEmail(), "x".repeat(100)))).isOne();
    }

    @Test
    void anAddressNobodyHasIsLimitedLikeAnyOther() {
        assertThat(guesses(randomEmail())).isEqualTo(guesses(Person.registered().email()));
    }

    /** What a stranger is answered, try for try. */
    private List<String> guesses(String email) {
        Client stranger = Client.somewhere();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            long hashes = hashesOf(() -> {
                Response answer = stranger.loggingIn(email, WRONG);
                answers.add(answer.statusCode() + " " + answer.asString());
            });
            answers.add(hashes + " hashes");
            // The first waits are shorter than what a busy machine may take between two requests.
            Sql.update("UPDATE sign_in_failures SET blocked_until = now() + interval '1 minute' WHERE failures >= 5");
        }
        assertThat(answers).contains("1 hashes", "0 hashes");
        return answers;
    }

    private long hashesOf(Runnable work) {
        var hashing = metrics.get("identity.password.hashing").timer();
        long before = hashing.count();
        work.run();
        return hashing.count() - before;
    }
}
