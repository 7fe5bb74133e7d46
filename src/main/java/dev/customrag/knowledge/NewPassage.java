package dev.customrag.knowledge;

/**
 * A passage about to be indexed. Its vector is in {@link PassageVectors} by then.
 *
 * @param ordinal its place in the document, from 0
 * @param page the page it begins on, from 1; null where the format has no pages
 * @param heading the title of its section, null without one
 * @param start where it begins in the document's extracted text, in UTF-16 code units
 * @param end where it ends there, exclusive
 * @param text exactly the extracted text from {@code start} to {@code end}
 * @param gapBefore the white space between it and the passage before it, empty where they overlap; null where a section
 *     or a page begins with it
 */
public record NewPassage(int ordinal, Integer page, String heading, int start, int end, String text, String gapBefore) {

    /** What its vector is made from. */
    public EmbeddedText embedded() {
        return EmbeddedText.of(heading, text);
    }
}
