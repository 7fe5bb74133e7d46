package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.customrag.testing.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RunWatchTest {

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final RunWatch watch = new RunWatch(
            Settings.with(DocumentsConfig.class, Map.of("documents.ingestion.stall-limit", "1s")), metrics);
    private final IngestionRun run = new IngestionRun(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

    @Test
    void aRunThatHangsIsLetGoOfAndCounted() {
        var gate = new CountDownLatch(1);

        assertThatExceptionOfType(RunWatch.Hangs.class)
                .isThrownBy(() -> watch.run(run, () -> waitWhateverHappens(gate)));

        assertThat(abandoned()).isOne();
        assertThat(watch.isRunning(run)).isFalse();
        gate.countDown();
        await().until(() -> abandoned() == 0);
    }

    @Test
    void aLongRunThatShowsSignsOfLifeIsLeftInPeace() throws IOException, InterruptedException {
        watch.run(run, () -> {
            for (int i = 0; i < 15; i++) {
                Thread.sleep(100);
                watch.signOfLife();
                assertThat(watch.isRunning(run)).isTrue();
            }
        });

        assertThat(abandoned()).isZero();
    }

    @Test
    void whatARunThrowsIsThrown() {
        var failure = new IOException();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> watch.run(run, () -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void anInterruptedWorkerInterruptsItsRun() {
        var interrupted = new CountDownLatch(1);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> watch.run(run, () -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                }));

        await().until(() -> interrupted.getCount() == 0);
    }

    private double abandoned() {
        return metrics.get("documents.ingestion.abandoned").gauge().value();
    }

    private static void waitWhateverHappens(CountDownLatch gate) {
        while (gate.getCount() > 0) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                // As code that blocks in the kernel, or does not care.
            }
        }
    }
}
