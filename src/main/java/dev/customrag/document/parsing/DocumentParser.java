package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads one format. Adding a format is one implementation and one line in {@link FileType}. Implementations have no
 * state, check the time often through the collector, and let the exceptions of their library through: the reader takes
 * any of them for a damaged file.
 */
interface DocumentParser {

    /** Hands the file's text to the collector, in reading order. */
    void parse(Path file, TextCollector text) throws IOException;
}
