package dev.customrag.identity;

import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.randomEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
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

    private long hashesOf(Runnable work) {
        var hashing = metrics.get("identity.password.hashing").timer();
        long before = hashing.count();
        work.run();
        return hashing.count() - before;
    }
}
