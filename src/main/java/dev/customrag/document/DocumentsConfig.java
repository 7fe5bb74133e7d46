package dev.customrag.document;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.OptionalInt;

/** How files are taken in, read, split and ingested. Public, as SmallRye validates the groups of no other mapping. */
@ConfigMapping(prefix = "documents")
public interface DocumentsConfig {

    /** Largest file, in bytes. {@code quarkus.http.limits.max-body-size} must exceed it by the multipart envelope. */
    @WithDefault("25M")
    MemorySize maxSize();

    /** Reading a file. */
    Parsing parsing();

    /** Splitting its text. */
    Passages passages();

    /** The job that does both, and the embedding. */
    Ingestion ingestion();

    /** The streams that tell of its progress. */
    Events events();

    /** Bounds of reading one file: what is beyond them fails with words that say so. */
    interface Parsing {

        /** Pages of a PDF. A long book has 2,000; beyond that a file is better uploaded in parts. */
        @WithDefault("5000")
        @Min(1)
        int maxPages();

        /** Characters of extracted text: about 25 long novels. Every 1,000 cost one call or more to embed. */
        @WithDefault("10000000")
        @Min(1)
        int maxCharacters();

        /** Bytes of XML in an Office file once inflated. POI's tree takes some ten times as much heap. */
        @WithDefault("48M")
        MemorySize maxXmlSize();

        /** Time for one file. A 1,000-page PDF takes seconds; what takes longer is damaged or hostile. */
        @WithDefault("2m")
        Duration timeLimit();

        /** Beyond its limit a parser ends itself. How much later one that does not is left alone. */
        @WithDefault("10s")
        Duration grace();

        /** Files read at a time. Reading is all CPU, so more than the cores (the default) gain nothing. */
        OptionalInt threads();
    }

    /** What passages look like. */
    interface Passages {

        /** Characters of a passage at most: about 180 words, 250 tokens, half of what small embedding models read. */
        @WithDefault("1100")
        @Min(100)
        @Max(20_000)
        int targetCharacters();

        /** Characters of whole sentences that a passage repeats from the one before, so that references resolve. */
        @WithDefault("150")
        @Min(0)
        @Max(5_000)
        int overlapCharacters();
    }

    /** The work on a document. */
    interface Ingestion {

        /** Documents in work at a time in this process. Most of the time goes to waiting for the embedding model. */
        @WithDefault("4")
        @Min(1)
        @Max(100)
        int workers();

        /** Tries when a job broke off by a fault of ours or a crash, before the document counts as failed. */
        @WithDefault("3")
        @Min(1)
        @Max(100)
        int maxFaults();

        /** Tries when the model provider throttles or is down: 40 with the waits below outlast three hours. */
        @WithDefault("40")
        @Min(1)
        @Max(10_000)
        int maxProviderFailures();

        /** First wait before a batch or a job is tried again; doubles each time, with jitter. */
        @WithDefault("1s")
        Duration backoff();

        /** Longest wait between tries. */
        @WithDefault("5m")
        Duration maxBackoff();
    }

    /** Streams of changes. */
    interface Events {

        /**
         * How often a stream shows that it lives, and its sign-in is checked anew. Proxies drop idle connections after
         * a minute at the earliest.
         */
        @WithDefault("20s")
        Duration signOfLife();
    }
}
