package dev.customrag.document.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.customrag.testing.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ParserThreadsTest {

    private static final Path FILE = Path.of("never-opened");

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    @Timeout(30)
    void aParserThatDoesNotEndKeepsNobodyElseFromReading() throws InterruptedException {
        var reader = new ParserThreads(
                Settings.with(ParsingConfig.class, Map.of("documents.parsing.time-limit", "100ms")),
                Settings.with(
                        ReaderConfig.class,
                        Map.of("documents.parsing.threads", "1", "documents.parsing.grace", "100ms")),
                metrics);
        var end = new CountDownLatch(1);

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(UnreadableDocument.class)
                    .isThrownBy(() -> reader.read((file, text) -> ignoreInterruptionUntil(end), FILE))
                    .withMessageContaining("too long");
        }

        assertThat(abandoned()).isEqualTo(2);
        assertThat(reader.read((file, text) -> text.paragraph("Read."), FILE).text())
                .isEqualTo("Read.");
        end.countDown();
        await().until(() -> abandoned() == 0);
        assertThat(reader.read((file, text) -> text.paragraph("Read."), FILE).text())
                .isEqualTo("Read.");
    }

    private double abandoned() {
        return metrics.get("documents.parsing.abandoned").gauge().value();
    }

    private static void ignoreInterruptionUntil(CountDownLatch end) {
        while (end.getCount() > 0) {
            Thread.onSpinWait();
        }
    }
}
