package dev.customrag.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The programs of a PostgreSQL that can do what the service needs: release 15 or newer, with pgvector 0.8 or newer,
 * which is where iterative index scans begin.
 *
 * @param folder where {@code postgres}, {@code initdb} and {@code psql} are
 * @param major the server's major release, on which its data directory depends
 */
record PostgresPrograms(Path folder, int major) {

    private static final int OLDEST_MAJOR = 15;
    private static final Path PACKAGED = Path.of("/usr/lib/postgresql");
    private static final Pattern SERVER_VERSION = Pattern.compile("^PostgreSQL (\\d+)");
    private static final Pattern PGVECTOR_VERSION =
            Pattern.compile("^default_version *= *'(\\d+)\\.(\\d+)", Pattern.MULTILINE);

    /**
     * What is installed; where nothing suitable is, what the distribution's packages give.
     *
     * @param preferredMajor the release that existing data are of, or 0: taken where it is there, else the newest
     * @param progress told what is being installed
     */
    static PostgresPrograms findOrInstall(int preferredMajor, Consumer<String> progress) {
        return find(preferredMajor)
                .or(() -> {
                    install(progress);
                    return find(preferredMajor);
                })
                .orElseThrow(() -> new LocalPostgresException("PostgreSQL with pgvector was installed but not found."));
    }

    private static Optional<PostgresPrograms> find(int preferredMajor) {
        return folders().stream()
                .flatMap(folder -> inspect(folder).stream())
                .max(Comparator.<PostgresPrograms, Boolean>comparing(found -> found.major == preferredMajor)
                        .thenComparing(PostgresPrograms::major));
    }

    private static List<Path> folders() {
        var folders = new ArrayList<Path>();
        if (Files.isDirectory(PACKAGED)) {
            try (var releases = Files.newDirectoryStream(PACKAGED)) {
                releases.forEach(release -> folders.add(release.resolve("bin")));
            } catch (IOException e) {
                throw new LocalPostgresException("Cannot read " + PACKAGED, e);
            }
        }
        for (String entry :
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(":")) {
            Path tool = Path.of(entry, "pg_config");
            if (Files.isExecutable(tool)) {
                folders.add(Path.of(ask(tool, "--bindir")));
                break;
            }
        }
        return folders;
    }

    private static Optional<PostgresPrograms> inspect(Path folder) {
        for (String program : List.of("postgres", "initdb", "psql", "pg_config")) {
            if (!Files.isExecutable(folder.resolve(program))) {
                return Optional.empty();
            }
        }
        Path tool = folder.resolve("pg_config");
        int major = SERVER_VERSION
                .matcher(ask(tool, "--version"))
                .results()
                .findFirst()
                .map(found -> Integer.parseInt(found.group(1)))
                .orElse(0);
        Path control = Path.of(ask(tool, "--sharedir"), "extension", "vector.control");
        return major >= OLDEST_MAJOR && hasPgvector(control)
                ? Optional.of(new PostgresPrograms(folder, major))
                : Optional.empty();
    }

    private static boolean hasPgvector(Path control) {
        if (!Files.isReadable(control)) {
            return false;
        }
        try {
            return PGVECTOR_VERSION
                    .matcher(Files.readString(control))
                    .results()
                    .anyMatch(PostgresPrograms::isNewEnough);
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot read " + control, e);
        }
    }

    private static boolean isNewEnough(MatchResult pgvector) {
        return Integer.parseInt(pgvector.group(1)) > 0 || Integer.parseInt(pgvector.group(2)) >= 8;
    }

    private static String ask(Path tool, String question) {
        try {
            var process = new ProcessBuilder(tool.toString(), question)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var answer = process.getInputStream()) {
                return new String(answer.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot run " + tool, e);
        }
    }

    /** Runs the script from a file that stays when it fails, because it then tells how to run it by hand. */
    private static void install(Consumer<String> progress) {
        try {
            Path script = Files.createTempFile("install-postgres", ".sh");
            Files.writeString(script, LocalPostgres.script("install-postgres.sh"));
            var process = new ProcessBuilder("sh", script.toString())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().forEach(progress);
            }
            if (process.waitFor() != 0) {
                throw new LocalPostgresException("PostgreSQL with pgvector is missing and could not be installed;"
                        + " the lines above say why. " + LocalPostgresException.ALTERNATIVE);
            }
            Files.delete(script);
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot run the installation of PostgreSQL", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalPostgresException("Interrupted while installing PostgreSQL", e);
        }
    }
}
