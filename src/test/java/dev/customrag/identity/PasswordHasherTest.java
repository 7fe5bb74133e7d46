package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.http.Problem;
import dev.customrag.testing.Together;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PasswordHasherTest {

    @Test
    void theCostIs12UnlessConfigured() {
        var hasher = new PasswordHasher(config(Map.of()), new SimpleMeterRegistry());

        String hash = hasher.hash("correct horse");

        assertThat(hash).startsWith("$2a$12$").hasSize(60);
        assertThat(hasher.matches("correct horse", hash)).isTrue();
        assertThat(hasher.matches("battery staple", hash)).isFalse();
    }

    @Test
    void aHashOfAnotherCostStillMatches() {
        var cheap = new PasswordHasher(config(Map.of("identity.bcrypt-cost", "4")), new SimpleMeterRegistry());
        var dearer = new PasswordHasher(config(Map.of("identity.bcrypt-cost", "5")), new SimpleMeterRegistry());

        assertThat(dearer.matches("correct horse", cheap.hash("correct horse"))).isTrue();
    }

    @Test
    void whatDoesNotFitInTheQueueIsRefusedAtOnce() {
        var hasher = new PasswordHasher(
                config(Map.of("identity.bcrypt-cost", "11", "identity.hashing-queue", "1")), new SimpleMeterRegistry());
        var refused = new AtomicInteger();

        List<Boolean> done = Together.call(40, () -> {
            try {
                return hasher.hash("correct horse").startsWith("$2a$11$");
            } catch (Problem problem) {
                assertThat(problem.status()).isEqualTo(503);
                refused.incrementAndGet();
                return false;
            }
        });

        assertThat(done).contains(true);
        assertThat(refused.get()).isPositive();
    }

    static IdentityConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(IdentityConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(IdentityConfig.class);
    }
}
