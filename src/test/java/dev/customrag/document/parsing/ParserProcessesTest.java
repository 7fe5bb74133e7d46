package dev.customrag.document.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.customrag.system.Main;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parsers in processes of their own, and what becomes of them. */
@Timeout(120)
class ParserProcessesTest {

    @TempDir
    Path folder;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Map<String, String> settings = new HashMap<>(Map.of("documents.parsing.threads", "1"));
    private final Map<String, String> limits = new HashMap<>();
    private final Set<ProcessHandle> others = parsers();
    private ParserProcesses processes;

    @AfterEach
    void close() {
        if (processes != null) {
            processes.close();
        }
        assertThat(ours()).isEmpty();
    }

    @Test
    void aProcessReadsAsAThreadDoes() throws Exception {
        var threads = new ParserThreads(
                Settings.defaults(ParsingConfig.class), Settings.defaults(ReaderConfig.class), metrics);

        for (var sample : Map.of(
                        FileType.PDF,
                        SampleFiles.pdf(List.of("The first page."), List.of(), List.of("The third page.")),
                        FileType.DOCX,
                        SampleFiles.docx(),
                        FileType.MARKDOWN,
                        SampleFiles.text("Grüße, 😀\n\n# Of *it*\n\n" + "x".repeat(100_000)))
                .entrySet()) {
            Path file = file(sample.getValue());
            assertThat(processes().read(sample.getKey(), file)).isEqualTo(threads.read(sample.getKey(), file));
        }
        unreadable(FileType.PDF, SampleFiles.scannedPdf()).withMessageContaining("scanned");
        unreadable(FileType.PDF, SampleFiles.text("%PDF-1.7\nnothing")).withMessageContaining("damaged");
    }

    @Test
    void namesMayHoldEveryCharacter() throws Exception {
        var book = new LinkedHashMap<>(SampleFiles.EPUB);
        book.computeIfPresent(
                "OEBPS/content.opf",
                (name, opf) -> opf.replace(
                        "</manifest>", "<item id=\"u\" href=\"Übersicht.png\" media-type=\"image/png\"/></manifest>"));
        Path file = Files.createDirectory(folder.resolve("Übermittelt")).resolve("Größe.epub");
        Files.write(file, SampleFiles.zip(book));

        assertThat(processes().read(FileType.EPUB, file).text()).contains("at dawn");
    }

    @Test
    void aRequestThatMakesNoSenseFailsAloneInAProcessThatGoesOn() throws Exception {
        ParsingConfig bounds = Settings.defaults(ParsingConfig.class);
        Path file = file(SampleFiles.text("Something."));
        Process parser = new ProcessBuilder(ParserCommand.of(
                        Settings.defaults(ReaderConfig.class), Files.createTempDirectory(ParserChild.FOLDER_PREFIX)))
                .start();
        try (var requests = new DataOutputStream(parser.getOutputStream());
                var replies = new DataInputStream(parser.getInputStream())) {
            assertThat(replies.readByte()).isEqualTo((byte) ParserWire.LISTENING);

            ParserWire.write(new ParserWire.Request("SCROLL", file.toString(), bounds), requests);
            assertThat(ParserWire.readReply(replies, bounds)).isInstanceOf(ParserWire.Damaged.class);
            ParserWire.write(new ParserWire.Request("TEXT", "\0", bounds), requests);
            assertThat(ParserWire.readReply(replies, bounds)).isInstanceOf(ParserWire.Damaged.class);

            ParserWire.write(ParserWire.Request.of(FileType.TEXT, file, bounds), requests);
            assertThat(ParserWire.readReply(replies, bounds))
                    .isInstanceOfSatisfying(
                            ParserWire.Text.class,
                            text -> assertThat(text.document().text()).isEqualTo("Something."));
        }
        assertThat(parser.waitFor()).isZero();
    }

    @Test
    void oneProcessServesManyFilesUntilItIsReplaced() throws Exception {
        settings.put("documents.parsing.files-per-process", "3");

        readSomething();
        Set<ProcessHandle> first = ours();
        readSomething();
        assertThat(ours()).hasSize(1).isEqualTo(first);
        readSomething();
        assertThat(ours()).isEmpty();
        readSomething();
        assertThat(ours()).hasSize(1).isNotEqualTo(first);
    }

    @Test
    void aProcessWithNothingToDoEnds() throws Exception {
        settings.put("documents.parsing.idle", "200ms");

        readSomething();

        await().until(() -> ours().isEmpty());
        assertThat(metrics.get("documents.parsing.processes").gauge().value()).isZero();
        readSomething();
    }

