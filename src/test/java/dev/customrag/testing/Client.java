package dev.customrag.testing;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A machine somewhere, which the tests speak for as a proxy does: limits by network see it apart from all others. */
public record Client(String address) {

    /** One in a network of its own. */
    public static Client somewhere() {
        return new Client(
                "2001:db8:%x:1::1".formatted(ThreadLocalRandom.current().nextInt(1, 0x10000)));
    }

    /** A request from there. */
    public RequestSpecification request() {
        return given().header("X-Forwarded-For", address);
    }

    /** The answer to a login from there. */
    public Response loggingIn(String email, String password) {
        return post("/auth/login", Map.of("email", email, "password", password));
    }

    /** The answer to JSON sent from there. */
    public Response post(String path, Map<String, ?> body) {
        return request().contentType(ContentType.JSON).body(body).post(path);
    }
}
