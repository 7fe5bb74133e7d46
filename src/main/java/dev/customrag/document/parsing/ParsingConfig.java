package dev.customrag.document.parsing;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Bounds of reading one file: what is beyond them fails with words that say so. */
@ConfigMapping(prefix = "documents.parsing")
public interface ParsingConfig {

    /** Pages of a PDF, slides of a presentation. A long book has 2,000; beyond that a file is better uploaded in parts. */
    @WithDefault("5000")
    @Min(1)
    int maxPages();

    /** Characters of extracted text: about 25 long novels. Every 1,000 cost one call or more to embed. */
    @WithDefault("10000000")
    @Min(1)
    int maxCharacters();

    /** Bytes read from an office file or a book once inflated. Those that are streams cost time, not memory. */
    @WithDefault("256M")
    MemorySize maxXmlSize();

    /**
     * Bytes of what becomes a tree in memory before it is read, and takes many times as much there: a page of HTML, one
     * part of a book, the texts of a mail together.
     */
    @WithDefault("32M")
    MemorySize maxMarkupSize();

    /** Time for one file. A 1,000-page PDF takes seconds; what takes longer is damaged or hostile. */
    @WithDefault("2m")
    Duration timeLimit();
}
