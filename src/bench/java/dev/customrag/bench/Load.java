package dev.customrag.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A closed-loop load of one request over keep-alive connections, or one that keeps a pace. Writes bytes to sockets: on
 * two cores the client's own work would otherwise be a good part of what is measured.
 */
public final class Load {

    private Load() {}

    /**
     * What came of it.
     *
     * @param perSecond answered requests per second
     * @param p50 the median latency, in milliseconds
     * @param p99 the 99th percentile, in milliseconds
     * @param failures answers other than 2xx
     */
    public record Result(double perSecond, double p50, double p99, int failures) {}

    /** A GET as it goes over the wire. */
    public static byte[] get(String path, String token) {
        return ("GET " + path + " HTTP/1.1\r\nHost: bench\r\n"
                        + (token == null ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A POST of JSON as it goes over the wire. */
    static byte[] post(String path, String json) {
        return ("POST " + path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: "
                        + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Sends the same request over and over.
     *
     * @param pause between two requests of a connection, zero for as fast as it goes
     */
    public static Result run(int port, byte[] request, int connections, Duration time, Duration pause)
            throws InterruptedException {
        var latencies = new ConcurrentLinkedQueue<long[]>();
        var failures = new AtomicInteger();
        long end = System.nanoTime() + time.toNanos();
        var threads = new Thread[connections];
        for (int i = 0; i < connections; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                try {
                    latencies.add(connection(port, request, end, pause, failures));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long[] all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Result(
                all.length / (time.toNanos() / 1e9),
                all[all.length / 2] / 1e6,
                all[(int) Math.min(all.length - 1L, all.length * 99L / 100)] / 1e6,
                failures.get());
    }

    private static long[] connection(int port, byte[] request, long end, Duration pause, AtomicInteger failures)
            throws IOException, InterruptedException {
        var latencies = new long[1024];
        int count = 0;
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            var in = new BufferedInputStream(socket.getInputStream());
            while (System.nanoTime() < end) {
                long began = System.nanoTime();
                out.write(request);
                if (readResponse(in) / 100 != 2) {
                    failures.incrementAndGet();
                }
                if (count == latencies.length) {
                    latencies = Arrays.copyOf(latencies, 2 * count);
                }
                latencies[count++] = System.nanoTime() - began;
                if (!pause.isZero()) {
                    Thread.sleep(pause);
                }
            }
        }
        return Arrays.copyOf(latencies, count);
    }

    /** Reads one response with a Content-Length; gives its status. */
    private static int readResponse(InputStream in) throws IOException {
        String status = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return Integer.parseInt(status.substring(9, 12));
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("The connection was closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
