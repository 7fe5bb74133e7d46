package dev.customrag.testing;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Vectors in place of Titan's: texts that share words are close, and the same text has the same vector always. */
final class TitanVectors {

    /** Amazon Titan Text Embeddings V2, characters per text. */
    static final int LONGEST = 50_000;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    private TitanVectors() {}

    static JsonObject reply(String text, JsonObject request) {
        List<Float> vector =
                vector(text, request.getInteger("dimensions", 1024), request.getBoolean("normalize", true));
        return new JsonObject()
                .put("embedding", vector)
                .put("embeddingsByType", Map.of("float", vector))
                .put("inputTextTokenCount", text.length() / 4 + 1);
    }

    /** Each word adds one at the place of its hash. */
    private static List<Float> vector(String text, int dimensions, boolean normalize) {
        var counts = new float[dimensions];
        Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (word.find()) {
            counts[Math.floorMod(word.group().hashCode() * 31, dimensions)]++;
        }
        double norm = 0;
        for (float count : counts) {
            norm += count * count;
        }
        if (norm == 0) {
            counts[0] = 1;
            norm = 1;
        }
        float divisor = normalize ? (float) Math.sqrt(norm) : 1;
        var vector = new ArrayList<Float>(dimensions);
        for (float count : counts) {
            vector.add(count / divisor);
        }
        return vector;
    }
}
