package dev.customrag.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.testing.EncryptionKeyFile;
import dev.customrag.testing.SigningKeyFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The packaged service as a process of its own, on a new private database, and a client for it. */
final class RunningService implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path dataHome;
    private final int port;
    private final Duration startUp;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningService(Process process, Path dataHome, int port, Duration startUp) {
        this.process = process;
        this.dataHome = dataHome;
        this.port = port;
        this.startUp = startUp;
    }

    /** Starts {@code target/quarkus-app} with these settings and waits until it is ready. */
    static RunningService start(Map<String, String> settings) throws IOException, InterruptedException {
        return start(settings, List.of());
    }

    /** The same, with options of the JVM. */
    static RunningService start(Map<String, String> settings, List<String> options)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        // The profile dev brings the private database.
        command.add("-Dquarkus.profile=dev");
        command.add("-Didentity.signing-key-file="
                + SigningKeyFile.write(
                        Path.of("target", "bench-signing-key.pem").toAbsolutePath()));
        // As a file: the arguments of a process are no secret.
        command.add("-Didentity.encryption-key-file="
                + EncryptionKeyFile.write(
                        Path.of("target", "bench-encryption-key").toAbsolutePath()));
        command.add("-Dquarkus.http.port=" + port);
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-jar");
        command.add("target/quarkus-app/quarkus-run.jar");
        Path log = Path.of("target", "bench-service.log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Path dataHome =
                Path.of("target", "bench-data", UUID.randomUUID().toString()).toAbsolutePath();
        builder.environment().put("XDG_DATA_HOME", dataHome.toString());
        long began = System.nanoTime();
        Process process = builder.start();
        var service = new RunningService(process, dataHome, port, Duration.ZERO);
        while (!service.isReady()) {
            if (!process.isAlive() || System.nanoTime() - began > 120_000_000_000L) {
                process.destroy();
                throw new IllegalStateException("The service did not start; see " + log);
            }
            Thread.sleep(20);
        }
        return new RunningService(process, dataHome, port, Duration.ofNanos(System.nanoTime() - began));
    }

    /** From the start of the process to its first ready answer. */
    Duration startUp() {
        return startUp;
    }

    /** Where the service keeps its private database. */
    Path dataHome() {
        return dataHome;
    }

    int port() {
        return port;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Processor time of the process so far, its children's excepted. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Bytes of the heap that are in use and no garbage. Collects it first, which takes a moment. */
    long liveHeap() throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = jcmd.inputReader()) {
            // Total  123456  12345678
            return lines.lines()
                    .filter(line -> line.startsWith("Total"))
                    .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[2]))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Memory the process holds now, in MiB. */
    long residentMebibytes() throws IOException {
        return residentBytes() / 1024 / 1024;
    }

    /** Memory the process holds now. */
    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    /** Registers somebody new. */
    Account register() throws IOException, InterruptedException {
        String email = "bench-" + UUID.randomUUID() + "@example.org";
        send(
                "/auth/register",
                null,
                Map.of("email", email, "first_name", "Bench", "last_name", "Mark", "password", Account.PASSWORD));
        JsonNode tokens = send("/auth/login", null, Map.of("email", email, "password", Account.PASSWORD));
        return new Account(
                email,
                tokens.get("access_token").asText(),
                tokens.get("refresh_token").asText());
    }

    record Account(String email, String token, String refreshToken) {

        static final String PASSWORD = "a bench's password";

        String loginBody() {
            return "{\"email\":\"" + email + "\",\"password\":\"" + PASSWORD + "\"}";
        }
    }

    /** Posts JSON, expects success. */
    JsonNode send(String path, Account as, Object body) throws IOException, InterruptedException {
        return send(request(path, as)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build());
    }

    JsonNode get(String path, Account as) throws IOException, InterruptedException {
        return send(request(path, as).GET().build());
    }

    /** Uploads a file and waits until it is ready; gives the time that took. */
    Duration ingest(Account as, String filename, byte[] bytes) throws IOException, InterruptedException {
        long began = System.nanoTime();
        awaitReady(as, upload(as, filename, bytes));
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Uploads a file; gives the id of its document. */
    UUID upload(Account as, String filename, byte[] bytes) throws IOException, InterruptedException {
        String boundary = "bench" + UUID.randomUUID();
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename
                        + "\"\r\n\r\n")
                .getBytes();
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes();
        JsonNode document = send(request("/documents", as)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArrays(List.of(head, bytes, tail)))
                .build());
        return UUID.fromString(document.get("id").asText());
    }

    /** Waits until a document is ready. */
    void awaitReady(Account as, UUID document) throws IOException, InterruptedException {
        String path = "/documents/" + document;
        while (true) {
            JsonNode now = get(path, as);
            switch (now.get("status").asText()) {
                case "ready" -> {
                    return;
                }
                case "failed" -> throw new IllegalStateException("Ingestion failed: " + now.get("error"));
                default -> Thread.sleep(20);
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        client.shutdownNow();
    }

    private boolean isReady() throws InterruptedException {
        try {
            return client.send(request("/q/health/ready", null).GET().build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpRequest.Builder request(String path, Account as) {
        var request = HttpRequest.newBuilder(uri(path));
        return as == null ? request : request.header("Authorization", "Bearer " + as.token());
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(request.uri().getPath() + " answered " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
