package dev.customrag.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.customrag.system.LocalPostgres.Lifetime;
import dev.customrag.testing.BesideOthers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@BesideOthers
class LocalPostgresTest {

    private final List<LocalPostgres> started = new ArrayList<>();
    private final List<Process> otherJvms = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private Path folder;

    /** Below target, where the tests' own cluster is too, so that what is seen here holds there. */
    @BeforeEach
    void makeFolder() throws IOException {
        Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
        folder = target.resolve("postgres-test-" + System.nanoTime());
    }

    @AfterEach
    void leaveNothing() throws IOException {
        otherJvms.forEach(Process::destroyForcibly);
        started.forEach(LocalPostgres::close);
        awaitNoProcess();
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void theApplicationOwnsADatabaseWithPgvectorAndIsNoSuperuser() throws SQLException {
        try (var connection = connect(start(Lifetime.DISCARD))) {
            assertThat(ask(connection, "select '[1,2,3]'::vector <-> '[1,2,4]'"))
                    .isEqualTo("1");
            assertThat(ask(connection, "select rolsuper from pg_roles where rolname = current_user"))
                    .isEqualTo("f");
            assertThat(ask(connection, "show server_encoding")).isEqualTo("UTF8");
            assertThat(ask(connection, "show listen_addresses")).isEqualTo("127.0.0.1");
            // What the first migration says; it needs no superuser because there is nothing left to do.
            tell(connection, "create extension if not exists vector");
            tell(connection, "create table notes (embedding vector(3))");
        }
    }

    @Test
    void aSecondStartInTheSameJvmFindsTheFirstOnesServer() {
        LocalPostgres first = start(Lifetime.DISCARD);

        assertThat(start(Lifetime.DISCARD)).isEqualTo(first);
    }

    @Test
    void theServerEndsWithItsLastHolderAndTheDataStay() throws SQLException {
        LocalPostgres first = start(Lifetime.KEEP);
        try (var connection = connect(first)) {
            tell(connection, "create table kept ()");
        }
        first.close();
        awaitNoProcess();

        try (var connection = connect(start(Lifetime.KEEP))) {
            assertThat(ask(connection, "select to_regclass('kept')")).isEqualTo("kept");
        }
    }

    @Test
    void testsStartWithAnEmptyDatabase() throws SQLException {
        LocalPostgres first = start(Lifetime.DISCARD);
        try (var connection = connect(first)) {
            tell(connection, "create table discarded ()");
        }
        first.close();
        awaitNoProcess();

        try (var connection = connect(start(Lifetime.DISCARD))) {
            assertThat(ask(connection, "select to_regclass('discarded')")).isNull();
        }
    }

    @Test
    void aServerThatStopsIsNotWaitedForInVain() throws SQLException {
        for (int round = 0; round < 3; round++) {
            LocalPostgres database = start(Lifetime.DISCARD);
            assertThat(ask(connect(database), "select 1")).isEqualTo("1");
            // The next round begins while this one's server is still going down.
            database.close();
        }
    }

    @Test
    void aKilledJvmTakesItsServerWithIt() throws IOException {
        Process other = startInAnotherJvm();
        assertThat(processes()).isNotEmpty();

        other.destroyForcibly();

        awaitNoProcess();
    }

    @Test
    void jvmsShareAServerUntilTheLastOneIsGone() throws Exception {
        Process other = startInAnotherJvm();
        LocalPostgres ours = start(Lifetime.DISCARD);

        other.destroyForcibly().waitFor();

        // Long enough for a server to stop, if it were to.
        Thread.sleep(500);
        try (var connection = connect(ours)) {
            assertThat(ask(connection, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void aKilledServerIsStartedAnewInSpiteOfWhatItLeft() throws Exception {
        LocalPostgres first = start(Lifetime.DISCARD);
        Path pidFile = folder.resolve("data", "postmaster.pid");
        long server = Long.parseLong(Files.readAllLines(pidFile).getFirst());
        ProcessHandle.of(server).orElseThrow().destroyForcibly();
        await().until(() -> ProcessHandle.of(server).isEmpty());
        assertThat(pidFile).exists();
        // Another program has got the process id since.
        Files.writeString(
                pidFile,
                Files.readString(pidFile)
                        .replaceFirst(
                                "\\d+", Long.toString(ProcessHandle.current().pid())));

        LocalPostgres second = start(Lifetime.DISCARD);

        assertThat(second).isNotEqualTo(first);
        try (var connection = connect(second)) {
            assertThat(ask(connection, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void dataOfAnotherReleaseAreKeptInDevelopmentAndReplacedInTests() throws IOException {
        start(Lifetime.KEEP).close();
        awaitNoProcess();
        Files.writeString(folder.resolve("data", "PG_VERSION"), "9\n");

        assertThatThrownBy(() -> start(Lifetime.KEEP))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining("are of PostgreSQL 9")
                .hasMessageContaining("QUARKUS_DATASOURCE_JDBC_URL");
        assertThat(start(Lifetime.DISCARD).jdbcUrl()).startsWith("jdbc:postgresql://127.0.0.1:");
    }

    /** What the other JVM runs: it holds the server until it is killed. */
    static class OtherJvm {

        public static void main(String[] folder) throws InterruptedException {
            LocalPostgres.start(Path.of(folder[0]), Lifetime.DISCARD, _ -> {});
            // Nothing here refers to the process that holds the server: a collection must not end it.
            System.gc();
            System.out.println("holding");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private LocalPostgres start(Lifetime lifetime) {
        LocalPostgres database = LocalPostgres.start(folder, lifetime, progress::add);
        started.add(database);
        return database;
    }

    private Process startInAnotherJvm() throws IOException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherJvm.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        otherJvms.add(other);
        assertThat(other.inputReader().lines().anyMatch("holding"::equals)).isTrue();
        return other;
    }

    private static Connection connect(LocalPostgres database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void tell(Connection connection, String command) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private void awaitNoProcess() {
        await().untilAsserted(() -> assertThat(processes()).isEmpty());
    }

    /** The command lines of what runs for the folder's cluster: server, holders and their helpers. */
    private List<String> processes() throws IOException {
        var found = new ArrayList<String>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                String command = commandLine(process);
                if (command.contains(folder.toString()) && !command.contains(OtherJvm.class.getName())) {
                    found.add(command);
                }
            }
        }
        return found;
    }

    private static String commandLine(Path process) throws IOException {
        try {
            return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
        } catch (NoSuchFileException e) {
            // It has ended since the folder was listed.
            return "";
        }
    }
}
