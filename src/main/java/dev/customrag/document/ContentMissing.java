package dev.customrag.document;

import dev.customrag.http.Problem;

/** A document is there and its bytes are not, though they should be: 500. It does not pass by itself. */
final class ContentMissing extends Problem {

    private static final long serialVersionUID = 1L;

    ContentMissing() {
        super(
                500,
                "content-missing",
                "Content missing",
                "The file is missing where it was stored. Delete the document and upload the file again.");
    }
}
