package dev.customrag.knowledge;

/** Vectors as pgvector reads them in statements. */
final class VectorText {

    private VectorText() {}

    /** Such as {@code [0.1,-0.2]}. */
    static String of(float[] vector) {
        var text = new StringBuilder(vector.length * 10).append('[');
        for (int i = 0; i < vector.length; i++) {
            if (i > 0) {
                text.append(',');
            }
            text.append(vector[i]);
        }
        return text.append(']').toString();
    }
}
