package dev.customrag.system;

import dev.customrag.system.LocalPostgres.Lifetime;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A private PostgreSQL that a test may stop, kill and cut off. Clients reach it through a port of this JVM that stays the
 * same, as the address of a managed database does.
 */
public final class RestartablePostgres implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SUPERUSER = "postgres";

    private final Vertx vertx = Vertx.vertx();
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private final Path folder;
    private final NetServer gate;
    private volatile LocalPostgres server;

    private RestartablePostgres(Path folder) {
        this.folder = folder;
        this.server = LocalPostgres.start(folder, Lifetime.KEEP, said -> {});
        this.gate = done(vertx.createNetServer().connectHandler(this::pass).listen(0, "127.0.0.1"));
    }

    /** Starts a server with an empty database; {@link #close} deletes it. */
    public static RestartablePostgres start(Path folder) {
        return new RestartablePostgres(folder);
    }

    /** What a service needs to connect. */
    public Map<String, String> settings() {
        return Map.of(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://127.0.0.1:" + gate.actualPort() + "/customrag",
                "quarkus.datasource.username",
                server.username(),
                "quarkus.datasource.password",
                server.password());
    }

    /** A connection of the superuser, which does not go through the port of the clients. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), SUPERUSER, server.password());
    }

    /** Ends the server as an operator does: transactions are rolled back, clients are told. */
    public void stop() {
        server.close();
        await(() -> postmaster().isEmpty());
    }

    /** Ends the server without a word to anybody; what was committed is recovered from its log. */
    public void kill() {
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(postmaster().strip())).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        server.close();
    }

    /** Starts the server once more, with the data there were. */
    public void startAgain() {
        // What is left of a killed server's processes is in the way for a moment.
        server = Awaitility.await()
                .atMost(PATIENCE)
                .ignoreException(LocalPostgresException.class)
                .until(() -> LocalPostgres.start(folder, Lifetime.KEEP, said -> {}), started -> true);
    }

    /**
     * Nothing passes any more through the connections there are, which stay open: so it looks to a client when a machine or
     * a route is lost without a word. New ones work.
     */
    public void fallSilent() {
        open.forEach(socket -> socket.handler(lost -> {}));
    }

    @Override
    public void close() {
        done(vertx.close());
        stop();
        try (var files = Files.walk(server.holder().folder())) {
            files.sorted(Comparator.reverseOrder()).forEach(RestartablePostgres::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pass(NetSocket client) {
        open.add(client);
        client.closeHandler(closed -> open.remove(client));
        client.pause();
        vertx.createNetClient()
                .connect(server.holder().port(), "127.0.0.1")
                .onFailure(refused -> client.close())
                .onSuccess(database -> {
                    open.add(database);
                    client.closeHandler(closed -> {
                        open.remove(client);
                        database.close();
                    });
                    database.closeHandler(closed -> {
                        open.remove(database);
                        client.close();
                    });
                    database.handler(client::write);
                    client.handler(database::write);
                    client.resume();
                });
    }

    private String postmaster() {
        try {
            return Files.readAllLines(server.holder().folder().resolve("data", "postmaster.pid"))
                    .getFirst();
        } catch (IOException e) {
            return "";
        }
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).until(condition);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
