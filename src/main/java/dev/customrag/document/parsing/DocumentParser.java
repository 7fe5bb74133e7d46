package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads one format. Adding a format is one implementation, one line in {@link FileType} and what {@link
 * FileTypeDetector} knows it by. Implementations have no state, check the time often through the collector, and let the
 * exceptions of their library through: the reader takes any of them for a damaged file.
 */
interface DocumentParser {

    /** Hands the file's text to the collector, in reading order. */
    void parse(Path file, TextCollector text) throws IOException;
}
