package dev.customrag.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The code grant of a provider (RFC 6749, section 4.1) with PKCE (RFC 7636), strict about everything a client has to
 * send. Who signs in, a test says by adding {@code as=<subject>} to the address it is sent to; without, the person
 * refuses.
 */
final class CodeGrants {

    static final String CLIENT_ID = "custom rag";
    static final String CLIENT_SECRET = "s3cret/with+signs";

    /** What a code stands for. */
    record Grant(String subject, String redirectUri, String challenge, String nonce) {}

    private final String callbackPath;
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();

    /**
     * @param callbackPath where our service was registered to listen
     */
    CodeGrants(String callbackPath) {
        this.callbackPath = callbackPath;
    }

    /** Sends the browser back with a code or a refusal; 400 if the client asked wrongly. */
    void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
        String redirectUri = query.getOrDefault("redirect_uri", "");
        boolean sound = "code".equals(query.get("response_type"))
                && CLIENT_ID.equals(query.get("client_id"))
                && redirectUri.endsWith(callbackPath)
                && "S256".equals(query.get("code_challenge_method"))
                && query.getOrDefault("code_challenge", "").length() == 43
                && query.getOrDefault("state", "").length() >= 22;
        if (!sound) {
            answer(exchange, 400, "text/plain", "Not a request of this client's");
            return;
        }
        String back = redirectUri + "?state=" + encoded(query.get("state"));
        if (query.containsKey("as")) {
            String code = UUID.randomUUID().toString();
            grants.put(code, new Grant(query.get("as"), redirectUri, query.get("code_challenge"), query.get("nonce")));
            back += "&code=" + encoded(code);
        } else {
            back += "&error=access_denied&error_description=" + encoded("canary-description they said no");
        }
        exchange.getResponseHeaders().set("Location", back);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    /** Spends a code; empty if it is not good for this client, verifier and address. */
    Optional<Grant> redeem(Map<String, String> form) {
        Grant grant = grants.remove(form.getOrDefault("code", ""));
        boolean sound = grant != null
                && "authorization_code".equals(form.get("grant_type"))
                && grant.redirectUri().equals(form.get("redirect_uri"))
                && grant.challenge().equals(s256(form.getOrDefault("code_verifier", "")));
        return sound ? Optional.of(grant) : Optional.empty();
    }

    static Map<String, String> form(String text) {
        return text == null || text.isEmpty()
                ? Map.of()
                : Arrays.stream(text.split("&"))
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.toMap(pair -> decoded(pair[0]), pair -> decoded(pair[1])));
    }

    static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    static void json(HttpExchange exchange, int status, String json) throws IOException {
        answer(exchange, status, "application/json", json);
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String s256(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has it", e);
        }
    }
}
