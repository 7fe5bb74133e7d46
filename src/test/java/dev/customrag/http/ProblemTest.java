package dev.customrag.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.http.Problem.FieldError;
import dev.customrag.testing.Person;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong, in our code or around it, the client reads one problem document and nothing of our insides. */
@QuarkusTest
class ProblemTest {

    @TestHTTPResource
    URI service;

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/nowhere.html", "/auth/nowhere", "/q/nowhere"})
    void anUnknownAddress(String path) {
        var answer = given().urlEncodingEnabled(false).accept("text/html").get(path);

        expect(answer, 404).body("detail", equalTo("There is nothing at this address."));
    }

    @Test
    void anIdThatIsNone() {
        expect(given().get("/faulty/things/abc"), 404);
        expect(given().urlEncodingEnabled(false).get("/faulty/things/%c3%28"), 404);
    }

    @Test
    void theWrongMethod() {
        expect(given().get("/auth/login"), 405).header("Allow", "OPTIONS, POST");
        expect(given().put("/faulty/things/1"), 405).header("Allow", "GET, HEAD, OPTIONS");
        expect(given().request("BREW", "/auth/me"), 405).header("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH");
    }

    @Test
    void optionsNameTheMethodsOfTheAddress() {
        given().options("/auth/login").then().statusCode(200).header("Allow", "OPTIONS, POST");
        expect(given().options("/nowhere"), 404);
    }

    @Test
    void headAnswersWithoutABody() {
        given().head("/faulty/things").then().statusCode(200).body(emptyString());
        given().head("/nowhere").then().statusCode(404).body(emptyString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "rubbish"})
    void aMediaTypeNobodyOffers(String accept) {
        expect(given().header("Accept", accept).get("/faulty/things"), 406);
    }

    @Test
    void aMediaTypeNobodyTakes() {
        expect(given().contentType("text/plain").body("x").post("/faulty/orders"), 415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"customer_name\": \"Ada\", \"order_l",
                "{",
                "nonsense",
                "[]",
                "\"text\"",
                "null",
                "12",
                "{\"order_lines\": [{\"product_name\": \"a"
            })
    void aBodyThatIsNotTheJsonExpected(String body) {
        expect(ordering(body), 400).body("type", equalTo("urn:customrag:problem:malformed-json"));
    }

    @Test
    void jsonDeeperThanAnyoneNeeds() {
        expect(ordering("[".repeat(5000)), 400);
        expect(ordering("{\"x\":" + "[".repeat(5000)), 400);
    }

    @Test
    void aMissingBodyNamesTheFieldsWanted() {
        for (var request : List.of(given().noContentType(), given().contentType(ContentType.JSON))) {
            expectErrors(
                    request.post("/faulty/orders"),
                    new FieldError("customer_name", "must not be null"),
                    new FieldError("order_lines", "must not be null"));
        }
    }

    @Test
    void fieldsOfTheWrongTypeAreNamedAsTheyWereSent() {
        String message = "has the wrong type or format";
        expectErrors(ordering("{\"customer_name\": {}}"), new FieldError("customer_name", message));
        expectErrors(
                ordering("{\"order_lines\": [{\"how_many\": \"many\"}]}"),
                new FieldError("order_lines[0].how_many", message));
        expectErrors(
                ordering("{\"order_lines\": [{\"how_many\": 99999999999}]}"),
                new FieldError("order_lines[0].how_many", message));
        expectErrors(ordering("{\"order_id\": \"one\"}"), new FieldError("order_id", message));
    }

    @Test
    void fieldsOfTheWrongValueAreNamedAsTheyWereSent() {
        expectErrors(
                ordering("{\"order_lines\": [{\"product_name\": \"too long\"}, null]}"),
                new FieldError("customer_name", "must not be null"),
                new FieldError("order_lines[0].product_name", "size must be between 0 and 5"),
                new FieldError("order_lines[1]", "must not be null"));
    }

    @ParameterizedTest
    @CsvSource({
        "limit=abc, limit, has the wrong type or format",
        "limit=99999999999, limit, has the wrong type or format",
        "limit=0, limit, must be greater than or equal to 1",
        "limit=101, limit, must be less than or equal to 100",
        "limit=5&owner_id=me, owner_id, has the wrong type or format",
        "day=today, day, has the wrong type or format"
    })
    void aQueryParameterThatCannotBe(String query, String field, String message) {
        expectErrors(given().get("/faulty/things?" + query), new FieldError(field, message));
    }

