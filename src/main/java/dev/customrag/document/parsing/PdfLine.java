package dev.customrag.document.parsing;

/**
 * A line of a page.
 *
 * @param size of its letters, in points, on average
 */
record PdfLine(String text, double size, boolean heading) {

    PdfLine asHeading() {
        return new PdfLine(text, size, true);
    }
}
