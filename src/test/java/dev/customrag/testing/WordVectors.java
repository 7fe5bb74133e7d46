package dev.customrag.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Vectors in place of a model's: texts that share words are close, and the same text has the same vector always. */
final class WordVectors {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    private WordVectors() {}

    /**
     * Each word adds one at the place of its hash.
     *
     * @param model makes vectors of different models as different as they are
     */
    static List<Float> of(String text, int model, int dimensions, boolean normalize) {
        var counts = new float[dimensions];
        Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (word.find()) {
            counts[Math.floorMod(word.group().hashCode() * model, dimensions)]++;
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
