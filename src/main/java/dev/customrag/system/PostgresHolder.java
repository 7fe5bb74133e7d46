package dev.customrag.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The process that holds a private PostgreSQL on behalf of this JVM ({@code hold-postgres.sh}). It lives until its
 * standard input ends, which the kernel sees to when this JVM is gone, also after kill -9. There is no shutdown hook on
 * purpose: hooks run all at once, and this one would pull the database from under an application that is still finishing
 * its work.
 */
record PostgresHolder(ProcessHandle process, int port, Path folder) {

    private static final String READY = "ready ";
    private static final int ATTEMPTS = 3;
    private static final int PATIENCE_MILLIS = 1000;

    /** Starts the process and waits until it has a server that accepts connections. */
    static PostgresHolder start(PostgresPrograms programs, LocalPostgresHome home, LocalPostgres.Lifetime lifetime) {
        var said = new StringBuilder();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            said.setLength(0);
            Process process = launch(programs, home, lifetime);
            Optional<Integer> port = awaitReady(process, said);
            if (port.isPresent()) {
                return new PostgresHolder(process.toHandle(), port.get(), home.folder());
            }
            // The port was free when asked for, and has been taken since: try another.
            if (said.indexOf("could not bind") < 0) {
                break;
            }
        }
        throw new LocalPostgresException(
                "PostgreSQL does not start in " + home.folder() + ":\n" + said + LocalPostgresException.ALTERNATIVE);
    }

    /** The holder that {@link #describe} was of, if it still has its server. */
    static Optional<PostgresHolder> find(String description) {
        String[] parts = description.split(" ", 3);
        return ProcessHandle.of(Long.parseLong(parts[0]))
                .map(process -> new PostgresHolder(process, Integer.parseInt(parts[1]), Path.of(parts[2])))
                .filter(holder -> holder.process.isAlive() && holder.hasServer());
    }

    /** Names this holder to other copies of this class in the same JVM. */
    String describe() {
        return process.pid() + " " + port + " " + folder;
    }

    LocalPostgres database() {
        Path password = folder.resolve("password");
        try {
            return LocalPostgres.of(this, Files.readString(password));
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot read " + password, e);
        }
    }

    void end() {
        process.destroy();
        process.onExit().join();
    }

    private boolean hasServer() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            return true;
        } catch (IOException e) {
            // The server has ended under its holder.
            return false;
        }
    }

    private static Process launch(PostgresPrograms programs, LocalPostgresHome home, LocalPostgres.Lifetime lifetime) {
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(home.runAs());
        // The text and not a file: a shell goes on reading its file while it runs, and a newer version may be written.
        command.addAll(List.of("sh", "-c", LocalPostgres.script("hold-postgres.sh"), "hold-postgres"));
        command.addAll(List.of(
                programs.folder().toString(),
                home.folder().toString(),
                Integer.toString(freePort()),
                lifetime.name().toLowerCase(Locale.ROOT)));
        try {
            // The pipe to it stays open though nobody here keeps the process: the JDK does, until it has ended.
            return new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot run " + command.getFirst() + " of util-linux", e);
        }
    }

    /** The port of the server; nothing when the process has ended instead, having said why. */
    private static Optional<Integer> awaitReady(Process process, StringBuilder said) {
        var lines = process.inputReader(StandardCharsets.UTF_8);
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(READY)) {
                    return Optional.of(Integer.valueOf(line.substring(READY.length())));
                }
                said.append(line).append('\n');
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new LocalPostgresException("Lost the process that starts PostgreSQL", e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new LocalPostgresException("No free port on 127.0.0.1", e);
        }
    }
}
