package dev.customrag.document.parsing;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.OptionalInt;

/** Where files are read, how many at a time, and what reading one may take of the machine. */
@ConfigMapping(prefix = "documents.parsing")
public interface ReaderConfig {

    /** Whether each parser has a process of its own, which can be ended, or a thread of this one, which cannot. */
    @WithDefault("process")
    Isolation isolation();

    /** Files read at a time. Reading is all CPU, so more than the cores (the default) gain nothing. */
    OptionalInt threads();

    /** Beyond its time limit a parser ends itself. How much later one that does not is killed, or left alone. */
    @WithDefault("10s")
    Duration grace();

    /**
     * Heap of a parser's process, which takes some 150 MB besides. What needs more fails with words that say so, such as
     * a page of HTML within {@link ParsingConfig#maxMarkupSize} that is all tags.
     */
    @WithDefault("768M")
    MemorySize memory();

    /** Temporary files of a parser's process: the library unpacks the streams of a PDF there. */
    @WithDefault("1G")
    MemorySize disk();

    /** Files a parser's process reads before a new one takes its place, and with it whatever has piled up. */
    @WithDefault("200")
    @Min(1)
    @Max(1_000_000)
    int filesPerProcess();

    /** How long a parser's process is kept for the next file. */
    @WithDefault("1m")
    Duration idle();

    /** Where parsers run. */
    enum Isolation {
        PROCESS,
        THREAD
    }
}
