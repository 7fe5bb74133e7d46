package dev.customrag.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * What the {@link FakeBedrock} was asked.
 *
 * @param operation the last part of the path: {@code converse-stream}, {@code invoke}, {@code foundation-models} …
 * @param modelId empty for the control plane
 * @param body empty for the control plane
 * @param closedEarly completes when the client closes the connection before it has the whole answer
 */
public record BedrockRequest(
        String operation, String modelId, String query, JsonObject body, CompletableFuture<Void> closedEarly) {

    /** The system prompt as one text. */
    public String system() {
        return texts(body.getJsonArray("system", new JsonArray()));
    }

    /** The text of the last message. */
    public String lastMessage() {
        JsonArray messages = body.getJsonArray("messages");
        return texts(messages.getJsonObject(messages.size() - 1).getJsonArray("content"));
    }

    /** Whether the client closed the connection early, waiting for it up to {@code limit}. */
    public boolean closesWithin(Duration limit) {
        try {
            closedEarly.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String texts(JsonArray blocks) {
        return blocks.stream()
                .map(block -> ((JsonObject) block).getString("text"))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"));
    }
}
