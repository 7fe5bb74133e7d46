package dev.customrag.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jose4j.json.JsonUtil;

/** GitHub's sign-in and the two calls of its API that tell who somebody is, on a loopback port. */
public final class FakeGitHub implements AutoCloseable {

    private record User(String login, String name, List<Map<String, Object>> emails) {}

    private final HttpServer server;
    private final CodeGrants grants = new CodeGrants("/auth/oauth/github/callback");
    private final Map<String, User> users = new ConcurrentHashMap<>();
    private final Map<String, String> accessTokens = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong(System.nanoTime());

    private FakeGitHub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/login/oauth/authorize", grants::authorize);
        server.createContext("/login/oauth/access_token", this::token);
        server.createContext("/api/user", this::user);
        server.createContext("/api/user/emails", this::emails);
        server.start();
    }

    public static FakeGitHub start() {
        return new FakeGitHub();
    }

    public String web() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public String api() {
        return web() + "/api";
    }

    /** Somebody with an account there, whose primary address is the last one; gives their id. */
    public String knows(String login, String name, boolean verified, String... addresses) {
        String id = Long.toString(lastId.incrementAndGet());
        List<Map<String, Object>> emails = new ArrayList<>();
        for (String address : addresses) {
            boolean primary = address.equals(addresses[addresses.length - 1]);
            emails.add(Map.of("email", address, "primary", primary, "verified", verified));
        }
        users.put(id, new User(login, name, emails));
        return id;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = CodeGrants.form(CodeGrants.body(exchange));
        boolean known = CodeGrants.CLIENT_ID.equals(form.get("client_id"))
                && CodeGrants.CLIENT_SECRET.equals(form.get("client_secret"));
        Optional<CodeGrants.Grant> grant = known ? grants.redeem(form) : Optional.empty();
        if (grant.isEmpty()) {
            String error = known ? "bad_verification_code" : "incorrect_client_credentials";
            CodeGrants.json(exchange, 200, JsonUtil.toJson(Map.of("error", error)));
            return;
        }
        String token = "gho_" + UUID.randomUUID();
        accessTokens.put(token, grant.get().subject());
        CodeGrants.json(
                exchange,
                200,
                JsonUtil.toJson(
                        Map.of("access_token", token, "token_type", "bearer", "scope", "read:user,user:email")));
    }

    private void user(HttpExchange exchange) throws IOException {
        Optional<String> id = asking(exchange);
        if (id.isEmpty()) {
            return;
        }
        User user = users.get(id.get());
        var body = new LinkedHashMap<String, Object>();
        body.put("login", user.login());
        body.put("id", Long.parseLong(id.get()));
        body.put("name", user.name());
        body.put("email", null);
        CodeGrants.json(exchange, 200, JsonUtil.toJson(body));
    }

    private void emails(HttpExchange exchange) throws IOException {
        Optional<String> id = asking(exchange);
        if (id.isPresent()) {
            List<String> emails =
                    users.get(id.get()).emails().stream().map(JsonUtil::toJson).toList();
            CodeGrants.json(exchange, 200, emails.toString());
        }
    }

    private Optional<String> asking(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        String id = accessTokens.get(header == null ? "" : header.replaceFirst("^Bearer ", ""));
        if (id == null || !exchange.getRequestHeaders().containsKey("User-Agent")) {
            CodeGrants.json(exchange, 401, "{\"message\": \"Bad credentials\"}");
            return Optional.empty();
        }
        return Optional.of(id);
    }
}
