package dev.customrag.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.customrag.jobs.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallLimitTest {

    private final CallLimit limit = new CallLimit(8, new Backoff(Duration.ofMillis(2), Duration.ofMillis(20)));

    private List<CallLimit.Call> begin(int calls) throws InterruptedException {
        var begun = new ArrayList<CallLimit.Call>();
        for (int i = 0; i < calls; i++) {
            begun.add(limit.begin());
        }
        return begun;
    }

    @Test
    void refusalsOfOneRoundHalveItOnce() throws InterruptedException {
        begin(8).forEach(CallLimit.Call::throttled);
        assertThat(limit.current()).isEqualTo(4);

        begin(4).forEach(CallLimit.Call::throttled);
        assertThat(limit.current()).isEqualTo(2);
    }

    @Test
    void itNeverFallsBelowOne() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            limit.begin().throttled();
        }

        assertThat(limit.current()).isEqualTo(1);
        limit.begin().succeeded();
    }

    @Test
    void eachRoundOfSuccessesAllowsOneMoreUpToTheMost() throws InterruptedException {
        begin(8).forEach(CallLimit.Call::throttled);

        for (int round = 4; round < 8; round++) {
            assertThat(limit.current()).isEqualTo(round);
            begin(round).forEach(CallLimit.Call::succeeded);
            limit.begin().succeeded();
        }
        begin(8).forEach(CallLimit.Call::succeeded);

        assertThat(limit.current()).isEqualTo(8);
    }

    @Test
    void faultsOfAnotherKindChangeNothing() throws InterruptedException {
        begin(8).forEach(CallLimit.Call::broke);

        assertThat(limit.current()).isEqualTo(8);
        assertThat(begin(8)).hasSize(8);
    }

    @Test
    void refusalsInARowPauseForLongerEachTime() throws InterruptedException {
        var slow = new CallLimit(1, new Backoff(Duration.ofMillis(40), Duration.ofSeconds(10)));
        long began = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            slow.begin().throttled();
        }
        slow.begin().succeeded();

        // Half of 40, 80 and 160 ms is fixed, the rest by chance.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(140));
    }

    @Test
    void noMoreThanTheLimitAreEverUnderWay() {
        var underWay = new AtomicInteger();
        var most = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                threads.submit(() -> {
                    CallLimit.Call call = limit.begin();
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    Thread.sleep(1);
                    underWay.decrementAndGet();
                    call.succeeded();
                    return null;
                });
            }
        }
        assertThat(most).hasValueBetween(2, 8);
    }

    /** A provider that answers four calls at a time and refuses the rest: everything gets done, with few refusals. */
    @Test
    void itSettlesNearWhatTheProviderBears() {
        var capacity = new Semaphore(4);
        var refusals = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 400; i++) {
                threads.submit(() -> {
                    while (true) {
                        CallLimit.Call call = limit.begin();
                        if (capacity.tryAcquire()) {
                            Thread.sleep(2);
                            capacity.release();
                            call.succeeded();
                            return null;
                        }
                        refusals.incrementAndGet();
                        call.throttled();
                    }
                });
            }
        }
        assertThat(refusals).hasValueLessThan(300);
    }

    @Test
    void whoWaitsGoesWhenItCloses() throws Exception {
        begin(8);
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                limit.begin();
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        });

        limit.close();

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(limit::begin);
    }
}
