package dev.customrag.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Reads a {@code text/event-stream} as it arrives. Closing it closes the connection, as a browser tab does. */
public final class Sse implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a test waits for comes much sooner, on a slow machine too. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** One event: its name, its JSON, when it arrived, and the last id by then, null without one. */
    public record Event(String name, JsonNode data, long nanoTime, String id) {}

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final HttpResponse<InputStream> response;
    private final long sentAt;
    private final BufferedReader lines;
    private String lastId;

    private Sse(URI uri, String token, UnaryOperator<HttpRequest.Builder> method) {
        var request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream");
        sentAt = System.nanoTime();
        try {
            response = client.send(method.apply(request).build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** Posts JSON and asks for an event stream. */
    public static Sse post(URI uri, String token, String json) {
        return new Sse(uri, token, request -> request.header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Asks for an event stream. */
    public static Sse get(URI uri, String token) {
        return new Sse(uri, token, HttpRequest.Builder::GET);
    }

    /** Asks for an event stream once more, from after that event on. */
    public static Sse get(URI uri, String token, String lastEventId) {
        return new Sse(uri, token, request -> request.header("Last-Event-ID", lastEventId)
                .GET());
    }

    /** When the request went out, by {@link System#nanoTime}. */
    public long sentAt() {
        return sentAt;
    }

    public int status() {
        return response.statusCode();
    }

    public String contentType() {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    /**
     * The next event, empty at the end of the stream.
     *
     * @throws UncheckedIOException if the connection breaks, or there is none for a minute
     */
    public Optional<Event> next() {
        // Signs of life go on for ever, and a read does not end by itself.
        var overdue = new CompletableFuture<Void>().completeOnTimeout(null, LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
        overdue.thenRun(this::hangUp);
        try {
            String name = null;
            var data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && !data.isEmpty()) {
                    return Optional.of(new Event(name, JSON.readTree(data.toString()), System.nanoTime(), lastId));
                }
                if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("id:")) {
                    lastId = line.substring(3).strip();
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(overdue.isDone() ? "No event within " + LONGEST_WAIT : e.getMessage(), e);
        } finally {
            overdue.cancel(false);
        }
    }

    private void hangUp() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that is still to come. */
    public List<Event> rest() {
        var events = new ArrayList<Event>();
        for (Optional<Event> event = next(); event.isPresent(); event = next()) {
            events.add(event.get());
        }
        return events;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.shutdownNow();
    }
}