    @Test
    void aProcessThatDiedMeanwhileIsReplacedUnnoticed() throws Exception {
        readSomething();
        ProcessHandle only = only();

        only.destroyForcibly();
        only.onExit().get();

        readSomething();
    }

    @Test
    void whatDoesNotEndIsKilled() throws Exception {
        limits.put("documents.parsing.time-limit", "2s");
        settings.put("documents.parsing.grace", "500ms");
        readSomething();
        ProcessHandle stuck = only();
        signal(stuck, "STOP");

        unreadable(FileType.TEXT, SampleFiles.text("Text.")).withMessageContaining("too long");

        stuck.onExit().get(10, TimeUnit.SECONDS);
        assertThat(killed("time")).isEqualTo(1);
        readSomething();
    }

    @Test
    void whatFillsTheDiskIsKilled() throws Exception {
        settings.put("documents.parsing.disk", "1M");
        readSomething();
        ProcessHandle filling = only();
        Path parsersFolder = folderOf(filling);
        signal(filling, "STOP");
        Files.write(parsersFolder.resolve("temporary"), new byte[1024 * 1024 + 1]);

        unreadable(FileType.TEXT, SampleFiles.text("Text.")).withMessageContaining("unpacks to more data");

        assertThat(killed("disk")).isEqualTo(1);
        assertThat(parsersFolder).doesNotExist();
        readSomething();
    }

    @Test
    void whatTakesMoreThanItsMemoryFailsAloneAndInPlainWords() throws Exception {
        settings.put("documents.parsing.threads", "2");
        settings.put("documents.parsing.memory", "40M");
        byte[] paragraphs = SampleFiles.text("<p>much</p>".repeat(2_000_000));
        readSomething();

        var hungry = CompletableFuture.runAsync(() ->
                unreadable(FileType.HTML, paragraphs).withMessageContaining("more memory than one file may have"));
        while (!hungry.isDone()) {
            readSomething();
        }

        hungry.get();
        assertThat(killed("memory")).isEqualTo(1);
        readSomething();
    }

    @Test
    void aProcessThatCrashesFailsItsFileAlone() throws Exception {
        readSomething();
        ProcessHandle crashing = only();
        signal(crashing, "STOP");
        var read = reading(file(SampleFiles.text("Text.")));
        signal(crashing, "ABRT");
        signal(crashing, "CONT");

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(read::get)
                .withCauseInstanceOf(UnreadableDocument.class)
                .withMessageContaining("damaged");
        assertThat(killed("crash")).isEqualTo(1);
        readSomething();
    }

    @Test
    void whatIsSentToAllProcessesOfTheServiceDoesNotEndThem() throws Exception {
        readSomething();
        ProcessHandle parser = only();

        for (String signal : List.of("TERM", "INT", "HUP")) {
            signal(parser, "STOP");
            var read = reading(file(SampleFiles.text("Finished.")));
            signal(parser, signal);
            signal(parser, "CONT");

            assertThat(read.get().text()).isEqualTo("Finished.");
        }
        assertThat(ours()).containsExactly(parser);
        processes.close();
        assertThat(parser.isAlive()).isFalse();
    }

    @Test
    void whoIsKilledFromOutsideSaysNothingOfTheFile() throws Exception {
        for (var killed : Map.of(
                        "KILL", IllegalStateException.class,
                        "ALRM", UncheckedIOException.class)
                .entrySet()) {
            readSomething();
            ProcessHandle parser = only();
            signal(parser, "STOP");
            var read = reading(file(SampleFiles.text("Text.")));
            signal(parser, killed.getKey());
            if (!killed.getKey().equals("KILL")) {
                signal(parser, "CONT");
            }

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(read::get)
                    .withCauseInstanceOf(killed.getValue());
        }
        assertThat(killed("kernel")).isEqualTo(1);
        assertThat(killed("signal")).isEqualTo(1);
        readSomething();
    }

