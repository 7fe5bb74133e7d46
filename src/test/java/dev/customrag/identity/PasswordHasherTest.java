package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.customrag.http.Problem;
import dev.customrag.testing.Together;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

        String hash = cheap.hash("correct horse");
        assertThat(dearer.matches("correct horse", hash)).isTrue();
        assertThat(dearer.matches("battery staple", hash)).isFalse();
        assertThat(dearer.isOutdated(hash)).isTrue();
        assertThat(cheap.isOutdated(hash)).isFalse();
        assertThat(dearer.rehash("correct horse"))
                .hasValueSatisfying(fresh -> assertThat(fresh).startsWith("$2a$05$"));
        assertThat(cheap.isOutdated(dearer.hash("correct horse"))).isFalse();
    }

    @Test
    void aHashOfALowerCostTakesAsLongToRefuse() {
        var hasher = hasher(10);
        String cheap = hasher(4).hash("correct horse");
        String dear = hasher.hash("correct horse");

        // 64 times as long, were the difference not made up for.
        assertThat(nanos(() -> hasher.matches("battery staple", cheap)))
                .isGreaterThan(nanos(() -> hasher.matches("battery staple", dear)) / 3);
    }

    @Test
    void whoHasNoPasswordCannotUseAny() {
        var metrics = new SimpleMeterRegistry();
        var hasher = new PasswordHasher(config(Map.of("identity.bcrypt-cost", "4")), metrics);

        assertThat(hasher.matches("", null)).isFalse();
        assertThat(hasher.matches("correct horse", null)).isFalse();
        assertThat(metrics.get("identity.password.hashing").timer().count()).isEqualTo(2);
    }

    @Test
    void keyboardsThatComposeDifferentlyTypeTheSamePassword() {
        var hasher = hasher(4);
        String composed = "gr\u00fc\u00dfe aus K\u00f6ln";
        String decomposed = "gru\u0308\u00dfe aus Ko\u0308ln";

        assertThat(hasher.matches(decomposed, hasher.hash(composed))).isTrue();
        assertThat(hasher.matches(composed, hasher.hash(decomposed))).isTrue();
        assertThat(hasher.matches("ｐａｓｓ ｗｏｒｄ", hasher.hash("pass word"))).isTrue();
        assertThat(hasher.matches("gruße aus Koln", hasher.hash(composed))).isFalse();
    }

    @Test
    void whatNormalisationMakesTooLongIsNotHashed() {
        // 24 characters of 3 bytes each; NFKC writes each of them out as 18 letters.
        assertThatIllegalArgumentException().isThrownBy(() -> hasher(4).hash("\ufdfa".repeat(24)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Made by libxcrypt 4.4.33.
                "grüße aus Köln | $2a$05$abcdefghijklmnopqrstuunZ.Q4kXCjHW5juis1KxMBFLhZAjFHUy",
                "grüße aus Köln | $2b$05$abcdefghijklmnopqrstuunZ.Q4kXCjHW5juis1KxMBFLhZAjFHUy",
                "grüße aus Köln | $2y$05$abcdefghijklmnopqrstuunZ.Q4kXCjHW5juis1KxMBFLhZAjFHUy"
            })
    void hashesOfOtherProgramsMatch(String password, String hash) {
        assertThat(hasher(5).matches(password, hash)).isTrue();
        assertThat(hasher(5).matches(Normalizer.normalize(password, Normalizer.Form.NFD), hash))
                .isTrue();
        assertThat(hasher(5).isOutdated(hash)).isFalse();
        assertThat(hasher(6).isOutdated(hash)).isTrue();
        assertThat(hasher(5).matches(password + "!", hash)).isFalse();
    }

    @Test
    void whatBcryptWouldMisreadIsNobodysPassword() {
        var hasher = hasher(4);
        String edge = "ü".repeat(35) + "xy";

        assertThat(hasher.matches("harbour\0harbour", hasher.hash("harbour"))).isFalse();
        assertThat(hasher.matches("half a pair \ud83d", hasher.hash("half a pair ?")))
                .isFalse();
        assertThat(hasher.matches(edge, hasher.hash(edge))).isTrue();
        assertThat(hasher.matches(edge + "z", hasher.hash(edge))).isFalse();
        for (String misread : List.of("harbour\0harbour", "half a pair \ud83d", edge + "z")) {
            assertThatIllegalArgumentException().isThrownBy(() -> hasher.hash(misread));
        }
    }

    @Test
    void whatNobodyWaitsForIsNotHashed() throws InterruptedException {
        var metrics = new SimpleMeterRegistry();
        var hasher = new PasswordHasher(config(Map.of("identity.bcrypt-cost", "12")), metrics);
        int others = 3 * Runtime.getRuntime().availableProcessors();
        List<Thread> ahead = IntStream.range(0, others)
                .mapToObj(i -> waiting(() -> hasher.hash("correct horse")))
                .toList();
        var interrupted = new AtomicBoolean();
        Thread last = waiting(() -> {
            try {
                hasher.hash("battery staple");
            } catch (IllegalStateException e) {
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });

        last.interrupt();
        last.join();
        for (Thread thread : ahead) {
            thread.join();
        }
        hasher.hash("what comes after it in the queue");

        assertThat(interrupted).isTrue();
        assertThat(metrics.get("identity.password.hashing").timer().count()).isEqualTo(others + 1L);
    }

    @Test
    void aStopLetsNobodyWait() {
        var metrics = new SimpleMeterRegistry();
        var hasher = new PasswordHasher(config(Map.of("identity.bcrypt-cost", "12")), metrics);
        int cores = Runtime.getRuntime().availableProcessors();
        Thread.startVirtualThread(() -> {
            await().until(() -> metrics.get("identity.password.queue").gauge().value() >= 1);
            hasher.close();
        });

        List<String> outcomes = Together.call(cores + 4, () -> {
            try {
                hasher.hash("correct horse");
                return "hashed";
            } catch (Problem problem) {
                return "refused with " + problem.status();
            }
        });

        assertThat(outcomes).contains("hashed").contains("refused with 503");
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
                assertThat(problem.body()).containsEntry("type", "urn:customrag:problem:busy");
                refused.incrementAndGet();
                return false;
            }
        });

        assertThat(done).contains(true);
        assertThat(refused.get()).isPositive();
    }

    private static PasswordHasher hasher(int cost) {
        return new PasswordHasher(
                config(Map.of("identity.bcrypt-cost", Integer.toString(cost))), new SimpleMeterRegistry());
    }

    /** A thread that does the work, and has come to where it waits. */
    private static Thread waiting(Runnable work) {
        Thread thread = Thread.startVirtualThread(work);
        await().pollInterval(Duration.ofMillis(1)).until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }

    /** The shortest of some tries: what else the machine does makes them longer only. */
    private static long nanos(Runnable work) {
        return IntStream.range(0, 5)
                .mapToLong(i -> {
                    long start = System.nanoTime();
                    work.run();
                    return System.nanoTime() - start;
                })
                .min()
                .orElseThrow();
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
