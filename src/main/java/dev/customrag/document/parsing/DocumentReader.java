package dev.customrag.document.parsing;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Reads files, each in bounded time and memory and on bounded disk, so that a hostile one costs no other anything. */
@ApplicationScoped
public class DocumentReader {

    private final ParserPlaces places;

    public DocumentReader(ParsingConfig limits, ReaderConfig config, MeterRegistry metrics) {
        places = switch (config.isolation()) {
            case PROCESS -> new ParserProcesses(limits, config, metrics);
            case THREAD -> new ParserThreads(limits, config, metrics);
        };
    }

    /**
     * The text of a file.
     *
     * @throws UnreadableDocument if it has none that can be got at within the limits
     * @throws IllegalStateException if no process can be had, or the machine's memory ran out, perhaps by this file
     * @throws UncheckedIOException if a parser was ended from outside, which says nothing of the file
     * @throws InterruptedException if this process stops meanwhile
     */
    public ParsedDocument read(FileType type, Path file) throws InterruptedException {
        return places.read(type, file);
    }

    /** Ends the processes that wait for a file, and others with the file they are at; no further file is read. */
    @PreDestroy
    public void close() {
        places.close();
    }
}
