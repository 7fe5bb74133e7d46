package dev.customrag.document;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How files are taken in, split and ingested. Public, as SmallRye validates the groups of no other mapping. */
@ConfigMapping(prefix = "documents")
public interface DocumentsConfig {

    /** Largest file, in bytes. {@code quarkus.http.limits.max-body-size} must exceed it by the multipart envelope. */
    @WithDefault("25M")
    MemorySize maxSize();

    /** Splitting its text. */
    Passages passages();

    /** The job that reads, splits and embeds. */
    Ingestion ingestion();

    /** Making the vectors of all documents anew when the embedding model changes. */
    Reembedding reembedding();

    /** The streams that tell of its progress. */
    Events events();

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

        /**
         * Tries when the model provider or the storage fails (throttling does not count): 40 with the waits below outlast
         * three hours.
         */
        @WithDefault("40")
        @Min(1)
        @Max(10_000)
        int maxProviderFailures();

        /**
         * How long a run may show no sign of life before it is let go of and counts as a fault. A file takes two minutes
         * to read at most, a batch of a provider that is nearly silent a quarter of an hour.
         */
        @WithDefault("30m")
        Duration stallLimit();

        /** First wait before a batch or a job is tried again; doubles each time, with jitter. */
        @WithDefault("1s")
        Duration backoff();

        /** Longest wait between tries. */
        @WithDefault("5m")
        Duration maxBackoff();
    }

    /** The work after a change of the embedding model. */
    interface Reembedding {

        /** How often documents of another model are looked for; on one process at a time. */
        @WithDefault("1m")
        @DurationMin(seconds = 1)
        Duration interval();

        /** Documents in work at a time in this process. */
        @WithDefault("1")
        @Min(1)
        @Max(100)
        int workers();

        /** Passages a minute and worker, so that the provider's quotas are not used up by it. */
        @WithDefault("6000")
        @Min(1)
        @Max(1_000_000)
        int passagesPerMinute();

        /** The longest a batch waits while documents are ingested in this process: these go first, but not for ever. */
        @WithDefault("10s")
        Duration patience();
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
