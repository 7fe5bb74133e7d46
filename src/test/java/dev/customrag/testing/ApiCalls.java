package dev.customrag.testing;

import static io.restassured.RestAssured.given;

import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Every call the service offers, read from its own OpenAPI document: a new one is part of these tests by itself. */
public final class ApiCalls {

    /** What needs no login. Adding to this list is a decision. */
    private static final Set<String> PUBLIC = Set.of(
            "POST /auth/register",
            "POST /auth/login",
            "POST /auth/mfa/verify",
            "POST /auth/refresh",
            "POST /auth/logout",
            "GET /auth/oauth",
            "GET /auth/oauth/{provider}",
            "GET /auth/oauth/{provider}/callback",
            "POST /auth/password/forgot",
            "POST /auth/password/reset",
            "POST /auth/email/verify",
            "POST /auth/email/resend",
            "GET /.well-known/jwks.json");

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private ApiCalls() {}

    /**
     * One call.
     *
     * @param path with ids of nothing in place of its parameters
     * @param template with the names of its parameters
     * @param contentType what it takes, null if it takes nothing
     */
    public record Call(String method, String path, String template, String contentType) {

        /** Sends it with an empty body. */
        public Response as(RequestSpecification request) {
            var plain = EncoderConfig.encoderConfig().encodeContentTypeAs("multipart/form-data", ContentType.TEXT);
            request.config(RestAssuredConfig.config().encoderConfig(plain));
            if (contentType != null) {
                request.contentType(contentType).body(contentType.contains("json") ? "{}" : "");
            }
            return request.request(method, path);
        }
    }

    /** All calls but the public ones, and those that tests add. */
    public static List<Call> protectedOnes() {
        Map<String, Map<String, Object>> paths = given().accept(ContentType.JSON)
                .get("/q/openapi")
                .then()
                .extract()
                .path("paths");
        List<Call> calls = new ArrayList<>();
        paths.forEach((path, operations) -> operations.forEach((method, operation) -> {
            if (METHODS.contains(method) && !path.startsWith("/faulty") && !path.equals("/forgetful")) {
                String filled = path.replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
                calls.add(new Call(method.toUpperCase(Locale.ROOT), filled, path, contentType(operation)));
            }
        }));
        if (calls.size() < PUBLIC.size()) {
            throw new AssertionError("No calls in " + paths.keySet());
        }
        calls.removeIf(call -> PUBLIC.contains(call.method() + " " + call.template()));
        return calls;
    }

    private static String contentType(Object operation) {
        if (operation instanceof Map<?, ?> members
                && members.get("requestBody") instanceof Map<?, ?> body
                && body.get("content") instanceof Map<?, ?> content) {
            return content.keySet().iterator().next().toString();
        }
        return null;
    }
}
