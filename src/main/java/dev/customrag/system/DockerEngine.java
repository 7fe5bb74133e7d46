package dev.customrag.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whether a container engine answers at one of the addresses where Dev Services look for it. A {@code docker} command on
 * the PATH proves nothing: it is only the client.
 */
class DockerEngine {

    private static final int PATIENCE_MILLIS = 1000;
    private static final String PING = "GET /_ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final Map<String, String> environment;

    DockerEngine(Map<String, String> environment) {
        this.environment = environment;
    }

    boolean answers() {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        return host.isBlank() ? sockets().anyMatch(DockerEngine::answersAt) : answersAt(URI.create(host));
    }

    private Stream<Path> sockets() {
        var ofSystem = Stream.of(Path.of("/var/run/docker.sock"));
        var ofUser = Stream.ofNullable(environment.get("XDG_RUNTIME_DIR")).map(run -> Path.of(run, "docker.sock"));
        var ofDesktop = Stream.ofNullable(environment.get("HOME"))
                .flatMap(home -> Stream.of(
                        Path.of(home, ".docker/run/docker.sock"), Path.of(home, ".docker/desktop/docker.sock")));
        return Stream.of(ofSystem, ofUser, ofDesktop).flatMap(sockets -> sockets);
    }

    private static boolean answersAt(URI host) {
        return switch (host.getScheme()) {
            case "unix" -> answersAt(Path.of(host.getPath()));
            case "tcp", "http", "https" -> accepts(host);
            // Such as ssh, which cannot be asked in passing: whoever has set it is believed.
            case null, default -> true;
        };
    }

    private static boolean accepts(URI host) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host.getHost(), host.getPort()), PATIENCE_MILLIS);
            return true;
        } catch (IOException e) {
            // Refused, unreachable or silent: no engine.
            return false;
        }
    }

    /** Asks, because the file of a socket may outlive its engine. */
    private static boolean answersAt(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                var selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(PING.getBytes(StandardCharsets.US_ASCII)));
            channel.register(selector, SelectionKey.OP_READ);
            selector.select(PATIENCE_MILLIS);
            var answer = ByteBuffer.allocate("HTTP/1.1 200".length());
            channel.read(answer);
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII)
                    .matches("HTTP/1\\.\\d 200");
        } catch (IOException e) {
            // Refused, or not permitted: no engine for this user.
            return false;
        }
    }
}
