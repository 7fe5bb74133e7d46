package dev.customrag.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerEngineTest {

    @TempDir
    Path folder;

    @Test
    void oneThatAnswersIsThere() throws IOException {
        try (var socket = listen()) {
            Thread.startVirtualThread(() -> answer(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"));

            assertThat(engine().answers()).isTrue();
        }
    }

    @Test
    void oneThatRefusesIsNot() throws IOException {
        try (var socket = listen()) {
            Thread.startVirtualThread(() -> answer(socket, "HTTP/1.1 403 Forbidden\r\n\r\n"));

            assertThat(engine().answers()).isFalse();
        }
    }

    @Test
    void oneThatIsSilentIsNot() throws IOException {
        try (var _ = listen()) {
            assertThat(engine().answers()).isFalse();
        }
    }

    @Test
    void aSocketThatItsEngineLeftBehindIsNone() throws IOException {
        listen().close();

        assertThat(folder.resolve("docker.sock")).exists();
        assertThat(engine().answers()).isFalse();
    }

    @Test
    void anAddressWithNobodyBehindItIsNone() {
        assertThat(new DockerEngine(Map.of("DOCKER_HOST", "tcp://127.0.0.1:1")).answers())
                .isFalse();
    }

    private DockerEngine engine() {
        return new DockerEngine(Map.of("DOCKER_HOST", "unix://" + folder.resolve("docker.sock")));
    }

    private ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(folder.resolve("docker.sock")));
    }

    private static void answer(ServerSocketChannel socket, String text) {
        try (var connection = socket.accept()) {
            connection.read(ByteBuffer.allocate(1024));
            connection.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            // The test fails on the missing answer.
            Thread.currentThread().interrupt();
        }
    }
}
