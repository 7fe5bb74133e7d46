package dev.customrag.document.parsing;

/**
 * A line of a page.
 *
 * @param size of its letters, in points, on average
 * @param next the title of a section that begins after it, null without one
 */
record PdfLine(String text, double size, boolean heading, String next) {

    /** A line that is no heading so far. */
    PdfLine(String text, double size) {
        this(text, size, false, null);
    }

    PdfLine asHeading() {
        return new PdfLine(text, size, true, next);
    }

    PdfLine before(String section) {
        return new PdfLine(text, size, heading, section);
    }
}
