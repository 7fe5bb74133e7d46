package dev.customrag.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One bucket of Amazon S3's REST API on a loopback port, the bucket in the path: PutObject, GetObject, DeleteObject and
 * ListObjectsV2. Refuses what is not signed with its keys and what is not what its checksum says. Objects are files, so
 * that large ones take no memory.
 */
public final class FakeS3 implements AutoCloseable {

    public static final String ACCESS_KEY = FakeBedrock.ACCESS_KEY;
    public static final String SECRET_KEY = FakeBedrock.SECRET_KEY;
    public static final String REGION = FakeBedrock.REGION;
    public static final String BUCKET = "files-of-tests";

    private static final int PAGE = 2;

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final Map<String, StoredObject> objects = new ConcurrentSkipListMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final SignatureCheck signature =
            new SignatureCheck(ACCESS_KEY, SECRET_KEY, REGION, "s3", Clock.systemUTC());
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path directory;
    private final HttpServer server;

    private record StoredObject(Path file, Instant modified) {}

    /** A properly signed request. */
    public record Request(String method, String path, String query, Map<String, String> headers) {}

    private record Refusal(int status, String code) {}

    /** Starts one and makes it the bucket of the service, which stores elsewhere unless told; for a field of that type. */
    public static final class Server implements QuarkusTestResourceLifecycleManager {

        private FakeS3 s3;

        @Override
        public Map<String, String> start() {
            s3 = FakeS3.start();
            // The SDK's default chain looks here first; other fakes of AWS have the same keys.
            System.setProperty("aws.accessKeyId", ACCESS_KEY);
            System.setProperty("aws.secretAccessKey", SECRET_KEY);
            return s3.settings();
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(s3, new TestInjector.MatchesType(FakeS3.class));
        }

        @Override
        public void stop() {
            s3.close();
        }
    }