    @Test
    void noToken() {
        expect(given().get("/faulty/admins"), 401).header("WWW-Authenticate", "Bearer");
        expect(given().auth().preemptive().basic("ada", "secret").get("/faulty/admins"), 401)
                .header("WWW-Authenticate", "Bearer");
    }

    @Test
    void aTokenThatIsNotGood() {
        expect(Person.bearing("rubbish").get("/faulty/admins"), 401)
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }

    @Test
    void anEndpointThatForgotToSayWhoMayCallItAsksForALogin() {
        expect(given().get("/forgetful"), 401);
        Person.registered().request().get("/forgetful").then().statusCode(200);
    }

    @Test
    void aPersonWithoutTheRole() {
        expect(Person.registered().request().get("/faulty/admins"), 403);
    }

    @Test
    void aProblemOfARoomKeepsItsMembersAndHeaders() {
        expect(given().get("/faulty/problem"), 409)
                .header("Retry-After", "3")
                .body("type", equalTo("urn:customrag:problem:busy"))
                .body("hint", equalTo(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/faulty/exception",
                "/faulty/error",
                "/faulty/sql",
                "/faulty/framework",
                "/faulty/unwritable",
                "/faulty/json",
                "/faulty-route"
            })
    void aFaultOfOursTellsNothing(String path) {
        Response answer = given().accept("text/html, */*").get(path);

        expect(answer, 500).body("detail", equalTo("Something went wrong on our side. Try again later."));
        assertThat(answer.asString())
                .doesNotContain(FaultyResource.SECRET)
                .doesNotContainIgnoringCase("exception")
                .doesNotContain("SELECT")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({"application/json, 1048577", "application/json, 999999999", "multipart/form-data, 999999999"})
    void aBodyTooLarge(String type, long length) throws IOException {
        String answer = exchange("POST /faulty/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                + "\r\nContent-Length: " + length + "\r\n\r\n{");

        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .contains("application/problem+json", "urn:customrag:problem:too-large");
    }

    /** As most clients do, which then find the connection closed and the answer gone if nobody takes the rest. */
    @Test
    void whoSendsAllOfABodyTooLargeIsAnswered() throws IOException {
        int length = 8 * 1024 * 1024;
        String answer = exchange("POST /faulty/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + length + "\r\n\r\n" + " ".repeat(length));

        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("urn:customrag:problem:too-large");
    }

    @Test
    void aBodyThatGrowsTooLarge() throws IOException {
        String answer = exchange("POST /faulty/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + ("100000\r\n" + " ".repeat(0x100000) + "\r\n").repeat(2));

        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .contains("application/problem+json", "urn:customrag:problem:too-large");
    }

    @Test
    void requestsThatAreNotHttp() throws IOException {
        assertThat(exchange("rubbish\r\n\r\n")).contains(" 400 ");
        assertThat(exchange("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 414 ");
        assertThat(exchange("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(100_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(exchange("GET /auth/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .contains(" 400 ");
    }

    private static Response ordering(String body) {
        return given().contentType(ContentType.JSON).body(body).post("/faulty/orders");
    }

    private static ValidatableResponse expect(Response answer, int status) {
        return answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .body("status", equalTo(status));
    }

    private static void expectErrors(Response answer, FieldError... errors) {
        expect(answer, 422)
                .body(
                        "errors",
                        equalTo(Stream.of(errors)
                                .map(error -> Map.of("field", error.field(), "message", error.message()))
                                .toList()));
    }

    /** What the service says to these bytes until it falls silent, for what no HTTP client would send. */
    private String exchange(String request) throws IOException {
        try (var socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(2000);
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // It answers and hangs up before it has read everything.
            }
            var answer = new StringBuilder();
            try {
                for (int next = socket.getInputStream().read();
                        next != -1;
                        next = socket.getInputStream().read()) {
                    answer.append((char) next);
                }
            } catch (IOException e) {
                // Silent, or hung up.
            }
            return answer.toString();
        }
    }
}
