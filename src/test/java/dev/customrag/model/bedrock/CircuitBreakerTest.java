package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private final AtomicLong now = new AtomicLong();
    private final CircuitBreaker breaker =
            new CircuitBreaker(3, Duration.ofSeconds(60), Duration.ofSeconds(15), now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.pass().orElseThrow().failed();
        }
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            breaker.pass().orElseThrow().succeeded();
        }
    }

    @Test
    void opensAfterFailuresInARow() {
        fail(2);
        assertThat(breaker.isOpen()).isFalse();

        fail(1);

        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.pass()).isEmpty();
        assertThat(breaker.remaining()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void opensWhenHalfOfTheCallsFail() {
        succeed(3);
        fail(2);
        assertThat(breaker.isOpen()).isFalse();

        fail(1);

        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void aFewFailuresAmongManySuccessesKeepItClosed() {
        succeed(20);

        fail(10);

        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void oldFailuresAreForgotten() {
        fail(2);
        pass(Duration.ofSeconds(61));

        fail(2);

        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void afterThePauseOneCallTriesAndClosesIt() {
        fail(3);
        pass(Duration.ofSeconds(15));

        CircuitBreaker.Pass trial = breaker.pass().orElseThrow();
        assertThat(breaker.pass()).isEmpty();
        trial.succeeded();

        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.remaining()).isZero();
        fail(2);
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void aTrialThatFailsOpensItAgain() {
        fail(3);
        pass(Duration.ofSeconds(15));

        breaker.pass().orElseThrow().failed();

        assertThat(breaker.pass()).isEmpty();
        assertThat(breaker.remaining()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void aTrialThatIsStoppedLeavesItToTheNext() {
        fail(3);
        pass(Duration.ofSeconds(15));

        breaker.pass().orElseThrow().left();

        assertThat(breaker.isOpen()).isTrue();
        breaker.pass().orElseThrow().succeeded();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void callsFromBeforeItOpenedSayNothingAboutTheTrial() {
        CircuitBreaker.Pass early = breaker.pass().orElseThrow();
        fail(3);
        early.succeeded();
        assertThat(breaker.isOpen()).isTrue();

        pass(Duration.ofSeconds(15));
        CircuitBreaker.Pass trial = breaker.pass().orElseThrow();
        early.left();
        assertThat(breaker.pass()).isEmpty();

        trial.succeeded();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void anAnswerThatBreaksOffCountsAlthoughItBegan() {
        for (int i = 0; i < 3; i++) {
            CircuitBreaker.Pass pass = breaker.pass().orElseThrow();
            pass.succeeded();
            pass.failed();
        }

        assertThat(breaker.isOpen()).isTrue();
    }
}
