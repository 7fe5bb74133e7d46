package dev.customrag.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Sends the pieces of an answer by a schedule, on the event loop of the server: thousands a second cost it little. */
final class PacedFrames {

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final Iterator<String> pieces;
    private final long pause;
    private final IntFunction<List<Buffer>> end;
    private long due = System.nanoTime();
    private int sent;

    /**
     * @param end the last frames, after so many pieces
     */
    PacedFrames(
            Vertx vertx,
            HttpServerResponse response,
            Iterator<String> pieces,
            Duration pause,
            IntFunction<List<Buffer>> end) {
        this.vertx = vertx;
        this.response = response;
        this.pieces = pieces;
        this.pause = pause.toNanos();
        this.end = end;
    }

    /** Sends what is due, and the rest later. */
    void send() {
        if (response.closed()) {
            return;
        }
        while (pieces.hasNext() && due <= System.nanoTime()) {
            response.write(ConverseFrames.piece(pieces.next()));
            sent++;
            due += pause;
        }
        if (pieces.hasNext()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime()) + 1;
            vertx.setTimer(Math.max(1, millis), timer -> send());
        } else {
            end.apply(sent).forEach(response::write);
            response.end();
        }
    }
}
