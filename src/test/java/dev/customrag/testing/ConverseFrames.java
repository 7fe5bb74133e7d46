package dev.customrag.testing;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** The messages of ConverseStream, as {@code application/vnd.amazon.eventstream} frames with their CRCs. */
final class ConverseFrames {

    private ConverseFrames() {}

    static Buffer start() {
        return event("messageStart", new JsonObject().put("role", "assistant").put("p", "abcdefgh"));
    }

    static Buffer piece(String text) {
        return event(
                "contentBlockDelta",
                new JsonObject()
                        .put("contentBlockIndex", 0)
                        .put("delta", new JsonObject().put("text", text))
                        .put("p", "abcdefghijkl"));
    }

    /**
     * @param guardrail what a guardrail did, or null
     */
    static List<Buffer> end(String stopReason, JsonObject usage, String guardrail) {
        var metadata = new JsonObject()
                .put("metrics", new JsonObject().put("latencyMs", 12))
                .put("usage", usage);
        if (guardrail != null) {
            metadata.put("trace", new JsonObject().put("guardrail", new JsonObject(guardrail)));
        }
        return Stream.of(
                        event("contentBlockStop", new JsonObject().put("contentBlockIndex", 0)),
                        event("messageStop", new JsonObject().put("stopReason", stopReason)),
                        event("metadata", metadata))
                .toList();
    }

    static JsonObject usage(PromptCache.Counts prompt, int outputTokens) {
        return new JsonObject()
                .put("inputTokens", prompt.input())
                .put("outputTokens", outputTokens)
                .put("totalTokens", prompt.input() + prompt.read() + prompt.written() + outputTokens)
                .put("cacheReadInputTokens", prompt.read())
                .put("cacheWriteInputTokens", prompt.written());
    }

    static Buffer exception(String type, String message) {
        return frame("exception", ":exception-type", type, new JsonObject().put("message", message));
    }

    /** A frame whose payload was damaged on the way: its CRC no longer fits. */
    static Buffer damaged(String text) {
        Buffer frame = piece(text);
        int inPayload = frame.length() - 10;
        return frame.setByte(inPayload, (byte) (frame.getByte(inPayload) ^ 1));
    }

    private static Buffer event(String type, JsonObject payload) {
        return frame("event", ":event-type", type, payload);
    }

    private static Buffer frame(String messageType, String typeHeader, String type, JsonObject payload) {
        var headers = new LinkedHashMap<String, HeaderValue>();
        headers.put(typeHeader, HeaderValue.fromString(type));
        headers.put(":content-type", HeaderValue.fromString("application/json"));
        headers.put(":message-type", HeaderValue.fromString(messageType));
        byte[] body = payload.encode().getBytes(StandardCharsets.UTF_8);
        var encoded = new Message(headers, body).toByteBuffer();
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return Buffer.buffer(bytes);
    }
}
