package dev.customrag.document.parsing;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/** Where parsers run, a bounded number at a time. */
interface ParserPlaces extends AutoCloseable {

    /** A permit for each file that may be read at a time. */
    static Semaphore of(ReaderConfig config) {
        return new Semaphore(config.threads().orElse(Runtime.getRuntime().availableProcessors()));
    }

    /**
     * The text of a file.
     *
     * @throws UnreadableDocument if it has none that can be got at within the limits
     * @throws IllegalStateException if no process can be had, or the machine's memory ran out, perhaps by this file
     * @throws UncheckedIOException if a parser was ended from outside, which says nothing of the file
     * @throws InterruptedException if this process stops meanwhile
     */
    ParsedDocument read(FileType type, Path file) throws InterruptedException;

    @Override
    void close();
}
