package dev.customrag.chat;

/**
 * A part of a text, in UTF-16 code units.
 *
 * @param start where it begins
 * @param end where it ends, exclusive
 */
record TextRange(int start, int end) {

    static TextRange all(String text) {
        return new TextRange(0, text.length());
    }

    String of(String text) {
        return text.substring(start, end);
    }
}
