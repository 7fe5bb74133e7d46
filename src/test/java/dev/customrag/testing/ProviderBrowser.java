package dev.customrag.testing;

import static io.restassured.RestAssured.given;

import io.restassured.http.Cookie;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** A browser on its way through a sign-in provider, one step at a time. */
public final class ProviderBrowser {

    private static final String ATTEMPT = "oauth_attempt";

    /**
     * A sign-in that waits for the provider's answer.
     *
     * @param authorization where the service sends the browser
     * @param cookie what the browser keeps for the way back
     */
    public record Attempt(String provider, String authorization, String cookie) {

        static Attempt of(String provider, String authorization, Response answer) {
            return new Attempt(provider, authorization, answer.cookie(ATTEMPT));
        }

        /** What the service sends to the provider. */
        public Map<String, String> query() {
            return CodeGrants.form(URI.create(authorization).getRawQuery());
        }

        /** Signs in there as somebody. */
        public Answer as(String subject) {
            return new Answer(this, visited(authorization + "&as=" + subject));
        }

        /** Says no there. */
        public Answer refused() {
            return new Answer(this, visited(authorization));
        }
    }

    /**
     * What a provider answers to our callback.
     *
     * @param callback the address with the answer in its query
     */
    public record Answer(Attempt attempt, String callback) {

        /** What the provider sends to the service. */
        public Map<String, String> query() {
            return CodeGrants.form(URI.create(callback).getRawQuery());
        }

        /** The answer to a program. */
        public Response json() {
            return sent(request().accept("application/json"));
        }

        /** The answer to a browser. */
        public Response page() {
            return sent(request().accept("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        }

        /** The same answer, brought back with another query. */
        public Answer with(String query) {
            return new Answer(attempt, URI.create(callback).getRawPath() + "?" + query);
        }

        /** The same answer in the browser of another attempt; null for one that keeps no cookie. */
        public Answer in(Attempt other) {
            return new Answer(
                    new Attempt(attempt.provider(), attempt.authorization(), other == null ? null : other.cookie()),
                    callback);
        }

        private RequestSpecification request() {
            RequestSpecification request = given();
            return attempt.cookie() == null
                    ? request
                    : request.cookie(new Cookie.Builder(ATTEMPT, attempt.cookie()).build());
        }

        private Response sent(RequestSpecification request) {
            URI address = URI.create(callback);
            return request.urlEncodingEnabled(false)
                    .redirects()
                    .follow(false)
                    .get(address.getRawPath() + "?" + address.getRawQuery());
        }
    }

    private ProviderBrowser() {}

    /** Begins to sign in. */
    public static Attempt begin(String provider) {
        Response answer = beginning(provider);
        return Attempt.of(provider, answer.then().statusCode(303).extract().header("Location"), answer);
    }

    /** The answer to who begins to sign in, as a browser. */
    public static Response beginning(String provider) {
        return given().accept("text/html").redirects().follow(false).get("/auth/oauth/{provider}", provider);
    }

    /** Begins to connect a provider to somebody's account. */
    public static Attempt beginToLink(Person person, String provider) {
        Response answer = person.request().post("/auth/oauth/{provider}", provider);
        return Attempt.of(provider, answer.then().statusCode(200).extract().path("authorization_url"), answer);
    }

    private static String visited(String address) {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            return answer.headers()
                    .firstValue("Location")
                    .orElseThrow(() -> new AssertionError("The provider answers " + answer.body()));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
