package dev.customrag.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/**
 * An OpenID provider on a loopback port: discovery, authorization with PKCE, tokens, keys, user info. Behaves well until
 * it is told otherwise.
 */
public final class FakeOpenIdProvider implements AutoCloseable {

    /** How it signs its ID tokens. */
    public enum Signing {
        PUBLISHED_KEY,
        UNPUBLISHED_KEY,
        CLIENT_SECRET,
        NOT_AT_ALL
    }

    private record Refusal(int status, String body) {}

    private final HttpServer server;
    private final CodeGrants grants;
    private final Map<String, Map<String, Object>> people = new ConcurrentHashMap<>();
    private final Map<String, String> accessTokens = new ConcurrentHashMap<>();
    private final List<RsaJsonWebKey> published = new CopyOnWriteArrayList<>(List.of(newKey()));
    private volatile Consumer<JwtClaims> alteration = claims -> {};
    private volatile Signing signing = Signing.PUBLISHED_KEY;
    private volatile boolean tellsInUserInfoOnly;
    private volatile Optional<Refusal> codesRefused = Optional.empty();

    private FakeOpenIdProvider(String callbackPath) {
        grants = new CodeGrants(callbackPath);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        on("/.well-known/openid-configuration", this::configuration);
        on("/authorize", grants::authorize);
        on("/token", this::token);
        on("/keys", this::keys);
        on("/userinfo", this::userInfo);
        on("/silent/.well-known/openid-configuration", exchange -> {});
        on("/impostor/.well-known/openid-configuration", this::configuration);
        server.start();
    }

    /**
     * @param callbackPath the one path it redirects to
     */
    public static FakeOpenIdProvider start(String callbackPath) {
        return new FakeOpenIdProvider(callbackPath);
    }

    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Somebody with an account there; gives the subject. */
    public String knows(Map<String, ?> claims) {
        String subject = "subject-" + UUID.randomUUID();
        people.put(subject, new LinkedHashMap<>(claims));
        return subject;
    }

    /** What it says about somebody from now on. */
    public void changes(String subject, Map<String, ?> claims) {
        people.put(subject, new LinkedHashMap<>(claims));
    }

    /** Changes its ID tokens before they are signed. */
    public void alters(Consumer<JwtClaims> change) {
        alteration = change;
    }

    public void signs(Signing how) {
        signing = how;
    }

    /** Leaves everything but the subject out of its ID tokens. */
    public void tellsInUserInfoOnly() {
        tellsInUserInfoOnly = true;
    }

    /** Answers every code with that, whatever it is. */
    public void answersCodesWith(int status, String body) {
        codesRefused = Optional.of(new Refusal(status, body));
    }

    /** Signs with a new key from now on. */
    public void rotatesItsKey() {
        published.clear();
        published.add(newKey());
    }

    /** Behaves well again. */
    public void reset() {
        alteration = claims -> {};
        signing = Signing.PUBLISHED_KEY;
        tellsInUserInfoOnly = false;
        codesRefused = Optional.empty();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void on(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    private void configuration(HttpExchange exchange) throws IOException {
        CodeGrants.json(
                exchange,
                200,
                JsonUtil.toJson(Map.of(
                        "issuer", issuer(),
                        "authorization_endpoint", issuer() + "/authorize",
                        "token_endpoint", issuer() + "/token",
                        "jwks_uri", issuer() + "/keys",
                        "userinfo_endpoint", issuer() + "/userinfo",
                        "id_token_signing_alg_values_supported", List.of("RS256"))));
    }

    private void keys(HttpExchange exchange) throws IOException {
        List<Map<String, Object>> keys = published.stream()
                .map(key -> key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY))
                .toList();
        CodeGrants.json(exchange, 200, JsonUtil.toJson(Map.of("keys", keys)));
    }

    private void token(HttpExchange exchange) throws IOException {
        if (codesRefused.isPresent()) {
            CodeGrants.json(
                    exchange, codesRefused.get().status(), codesRefused.get().body());
            return;
        }
        if (!isOurClient(exchange.getRequestHeaders().getFirst("Authorization"))) {
            CodeGrants.json(exchange, 401, "{\"error\": \"invalid_client\"}");
            return;
        }
        Optional<CodeGrants.Grant> grant = grants.redeem(CodeGrants.form(CodeGrants.body(exchange)));
        if (grant.isEmpty()) {
            CodeGrants.json(
                    exchange, 400, "{\"error\": \"invalid_grant\", \"error_description\": \"canary-description\"}");
            return;
        }
        String accessToken = UUID.randomUUID().toString();
        accessTokens.put(accessToken, grant.get().subject());
        CodeGrants.json(
                exchange,
                200,
                JsonUtil.toJson(Map.of(
                        "access_token",
                        accessToken,
                        "token_type",
                        "Bearer",
                        "expires_in",
                        300,
                        "id_token",
                        idToken(grant.get()))));
    }

    private void userInfo(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        String subject = accessTokens.get(header == null ? "" : header.replaceFirst("^Bearer ", ""));
        if (subject == null) {
            CodeGrants.json(exchange, 401, "{\"error\": \"invalid_token\"}");
            return;
        }
        Map<String, Object> claims = new LinkedHashMap<>(people.get(subject));
        claims.put("sub", subject);
        CodeGrants.json(exchange, 200, JsonUtil.toJson(claims));
    }

    private String idToken(CodeGrants.Grant grant) {
        var claims = new JwtClaims();
        if (!tellsInUserInfoOnly) {
            people.get(grant.subject()).forEach(claims::setClaim);
        }
        claims.setIssuer(issuer());
        claims.setAudience(CodeGrants.CLIENT_ID);
        claims.setSubject(grant.subject());
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(5);
        claims.setClaim("nonce", grant.nonce());
        alteration.accept(claims);
        return signed(claims);
    }

    private String signed(JwtClaims claims) {
        var token = new JsonWebSignature();
        token.setPayload(claims.toJson());
        RsaJsonWebKey key = published.getFirst();
        token.setKeyIdHeaderValue(key.getKeyId());
        token.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        switch (signing) {
            case PUBLISHED_KEY -> token.setKey(key.getPrivateKey());
            case UNPUBLISHED_KEY -> token.setKey(newKey().getPrivateKey());
            case CLIENT_SECRET -> {
                token.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
                token.setKey(new HmacKey(CodeGrants.CLIENT_SECRET.repeat(2).getBytes(StandardCharsets.UTF_8)));
            }
            case NOT_AT_ALL -> {
                token.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
                token.setAlgorithmConstraints(org.jose4j.jwa.AlgorithmConstraints.NO_CONSTRAINTS);
            }
        }
        try {
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    /** RFC 6749, section 2.3.1: both parts are encoded as forms are. */
    private static boolean isOurClient(String header) {
        String expected = CodeGrants.encoded(CodeGrants.CLIENT_ID) + ":" + CodeGrants.encoded(CodeGrants.CLIENT_SECRET);
        return ("Basic " + Base64.getEncoder().encodeToString(expected.getBytes(StandardCharsets.UTF_8)))
                .equals(header);
    }

    private static RsaJsonWebKey newKey() {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(UUID.randomUUID().toString());
            key.setUse("sig");
            return key;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }
}
