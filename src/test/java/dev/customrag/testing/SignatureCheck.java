package dev.customrag.testing;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Recomputes a request's Signature Version 4: AWS General Reference, "Create a signed AWS API request". Every service
 * but S3 encodes the path a second time, and none but S3 takes a body that is not signed.
 */
record SignatureCheck(String accessKey, String secretKey, String region, String service, Clock clock) {

    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                    + "SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    /**
     * A request as it came over the wire; {@code path} and {@code query} are still encoded.
     *
     * @param payloadHash the SHA-256 of its body, in hexadecimal
     */
    record Signed(String method, String path, String query, MultiMap headers, String payloadHash) {

        Signed(String method, String path, String query, MultiMap headers, byte[] body) {
            this(method, path, query, headers, hex(sha256(body)));
        }
    }

    /** The Region a request claims to be signed for; empty if it is not signed. */
    static Optional<String> region(Signed request) {
        String authorization = request.headers().get("authorization");
        Matcher parts = AUTHORIZATION.matcher(authorization == null ? "" : authorization);
        return parts.matches() ? Optional.of(parts.group(3)) : Optional.empty();
    }

    /** The error type AWS would answer with; empty if the request is signed as it should be. */
    Optional<String> refusal(Signed request) {
        String authorization = request.headers().get("authorization");
        if (authorization == null) {
            return Optional.of("MissingAuthenticationTokenException");
        }
        Matcher parts = AUTHORIZATION.matcher(authorization);
        if (!parts.matches()) {
            return Optional.of("IncompleteSignatureException");
        }
        if (!parts.group(1).equals(accessKey)) {
            return Optional.of("UnrecognizedClientException");
        }
        String stamp = request.headers().get("x-amz-date");
        List<String> signedHeaders = Arrays.asList(parts.group(5).split(";"));
        boolean s3 = service.equals("s3");
        String claimedHash = request.headers().get("x-amz-content-sha256");
        String payloadHash = s3 && UNSIGNED.equals(claimedHash) ? UNSIGNED : request.payloadHash();
        boolean sound = fresh(stamp)
                && stamp.startsWith(parts.group(2))
                && parts.group(3).equals(region)
                && parts.group(4).equals(service)
                && signedHeaders.containsAll(List.of("host", "x-amz-date"))
                && (claimedHash == null ? !s3 : claimedHash.equals(payloadHash));
        if (!sound) {
            return Optional.of("InvalidSignatureException");
        }
        String scope = parts.group(2) + "/" + region + "/" + service + "/aws4_request";
        String canonical = String.join(
                "\n",
                request.method(),
                s3 ? request.path() : encodedPath(request.path()),
                sortedQuery(request.query()),
                canonicalHeaders(signedHeaders, request.headers()),
                parts.group(5),
                payloadHash);
        String toSign = String.join("\n", "AWS4-HMAC-SHA256", stamp, scope, hex(sha256(bytes(canonical))));
        byte[] expected = hmac(signingKey(parts.group(2)), toSign);
        return MessageDigest.isEqual(expected, HexFormat.of().parseHex(parts.group(6)))
                ? Optional.empty()
                : Optional.of("InvalidSignatureException");
    }

    private boolean fresh(String stamp) {
        if (stamp == null) {
            return false;
        }
        try {
            Instant at = Instant.from(STAMP.parse(stamp));
            return Duration.between(at, clock.instant()).abs().compareTo(SKEW) <= 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String encodedPath(String path) {
        var encoded = new StringBuilder();
        for (byte b : bytes(path)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return encoded.toString();
    }

    private static String sortedQuery(String query) {
        if (query == null || query.isEmpty()) {
            return "";
        }
        return Arrays.stream(query.split("&"))
                .map(pair -> pair.contains("=") ? pair : pair + "=")
                .sorted()
                .collect(Collectors.joining("&"));
    }

    private static String canonicalHeaders(List<String> names, MultiMap headers) {
        var lines = new TreeMap<String, String>();
        for (String name : names) {
            String values = headers.getAll(name).stream()
                    .map(value -> value.strip().replaceAll(" +", " "))
                    .collect(Collectors.joining(","));
            lines.put(name, name + ":" + values + "\n");
        }
        return String.join("", lines.values());
    }

    private byte[] signingKey(String date) {
        byte[] key = hmac(bytes("AWS4" + secretKey), date);
        key = hmac(key, region);
        key = hmac(key, service);
        return hmac(key, "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] data) {
        return HexFormat.of().formatHex(data);
    }
}
