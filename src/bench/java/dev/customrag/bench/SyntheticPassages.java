package dev.customrag.bench;

import dev.customrag.model.PassageEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Passages of many owners without embedding each: the vectors of a passage lie around the real embedding of its topic, as
 * far and in such directions as real embeddings lie apart. So questions, which the service embeds itself, fall among
 * them. The same for the same seed.
 */
final class SyntheticPassages {

    private static final int TOPICS = 600;
    private static final int TOPIC_WORDS = 20;
    private static final int WORDS = 90;

    /** Every vector is its topic's and a little of the differences between others. */
    private static final int DIRECTIONS = 6;

    private static final double SPREAD = 0.22;

    private final List<String[]> words = new ArrayList<>();
    private final List<float[]> centres = new ArrayList<>();

    /** With topics whose vectors this model makes. */
    SyntheticPassages(PassageEmbedding model) {
        var random = new Random(1);
        for (int topic = 0; topic < TOPICS; topic++) {
            var own = new String[TOPIC_WORDS];
            for (int i = 0; i < TOPIC_WORDS; i++) {
                own[i] = Texts.rareWord(random);
            }
            words.add(own);
            centres.add(
                    model.embedPassages(List.of(text(topic, random))).vectors().getFirst());
        }
    }

    /** The topics an owner has passages about: the more passages, the more topics. */
    static int[] topics(long owner, int passages) {
        int count = Math.clamp(passages / 25, 3, 200);
        return new Random(owner).ints(count, 0, TOPICS).toArray();
    }

    /** About 90 words, two of five the topic's own, the others as frequent as in any text. */
    String text(int topic, Random random) {
        return sentence(topic, random, WORDS);
    }

    /** A question that shares words with passages of its topic, and common ones with all. */
    String question(int topic, Random random) {
        return sentence(topic, random, 9);
    }

    private String sentence(int topic, Random random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : " ")
                    .append(random.nextInt(5) < 2 ? words.get(topic)[random.nextInt(TOPIC_WORDS)] : Texts.word(random));
        }
        return text.append('.').toString();
    }

    /** The vector of a passage about a topic, of unit length. */
    float[] vector(int topic, Random random) {
        float[] vector = centres.get(topic).clone();
        for (int i = 0; i < DIRECTIONS; i++) {
            float[] from = centres.get(random.nextInt(TOPICS));
            float[] to = centres.get(random.nextInt(TOPICS));
            double step = SPREAD * random.nextGaussian();
            for (int d = 0; d < vector.length; d++) {
                vector[d] += (float) (step * (to[d] - from[d]));
            }
        }
        double length = 0;
        for (float value : vector) {
            length += value * value;
        }
        for (int d = 0; d < vector.length; d++) {
            vector[d] /= (float) Math.sqrt(length);
        }
        return vector;
    }
}
