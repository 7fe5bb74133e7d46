package dev.customrag.document;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** How files are taken in, split and ingested. Public, as SmallRye validates the groups of no other mapping. */
@ConfigMapping(prefix = "documents")
public interface DocumentsConfig {

    /** Largest file, in bytes. {@code quarkus.http.limits.max-body-size} must exceed it by the multipart envelope. */
    @WithDefault("200M")
    MemorySize maxSize();

    /** Where the bytes of new files are kept. Earlier ones stay where they are. */
    @WithDefault("database")
    Place storage();

    /** The bucket. To be left here as long as files are in it. */
    S3 s3();

    /** How much a person may keep. */
    Quota quota();

    /** Splitting its text. */
    Passages passages();

    /** The job that reads, splits and embeds. */
    Ingestion ingestion();

    /** Making the vectors of all documents anew when the embedding model changes. */
    Reembedding reembedding();

    /** The streams that tell of its progress. */
    Events events();

    /** Where bytes can be kept. */
    enum Place {
        DATABASE,
        S3
    }

    /**
     * Amazon S3, or what speaks its protocol. Credentials come from the AWS SDK's default chain: environment, profile,
     * container or instance role.
     */
    interface S3 {

        /** Its name. It and the prefix belong to one database: what that does not know is deleted. */
        Optional<String> bucket();

        /** What the keys of all objects begin with; an id follows. */
        @WithDefault("documents/")
        @NotEmpty
        String prefix();

        /** AWS region of the bucket. Without it the SDK's default chain: AWS_REGION, profile, instance. */
        Optional<String> region();

        /** Where S3 is reached, for another provider or a test. By default, as the region says. */
        Optional<URI> endpointOverride();

        /** Whether the bucket is in the path of a request, not in the name of the host: for other providers. */
        @WithDefault("false")
        boolean pathStyle();

        /** {@code AES256} or {@code aws:kms}; by default as the bucket is set up, which is AES256 at least. */
        Optional<String> serverSideEncryption();

        /** The KMS key: id or ARN. By default the account's own for S3. */
        Optional<String> kmsKeyId();

        /** How long a connection may take to open. */
        @WithDefault("5s")
        @DurationMin(millis = 1)
        @DurationMin(millis = 10)
        Duration connectTimeout();

        /** The longest silence. */
        @WithDefault("30s")
        @DurationMin(millis = 1)
        @DurationMin(millis = 10)
        Duration readTimeout();

        /** The longest that writing a file may take, retries included. Less than the time after which it is given up. */
        @WithDefault("10m")
        @DurationMin(millis = 1)
        @DurationMin(millis = 100)
        Duration totalTimeout();

        /** Retries of a call, with the SDK's backoff. */
        @WithDefault("3")
        @Min(0)
        @Max(10)
        int maxRetries();

        /** When the object of an upload that did not end, because its process died, is deleted. */
        @WithDefault("1h")
        @DurationMin(millis = 1)
        @DurationMin(minutes = 1)
        Duration abandonedAfter();

        /** How often the bucket is looked through for objects that no document has, as after a restored backup. */
        @WithDefault("24h")
        @DurationMin(millis = 1)
        @DurationMin(minutes = 1)
        Duration sweepInterval();

        /** How old such an object is at least when it is deleted. */
        @WithDefault("1d")
        @DurationMin(hours = 1)
        @DurationMin(hours = 1)
        Duration orphanAge();
    }

    /** Limits for each person. */
    interface Quota {

        /** Bytes of all their files together. */
        @WithDefault("5G")
        MemorySize bytes();

        /** How many documents. */
        @WithDefault("10000")
        @Min(1)
        long documents();
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
        @DurationMin(seconds = 1)
        Duration stallLimit();

        /** First wait before a batch or a job is tried again; doubles each time, with jitter. */
        @WithDefault("1s")
        @DurationMin(millis = 1)
        Duration backoff();

        /** Longest wait between tries. */
        @WithDefault("5m")
        @DurationMin(millis = 1)
        Duration maxBackoff();
    }

    /** The work after a change of the embedding model. */
    interface Reembedding {

        /** How often documents of another model are looked for; on one process at a time. */
        @WithDefault("1m")
        @DurationMin(seconds = 1)
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
        @DurationMin(millis = 0)
        Duration patience();
    }

    /** Streams of changes. */
    interface Events {

        /**
         * How often a stream shows that it lives, and its sign-in is checked anew. Proxies drop idle connections after
         * a minute at the earliest.
         */
        @WithDefault("20s")
        @DurationMin(millis = 100)
        Duration signOfLife();
    }
}
