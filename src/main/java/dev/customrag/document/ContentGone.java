package dev.customrag.document;

import java.io.IOException;

/** The bytes were deleted while they were read. */
final class ContentGone extends IOException {

    private static final long serialVersionUID = 1L;

    ContentGone() {
        super("The file was deleted meanwhile");
    }
}
