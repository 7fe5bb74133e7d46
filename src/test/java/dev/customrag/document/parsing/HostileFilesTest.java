package dev.customrag.document.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.HostileFiles;
import dev.customrag.testing.HostileFiles.Hostile;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What hostile files cost, and what is said of them. */
@BesideOthers
class HostileFilesTest {

    /** Of what is expected to end, on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration IMPATIENCE = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** For noticing that the time is up. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static final AtomicInteger REQUESTS = new AtomicInteger();
    private static HttpServer trap;
    private static ParserProcesses patient;
    private static ParserProcesses impatient;

    @BeforeAll
    static void start() {
        patient = processes(PATIENCE);
        impatient = processes(IMPATIENCE);
    }

    private static ParserProcesses processes(Duration timeLimit) {
        return new ParserProcesses(
                Settings.with(ParsingConfig.class, Map.of("documents.parsing.time-limit", timeLimit.toString())),
                Settings.with(
                        ReaderConfig.class,
                        Map.of(
                                "documents.parsing.threads", "2",
                                "documents.parsing.memory", "512M",
                                "documents.parsing.disk", "100M",
                                "documents.parsing.grace", GRACE.toString())),
                new SimpleMeterRegistry());
    }

    @AfterAll
    static void stop() {
        patient.close();
        impatient.close();
        trap.stop(0);
    }

    static List<Hostile> hostileFiles() throws IOException {
        trap = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        trap.createContext("/", exchange -> {
            REQUESTS.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        trap.start();
        return HostileFiles.all("http://127.0.0.1:" + trap.getAddress().getPort() + "/trap");
    }

    @ParameterizedTest
    @MethodSource("hostileFiles")
    void aHostileFileCostsNoMoreThanItsLimitsAndItsNeighbourNothing(Hostile file) throws Exception {
        Path path = Files.write(folder.resolve("upload"), file.bytes());
        FileType type = FileTypeDetector.detect(path, file.filename());
        boolean slow = HostileFiles.SLOW.equals(file.outcome());
        ParserProcesses processes = slow ? impatient : patient;
        long began = System.nanoTime();

        String outcome = null;
        try {
            assertThat(processes.read(type, path).text()).isNotBlank();
        } catch (UnreadableDocument e) {
            outcome = e.getMessage();
        }

        Duration limit = (slow ? IMPATIENCE : PATIENCE).plus(GRACE).plus(SLACK);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(limit);
        if (slow) {
            assertThat(outcome == null || outcome.contains("took too long") || outcome.contains("nested more deeply"))
                    .isTrue();
        } else if (file.outcome() == null) {
            assertThat(outcome).isNull();
        } else {
            assertThat(outcome).contains(file.outcome());
        }
        assertThat(REQUESTS).hasValue(0);
        Path good = Files.write(folder.resolve("good"), SampleFiles.text("Good."));
        assertThat(patient.read(FileType.TEXT, good).text()).isEqualTo("Good.");
    }
}
