package dev.customrag.document;

import dev.customrag.document.DocumentsConfig.Place;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Objects in S3, or in what speaks its protocol. The client is made when first needed; its HTTP client is named, because a
 * native binary cannot look for one.
 */
@ApplicationScoped
class ObjectStore {

    private static final Logger LOG = Logger.getLogger(ObjectStore.class);

    private final Place place;
    private final DocumentsConfig.S3 config;
    private final AwsCredentialsProvider credentials;
    private S3Client client;

    @Inject
    ObjectStore(DocumentsConfig config) {
        this(config, DefaultCredentialsProvider.builder().build());
    }

    ObjectStore(DocumentsConfig config, AwsCredentialsProvider credentials) {
        this.place = config.storage();
        this.config = config.s3();
        this.credentials = credentials;
    }

    /**
     * An object of ours.
     *
     * @param content which it is
     */
    record Listed(UUID content, ObjectLocation location, Instant modified) {}

    /**
     * Some of them.
     *
     * @param next where the following ones begin, empty if there are none
     */
    record Listing(List<Listed> objects, Optional<String> next) {}

    void check(@Observes StartupEvent event) {
        if (isChosen() && config.bucket().isEmpty()) {
            throw new IllegalStateException("documents.storage=s3 needs a bucket: set documents.s3.bucket.");
        }
    }

    /** Whether new files come here. */
    boolean isChosen() {
        return place == Place.S3;
    }

    /** Whether there is a bucket, which earlier files may be in. */
    boolean isConfigured() {
        return config.bucket().isPresent();
    }

    /** Where a new file will be. */
    ObjectLocation locationOf(UUID content) {
        return new ObjectLocation(config.bucket().orElseThrow(), config.prefix() + content);
    }

    /**
     * Writes a file as one object, which the bucket compares with its checksum.
     *
     * @throws StorageUnavailable if it could not be written; it may be there nevertheless
     */
    void put(ObjectLocation location, Path file, Fingerprint content) {
        var request = PutObjectRequest.builder()
                .bucket(location.bucket())
                .key(location.key())
                .checksumSHA256(
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(content.sha256())));
        config.serverSideEncryption().ifPresent(request::serverSideEncryption);
        config.kmsKeyId().ifPresent(request::ssekmsKeyId);
        asking("write", () -> client().putObject(request.build(), RequestBody.fromFile(file)));
    }

    /**
     * The bytes of an object, to be closed.
     *
     * @throws ContentMissing if it is not there
     * @throws StorageUnavailable if it cannot be read, then or later
     */
    InputStream open(ObjectLocation location) {
        return new Bytes(asking("read", () -> client().getObject(
                        request -> request.bucket(location.bucket()).key(location.key()))));
    }

    /**
     * Deletes an object. One that is not there is deleted already.
     *
     * @throws StorageUnavailable if it may be there still
     */
    void delete(ObjectLocation location) {
        asking("delete", () -> client().deleteObject(
                        request -> request.bucket(location.bucket()).key(location.key())));
    }

    /** The objects with names that are ours, a thousand at most. */
    Listing list(Optional<String> from) {
        var request = ListObjectsV2Request.builder()
                .bucket(config.bucket().orElseThrow())
                .prefix(config.prefix());
        from.ifPresent(request::continuationToken);
        var response = asking("list", () -> client().listObjectsV2(request.build()));
        List<Listed> objects = response.contents().stream()
                .flatMap(object -> content(object.key())
                        .map(id -> new Listed(
                                id, new ObjectLocation(response.name(), object.key()), object.lastModified()))
                        .stream())
                .toList();
        return new Listing(objects, Optional.ofNullable(response.nextContinuationToken()));
    }

    private Optional<UUID> content(String key) {
        String name = key.substring(config.prefix().length());
        try {
            UUID id = UUID.fromString(name);
            return id.toString().equals(name) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private <T> T asking(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (NoSuchKeyException e) {
            LOG.error("An object is not there");
            throw new ContentMissing();
        } catch (AwsServiceException e) {
            // Its message quotes keys and buckets; status and code are what an operator needs.
            AwsErrorDetails details = e.awsErrorDetails();
            LOG.errorf("S3 does not %s: %d %s", what, e.statusCode(), details == null ? "" : details.errorCode());
            throw new StorageUnavailable();
        } catch (SdkException e) {
            LOG.errorf("S3 does not %s: %s", what, e.getClass().getName());
            throw new StorageUnavailable();
        }
    }

    private static final class Bytes extends FilterInputStream {

        private final ResponseInputStream<GetObjectResponse> response;
        private boolean ended;

        private Bytes(ResponseInputStream<GetObjectResponse> response) {
            super(response);
            this.response = response;
        }

        @Override
        public int read() {
            return reading(super::read);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return reading(() -> super.read(bytes, offset, length));
        }

        private interface Reading {
            int read() throws IOException;
        }

        private int reading(Reading reading) {
            try {
                int read = reading.read();
                ended |= read == -1;
                return read;
            } catch (IOException | SdkException e) {
                LOG.errorf("S3 broke off: %s", e.getClass().getName());
                throw new StorageUnavailable();
            }
        }

        /** What nobody reads need not be sent: closing reads the rest. */
        @Override
        public void close() throws IOException {
            if (ended) {
                response.close();
            } else {
                response.abort();
            }
        }
    }

    private synchronized S3Client client() {
        if (client == null) {
            S3ClientBuilder builder = S3Client.builder()
                    .credentialsProvider(credentials)
                    .forcePathStyle(config.pathStyle())
                    // Checksums are our own, of the whole file. What others do not all understand, the SDK adds only
                    // where it must.
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
                    .httpClientBuilder(UrlConnectionHttpClient.builder()
                            .connectionTimeout(config.connectTimeout())
                            .socketTimeout(config.readTimeout()))
                    .overrideConfiguration(override -> override.apiCallTimeout(config.totalTimeout())
                            .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                    .maxAttempts(1 + config.maxRetries())
                                    .build()));
            config.region().map(Region::of).ifPresent(builder::region);
            config.endpointOverride().ifPresent(builder::endpointOverride);
            client = builder.build();
        }
        return client;
    }

    @PreDestroy
    synchronized void close() {
        if (client != null) {
            client.close();
        }
        if (credentials instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }
}
