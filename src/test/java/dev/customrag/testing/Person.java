package dev.customrag.testing;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;

/**
 * Somebody with an account of their own, signed in: what tests talk to the service as. RestAssured's paths are Groovy scripts,
 * each compiled when it is asked for; what every test needs is read without.
 */
public final class Person {

    /** The pair of tokens a login or a refresh answers with. */
    public record Tokens(String access, String refresh) {

        static Tokens of(Response response) {
            JsonNode tokens = response.as(JsonNode.class);
            return new Tokens(
                    tokens.get("access_token").asText(),
                    tokens.path("refresh_token").asText(null));
        }
    }

    private final UUID id;
    private final String email;
    private final String password;
    private Tokens tokens;

    private Person(UUID id, String email, String password) {
        this.id = id;
        this.email = email;
        this.password = password;
    }

    /** Registers somebody new with a random address, and signs them in. */
    public static Person registered() {
        String email = randomEmail();
        String password = "secret-" + UUID.randomUUID();
        JsonNode user =
                registering(email, password).then().statusCode(201).extract().as(JsonNode.class);
        var person = new Person(UUID.fromString(user.get("id").asText()), email, password);
        person.tokens = person.login();
        return person;
    }

    /** Somebody new who is an administrator. */
    public static Person administrator() {
        Person person = registered();
        Sql.update("UPDATE users SET roles = '{admin}' WHERE id = ?", person.id());
        return person;
    }

    /** An address nobody has. */
    public static String randomEmail() {
        return "person-" + UUID.randomUUID() + "@example.org";
    }

    /** The answer to a registration. */
    public static Response registering(String email, String password) {
        return post(
                "/auth/register",
                Map.of("email", email, "first_name", "Ada", "last_name", "Lovelace", "password", password));
    }

    /** The answer to a login. */
    public static Response loggingIn(String email, String password) {
        return post("/auth/login", Map.of("email", email, "password", password));
    }

    /** The answer to a refresh. */
    public static Response refreshing(String refreshToken) {
        return post("/auth/refresh", Map.of("refresh_token", refreshToken));
    }

    /** The answer to a logout. */
    public static Response loggingOut(String refreshToken) {
        return post("/auth/logout", Map.of("refresh_token", refreshToken));
    }

    /** A request that carries that access token. */
    public static RequestSpecification bearing(String accessToken) {
        return given().header("Authorization", "Bearer " + accessToken);
    }

    /** A request as this person. */
    public RequestSpecification request() {
        return bearing(accessToken());
    }

    /** Uploads a file and waits until it is ready; gives its id. */
    public String uploaded(String filename, byte[] bytes) {
        String document = uploading(filename, bytes)
                .then()
                .statusCode(202)
                .extract()
                .as(JsonNode.class)
                .get("id")
                .asText();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> statusOf(document), "ready"::equals);
        return document;
    }

    private String statusOf(String document) {
        return request()
                .get("/documents/{id}", document)
                .as(JsonNode.class)
                .path("status")
                .asText();
    }

    /** Uploads a text file and waits until it is ready; gives its id. */
    public String uploaded(String filename, String text) {
        return uploaded(filename, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The answer to an upload. */
    public Response uploading(String filename, byte[] bytes) {
        return request().multiPart("file", filename, bytes).post("/documents");
    }

    /** A JSON request as this person. */
    public RequestSpecification json(Object body) {
        return request().contentType(ContentType.JSON).body(body);
    }

    /** Signs in once more, as if on another device; {@link #request} goes on with the first. */
    public Tokens login() {
        return Tokens.of(
                loggingIn(email, password).then().statusCode(200).extract().response());
    }

    /** The same person, as a program with a new API key of theirs: {@link #accessToken} is the key. */
    public Person withKey() {
        String key = json(Map.of("name", "A program"))
                .post("/auth/api-keys")
                .then()
                .statusCode(201)
                .extract()
                .as(JsonNode.class)
                .get("key")
                .asText();
        var program = new Person(id, email, password);
        program.tokens = new Tokens(key, null);
        return program;
    }

    /** Spends a refresh token of theirs. */
    public Tokens refresh(Tokens spent) {
        return Tokens.of(
                refreshing(spent.refresh()).then().statusCode(200).extract().response());
    }

    public UUID id() {
        return id;
    }

    public String email() {
        return email;
    }

    public String password() {
        return password;
    }

    public Tokens tokens() {
        return tokens;
    }

    public String accessToken() {
        return tokens.access();
    }

    public String refreshToken() {
        return tokens.refresh();
    }

    private static Response post(String path, Map<String, ?> body) {
        return given().contentType(ContentType.JSON).body(body).post(path);
    }
}