    @Test
    void aReaderThatIsInterruptedEndsItsProcess() throws Exception {
        readSomething();
        ProcessHandle busy = only();
        signal(busy, "STOP");
        var failure = new CompletableFuture<Throwable>();
        Path file = file(SampleFiles.text("Text."));
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                processes.read(FileType.TEXT, file);
            } catch (InterruptedException e) {
                failure.complete(e);
            }
        });

        await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);
        reader.interrupt();

        assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        busy.onExit().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aProcessKnowsNothingOfTheServicesEnvironmentAndLeavesNothingBehind() throws Exception {
        readSomething();
        ProcessHandle parser = only();
        Path parsersFolder = folderOf(parser);

        assertThat(System.getenv()).isNotEmpty();
        assertThat(Path.of("/proc", String.valueOf(parser.pid()), "environ")).hasContent("LC_ALL=C.UTF-8\0");
        assertThat(Path.of("/proc", String.valueOf(parser.pid()), "oom_score_adj"))
                .hasContent("1000");
        assertThat(parsersFolder).isDirectory();
        processes.close();
        assertThat(parser.isAlive()).isFalse();
        assertThat(parsersFolder).doesNotExist();
    }

    @Test
    void aProcessThatCannotStartIsNoFaultOfTheFile() throws Exception {
        settings.put("documents.parsing.memory", "1");
        Path file = file(SampleFiles.text("Text."));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> processes().read(FileType.TEXT, file))
                .withMessageContaining("does not start");
    }

    @Test
    void startedByHandItSaysSoAndRemovesNothing() throws Exception {
        Path important = Files.writeString(folder.resolve("important"), "Important.");

        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of(folder.toString()),
                List.of(folder.resolve(ParserChild.FOLDER_PREFIX + "1").toString()))) {
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djava.io.tmpdir=" + folder,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    ParserChild.ARGUMENT));
            command.addAll(arguments);
            Process parser = new ProcessBuilder(command).start();
            parser.getOutputStream().close();

            assertThat(parser.errorReader().readAllAsString()).contains("started by the service");
            assertThat(parser.waitFor()).isEqualTo(2);
        }
        assertThat(important).hasContent("Important.");
    }

    @Test
    void noProcessOutlivesTheOneThatStartedIt() throws Exception {
        Path file = file(SampleFiles.text("Text."));
        Process service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Service.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] said = service.inputReader().readLine().split(" ", 2);
        ProcessHandle parser = ProcessHandle.of(Long.parseLong(said[0])).orElseThrow();
        assertThat(Path.of(said[1])).isDirectory();

        service.destroyForcibly().waitFor();

        await().until(() -> !parser.isAlive());
        assertThat(Path.of(said[1])).doesNotExist();
    }

    /** Has a parser's process, says which and where its files are, and goes on for ever. */
    static final class Service {

        private Service() {}

        public static void main(String... arguments) throws Exception {
            var processes = new ParserProcesses(
                    Settings.defaults(ParsingConfig.class),
                    Settings.defaults(ReaderConfig.class),
                    new SimpleMeterRegistry());
            processes.read(FileType.TEXT, Path.of(arguments[0]));
            long parser =
                    ProcessHandle.current().children().findFirst().orElseThrow().pid();
            System.out.println(parser + " " + Files.readSymbolicLink(Path.of("/proc", String.valueOf(parser), "cwd")));
            Thread.sleep(Duration.ofMinutes(10));
        }
    }

    private ParserProcesses processes() {
        if (processes == null) {
            processes = new ParserProcesses(
                    Settings.with(ParsingConfig.class, limits), Settings.with(ReaderConfig.class, settings), metrics);
        }
        return processes;
    }

    private void readSomething() throws IOException, InterruptedException {
        assertThat(processes()
                        .read(FileType.TEXT, file(SampleFiles.text("Something.")))
                        .text())
                .isEqualTo("Something.");
    }

    private FutureTask<ParsedDocument> reading(Path file) {
        var task = new FutureTask<>(() -> processes.read(FileType.TEXT, file));
        Thread.ofPlatform().start(task);
        return task;
    }

    private ThrowableAssertAlternative<UnreadableDocument> unreadable(FileType type, byte[] bytes) {
        return assertThatExceptionOfType(UnreadableDocument.class)
                .isThrownBy(() -> processes().read(type, file(bytes)));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "upload", null), bytes);
    }

    private double killed(String reason) {
        return metrics.get("documents.parsing.killed")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private ProcessHandle only() {
        return new ArrayList<>(ours()).getFirst();
    }

    /** Those which this test started. */
    private Set<ProcessHandle> ours() {
        Set<ProcessHandle> ours = parsers();
        ours.removeAll(others);
        return ours;
    }

    private static Set<ProcessHandle> parsers() {
        return ProcessHandle.current()
                .children()
                .filter(ParserProcessesTest::isParser)
                .collect(Collectors.toSet());
    }

    private static boolean isParser(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"))
                    .contains("\0" + ParserChild.class.getName() + "\0");
        } catch (IOException gone) {
            return false;
        }
    }

    private static Path folderOf(ProcessHandle process) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", String.valueOf(process.pid()), "cwd"));
    }

    private static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
        assertThat(status).isZero();
    }
}