    private FakeS3() throws IOException {
        directory = Files.createTempDirectory("fake-s3");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public static FakeS3 start() {
        try {
            return new FakeS3();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What the service has to know of it. */
    public Map<String, String> settings() {
        return Map.of(
                "documents.s3.bucket",
                BUCKET,
                "documents.s3.region",
                REGION,
                "documents.s3.endpoint-override",
                endpoint().toString(),
                "documents.s3.path-style",
                "true",
                "documents.s3.read-timeout",
                "2s",
                "documents.s3.max-retries",
                "0");
    }

    /** The keys of all objects. */
    public Set<String> keys() {
        return new TreeSet<>(objects.keySet());
    }

    public byte[] object(String key) {
        try {
            return Files.readAllBytes(objects.get(key).file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object from elsewhere, of that age. */
    public void place(String key, byte[] content, Instant modified) {
        try {
            Path file = Files.createTempFile(directory, "object", null);
            objects.put(key, new StoredObject(Files.write(file, content), modified));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes an object as old as that. */
    public void age(String key, Instant modified) {
        objects.computeIfPresent(key, (name, object) -> new StoredObject(object.file(), modified));
    }

    /** Loses an object. */
    public void lose(String key) {
        objects.remove(key);
    }

    /** Every request of a method is refused, such as {@code PUT} with {@code 503 SlowDown}, until {@link #recover}. */
    public void refuse(String method, int status, String code) {
        refusals.put(method, new Refusal(status, code));
    }

    public void recover() {
        refusals.clear();
    }

    public List<Request> requests(String method) {
        return requests.stream()
                .filter(request -> request.method().equals(method))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(exchange);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = MultiMap.caseInsensitiveMultiMap();
        exchange.getRequestHeaders().forEach((name, values) -> headers.add(name, values));
        String path = exchange.getRequestURI().getRawPath();
        String query = exchange.getRequestURI().getRawQuery();
        Path body = Files.createTempFile(directory, "body", null);
        byte[] hash = receive(exchange.getRequestBody(), body);
        var signed = new SignatureCheck.Signed(
                exchange.getRequestMethod(),
                path,
                query,
                headers,
                HexFormat.of().formatHex(hash));
        Optional<String> refused = signature.refusal(signed);
        if (refused.isPresent()) {
            refuse(exchange, 403, "SignatureDoesNotMatch");
            return;
        }
        Map<String, String> sent = new HashMap<>();
        headers.forEach(header -> sent.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        requests.add(new Request(exchange.getRequestMethod(), path, query, sent));
        Refusal refusal = refusals.get(exchange.getRequestMethod());
        String bucket = "/" + BUCKET;
        if (refusal != null) {
            refuse(exchange, refusal.status(), refusal.code());
        } else if (!path.equals(bucket) && !path.startsWith(bucket + "/")) {
            refuse(exchange, 404, "NoSuchBucket");
        } else if (path.length() <= bucket.length() + 1) {
            list(exchange, parameters(query));
        } else {
            String key = decoded(path.substring(bucket.length() + 1));
            switch (exchange.getRequestMethod()) {
                case "PUT" -> put(exchange, key, body, headers.get("x-amz-checksum-sha256"), hash);
                case "GET" -> get(exchange, key);
                case "DELETE" -> {
                    objects.remove(key);
                    exchange.sendResponseHeaders(204, -1);
                }
                default -> refuse(exchange, 405, "MethodNotAllowed");
            }
        }
    }

    private void put(HttpExchange exchange, String key, Path body, String checksum, byte[] hash) throws IOException {
        if (checksum != null && !checksum.equals(Base64.getEncoder().encodeToString(hash))) {
            refuse(exchange, 400, "BadDigest");
            return;
        }
        objects.put(key, new StoredObject(body, Instant.now()));
        exchange.getResponseHeaders().set("ETag", "\"" + HexFormat.of().formatHex(hash, 0, 16) + "\"");
        exchange.sendResponseHeaders(200, -1);
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        StoredObject object = objects.get(key);
        if (object == null) {
            refuse(exchange, 404, "NoSuchKey");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.getResponseHeaders().set("Last-Modified", HTTP_DATE.format(object.modified()));
        exchange.sendResponseHeaders(200, Files.size(object.file()));
        try (OutputStream out = exchange.getResponseBody()) {
            Files.copy(object.file(), out);
        }
    }

    /** A page is short, so that there are several. */
    private void list(HttpExchange exchange, Map<String, String> parameters) throws IOException {
        String prefix = parameters.getOrDefault("prefix", "");
        String after = parameters.getOrDefault("continuation-token", "");
        List<String> keys = objects.keySet().stream()
                .filter(key -> key.startsWith(prefix) && key.compareTo(after) > 0)
                .toList();
        boolean more = keys.size() > PAGE;
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                        + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" + BUCKET
                        + "</Name><Prefix>" + prefix + "</Prefix><KeyCount>")
                .append(Math.min(PAGE, keys.size()))
                .append("</KeyCount><MaxKeys>" + PAGE + "</MaxKeys><EncodingType>url</EncodingType><IsTruncated>")
                .append(more)
                .append("</IsTruncated>");
        for (String key : keys.subList(0, Math.min(PAGE, keys.size()))) {
            StoredObject object = objects.get(key);
            xml.append("<Contents><Key>")
                    .append(key)
                    .append("</Key><LastModified>")
                    .append(object.modified())
                    .append("</LastModified><Size>")
                    .append(Files.size(object.file()))
                    .append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
        }
        if (more) {
            xml.append("<NextContinuationToken>").append(keys.get(PAGE - 1)).append("</NextContinuationToken>");
        }
        xml.append("</ListBucketResult>");
        send(exchange, 200, xml.toString());
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        send(
                exchange,
                status,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                        + "</Code><Message>As told.</Message><RequestId>1</RequestId></Error>");
    }

    private static void send(HttpExchange exchange, int status, String xml) throws IOException {
        byte[] body = xml.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] receive(InputStream body, Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (OutputStream out = Files.newOutputStream(file)) {
                new DigestInputStream(body, digest).transferTo(out);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
