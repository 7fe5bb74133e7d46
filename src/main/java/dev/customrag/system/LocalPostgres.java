package dev.customrag.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A private PostgreSQL with pgvector for development and tests on a machine without a container engine: a cluster of
 * one's own from the machine's programs (installed from the distribution where missing), on its own port of 127.0.0.1,
 * with a random password. JVMs that start it in the same folder share one server, which is stopped when the last of them
 * is gone, however it went: see {@link PostgresHolder}.
 */
record LocalPostgres(String jdbcUrl, String username, String password, PostgresHolder holder) implements AutoCloseable {

    /** What becomes of the data. */
    enum Lifetime {
        /** They outlive the server, as development wants it. */
        KEEP,
        /** Each start of the server has an empty database, and nothing waits for the disk: for tests. */
        DISCARD
    }

    private static final String DATABASE = "customrag";

    /**
     * Starts the server, or joins the one that this JVM or another process has started in the same folder.
     *
     * @param folder where the cluster is to be
     * @param progress told what takes time and where things are
     */
    static LocalPostgres start(Path folder, Lifetime lifetime, Consumer<String> progress) {
        Path wanted = folder.toAbsolutePath().normalize();
        // Quarkus reads its configuration through several class loaders of one JVM, each with its own copy of this
        // class.
        // What these share are system properties and interned strings.
        String key = ("custom-rag-assistant.postgres." + wanted).intern();
        synchronized (key) {
            return Optional.ofNullable(System.getProperty(key))
                    .flatMap(PostgresHolder::find)
                    .orElseGet(() -> {
                        PostgresHolder holder = hold(wanted, lifetime, progress);
                        System.setProperty(key, holder.describe());
                        return holder;
                    })
                    .database();
        }
    }

    static LocalPostgres of(PostgresHolder holder, String password) {
        return new LocalPostgres(
                "jdbc:postgresql://127.0.0.1:" + holder.port() + "/" + DATABASE, DATABASE, password, holder);
    }

    /** Lets go of the server, which stops when no other process holds it. */
    @Override
    public void close() {
        holder.end();
    }

    private static PostgresHolder hold(Path wanted, Lifetime lifetime, Consumer<String> progress) {
        // Before the folder: only the installation creates the user whom the folder is for.
        PostgresPrograms programs = PostgresPrograms.findOrInstall(0, progress);
        LocalPostgresHome home = LocalPostgresHome.prepare(wanted, lifetime, progress);
        PostgresHolder holder = PostgresHolder.start(
                PostgresPrograms.findOrInstall(majorOf(home).orElse(programs.major()), progress), home, lifetime);
        progress.accept("PostgreSQL listens on 127.0.0.1:" + holder.port() + ", with its data in " + home.folder());
        return holder;
    }

    /** The release of the data that are already there: a newer server cannot read them. */
    private static Optional<Integer> majorOf(LocalPostgresHome home) {
        Path version = home.folder().resolve("data", "PG_VERSION");
        try {
            return Files.exists(version)
                    ? Optional.of(Integer.valueOf(Files.readString(version).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot read " + version, e);
        }
    }

    static String script(String name) {
        try (var resource = LocalPostgres.class.getResourceAsStream(name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
