package dev.customrag.document.parsing;

import java.nio.file.Path;

/** Where parsers run, a bounded number at a time. */
interface ParserPlaces extends AutoCloseable {

    /**
     * The text of a file.
     *
     * @throws UnreadableDocument if it has none that can be got at within the limits
     * @throws InterruptedException if this process stops meanwhile
     */
    ParsedDocument read(FileType type, Path file) throws InterruptedException;

    @Override
    void close();
}
