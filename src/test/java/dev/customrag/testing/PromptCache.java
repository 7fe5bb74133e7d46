package dev.customrag.testing;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/** Beginnings of prompts that a model has kept, up to their cache points. Of any length, unlike a model's. */
final class PromptCache {

    private final Set<String> kept = ConcurrentHashMap.newKeySet();

    /** How the input of one request is counted. */
    record Counts(int input, int read, int written) {}

    /** Reads the longest beginning that is kept, and keeps all up to the last cache point. */
    Counts ask(String model, JsonObject body, ToIntFunction<String> tokens) {
        var prefix = new StringBuilder(model);
        var all = new StringBuilder();
        int read = 0;
        int upToLastPoint = 0;
        for (JsonObject block : ConverseRules.blocks(body)) {
            if (block.containsKey("cachePoint")) {
                upToLastPoint = tokens.applyAsInt(all.toString());
                if (!kept.add(prefix.toString())) {
                    read = upToLastPoint;
                }
            } else {
                prefix.append('\n').append(block.encode());
                all.append(block.getString("text", "")).append(' ');
            }
        }
        return new Counts(tokens.applyAsInt(all.toString()) - upToLastPoint, read, upToLastPoint - read);
    }

    void clear() {
        kept.clear();
    }
}
