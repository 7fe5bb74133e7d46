package dev.customrag.identity;

import static dev.customrag.testing.ProviderBrowser.begin;
import static dev.customrag.testing.ProviderBrowser.beginning;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.FakeOpenIdProvider;
import dev.customrag.testing.FakeOpenIdProvider.Signing;
import dev.customrag.testing.FakeProviders;
import dev.customrag.testing.Person;
import dev.customrag.testing.ProviderBrowser.Answer;
import dev.customrag.testing.ProviderBrowser.Attempt;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of providers that are forged, replayed, misdirected or broken. None of them signs anybody in. */
@QuarkusTest
@WithTestResource(value = FakeProviders.class, scope = TestResourceScope.GLOBAL)
class SocialAttackTest {

    FakeOpenIdProvider example;

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final ExtHandler listener = new ExtHandler() {

        private final PatternFormatter formatter = new PatternFormatter("%c %X %s%e");

        @Override
        protected void doPublish(ExtLogRecord record) {
            logged.add(formatter.format(record));
        }
    };

    private String email;
    private String subject;

    @BeforeEach
    void know() {
        email = Person.randomEmail();
        subject = example.knows(Map.of("email", email, "email_verified", true, "name", "Mallory canary-name"));
        Logger.getLogger("").addHandler(listener);
    }

    @AfterEach
    void nothingWasOpenedOrLogged() {
        Logger.getLogger("").removeHandler(listener);
        example.reset();
        assertThat(Sql.query("SELECT id FROM users WHERE email = ?", email)).isEmpty();
        assertThat(Sql.query("SELECT id FROM social_identities WHERE subject = ?", subject))
                .isEmpty();
        assertThat(logged).noneMatch(line -> line.contains("canary") || line.contains(email) || line.contains(subject));
    }

    @Test
    void anAnswerWithoutAStateIsRefused() {
        Answer answer = begin("example").as(subject);

        refused(answer.with("code=" + answer.query().get("code")), 400, "social-state-invalid");
        refused(answer.with("state=&code=" + answer.query().get("code")), 400, "social-state-invalid");
    }

    @Test
    void aForgedStateIsRefused() {
        Answer answer = begin("example").as(subject);

        refused(
                answer.with(
                        "state=" + "A".repeat(43) + "&code=" + answer.query().get("code")),
                400,
                "social-state-invalid");
    }

    /** Else somebody could be made to use the attacker's account: RFC 6749, section 10.12. */
    @Test
    void anAnswerCountsOnlyInTheBrowserThatAsked() {
        Answer answer = begin("example").as(subject);

        refused(answer.in(null), 400, "social-state-invalid");
        refused(answer.in(begin("example")), 400, "social-state-invalid");
        refused(answer.in(new Attempt("example", "", "not a cookie of ours")), 400, "social-state-invalid");
        refused(answer.in(new Attempt("example", "", "AAAA")), 400, "social-state-invalid");
    }

    @Test
    void anAnswerCountsOnce() {
        Answer answer = begin("example").refused();

        refused(answer, 403, "social-access-denied");
        refused(answer, 400, "social-state-invalid");
    }

    @Test
    void ofConcurrentCopiesOfAnAnswerOneCounts() {
        Answer answer = begin("example").refused();

        List<Response> answers = Together.call(10, answer::json);

        assertThat(answers).filteredOn(response -> response.statusCode() == 403).hasSize(1);
        assertThat(answers).filteredOn(response -> response.statusCode() == 400).hasSize(9);
    }

    @Test
    void anAnswerToAnotherProviderIsRefused() {
        Answer answer = begin("example").as(subject);

        given().accept("application/json")
                .cookie("oauth_attempt", answer.attempt().cookie())
                .queryParams(answer.query())
                .get("/auth/oauth/github/callback")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:customrag:problem:social-state-invalid"));
    }

    @Test
    void anAnswerMayComeTooLate() {
        Answer answer = begin("example").as(subject);
        Sql.update("UPDATE provider_attempts SET expires_at = now() - interval '1 second' WHERE provider = 'example'");

        refused(answer, 400, "social-state-invalid");
    }

    /** A code that was stolen on its way to another browser: PKCE ties it to the attempt there. */
    @Test
    void aCodeOfAnotherAttemptIsRefused() {
        Answer stolen = begin("example").as(subject);
        Answer own = begin("example").refused();

        refused(
                own.with("state=" + own.query().get("state") + "&code="
                        + stolen.query().get("code")),
                400,
                "social-code-refused");
    }

    @Test
    void aMissingCodeIsRefused() {
        Answer answer = begin("example").as(subject);

        refused(answer.with("state=" + answer.query().get("state")), 400, "social-code-refused");
    }

    @Test
    void aPersonMaySayNo() {
        begin("example")
                .refused()
                .page()
                .then()
                .statusCode(303)
                .header("Location", "http://localhost:8080/?sign_in_error=social-access-denied");
        refused(begin("example").refused(), 403, "social-access-denied");
    }

    @Test
    void otherErrorsAreTheProviders() {
        Answer answer = begin("example").as(subject);

        refused(
                answer.with("state=" + answer.query().get("state")
                        + "&error=canary%0d%0aSet-Cookie:x&error_description=canary"),
                502,
                "social-provider-failed");
    }

    static Stream<Named<Consumer<JwtClaims>>> lies() {
        return Stream.of(
                lie("another nonce", claims -> claims.setClaim("nonce", "A".repeat(43))),
                lie("no nonce", claims -> claims.unsetClaim("nonce")),
                lie("another issuer", claims -> claims.setIssuer("https://accounts.google.com")),
                lie("no issuer", claims -> claims.unsetClaim("iss")),
                lie("another audience", claims -> claims.setAudience("somebody else")),
                lie("no audience", claims -> claims.unsetClaim("aud")),
                lie("several audiences", claims -> claims.setAudience("custom rag", "somebody else")),
                lie("another party", claims -> claims.setClaim("azp", "somebody else")),
                lie("expired", claims -> claims.setExpirationTime(NumericDate.fromSeconds(1))),
                lie("without end", claims -> claims.unsetClaim("exp")),
                lie("without beginning", claims -> claims.unsetClaim("iat")),
                lie("of the future", claims -> {
                    NumericDate later = NumericDate.now();
                    later.addSeconds(120);
                    claims.setIssuedAt(later);
                }),
                lie("not yet valid", claims -> claims.setNotBeforeMinutesInThePast(-10)),
                lie("nobody", claims -> claims.unsetClaim("sub")),
                lie("an empty subject", claims -> claims.setSubject(" ")),
                lie("a long subject", claims -> claims.setSubject("s".repeat(256))),
                lie("a subject on two lines", claims -> claims.setSubject("a\nb")));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void anIdTokenThatIsNotForThisAttemptIsRefused(Consumer<JwtClaims> lie) {
        example.alters(lie);

        refused(begin("example").as(subject), 401, "social-token-refused");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PUBLISHED_KEY")
    void anIdTokenThatTheProviderDidNotSignIsRefused(Signing signing) {
        example.signs(signing);

        refused(begin("example").as(subject), 401, "social-token-refused");
    }

    /** RFC 9207. */
    @Test
    void anAnswerThatNamesAnotherIssuerIsRefused() {
        Answer answer = begin("example").as(subject);

        refused(
                answer.with(answer.callback().split("\\?")[1] + "&iss=https%3A%2F%2Fevil.example"),
                401,
                "social-token-refused");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 429, 500, 503, 302})
    void aProviderThatDoesNotRedeemCodesIsOutOfOrder(int status) {
        Answer answer = begin("example").as(subject);
        example.answersCodesWith(
                status, "{\"error\": \"Canary Error\", \"error_description\": \"canary-description\"}");

        refused(answer, 502, "social-provider-failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "canary-description", "null", "[]", "{}", "{\"id_token\": {}}", "{\"error\": \"x\"}"})
    void aProviderThatAnswersSomethingElseIsOutOfOrder(String body) {
        Answer answer = begin("example").as(subject);
        example.answersCodesWith(200, body);

        refused(answer, 502, "social-provider-failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"canary", "e30.e30.", "a.b.c.d.e", "..."})
    void anIdTokenThatIsNoneIsRefused(String token) {
        Answer answer = begin("example").as(subject);
        example.answersCodesWith(200, "{\"id_token\": \"" + token + "\"}");

        refused(answer, 401, "social-token-refused");
    }

    @Test
    void anAnswerWithoutEndIsNotRead() {
        Answer answer = begin("example").as(subject);
        example.answersCodesWith(200, "{\"id_token\": \"" + "x".repeat(1024 * 1024) + "\"}");

        refused(answer, 502, "social-provider-failed");
    }

    @Test
    void aProviderThatIsOutOfOrderIsNotAsked() {
        for (String provider : List.of("gone", "impostor")) {
            beginning(provider)
                    .then()
                    .statusCode(303)
                    .header("Location", "http://localhost:8080/?sign_in_error=social-provider-failed");
            given().accept("application/json")
                    .get("/auth/oauth/{provider}", provider)
                    .then()
                    .statusCode(502)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:customrag:problem:social-provider-failed"));
        }
    }

    @Test
    void aProviderThatDoesNotAnswerIsWaitedForNoLongerThanConfigured() {
        given().accept("application/json")
                .get("/auth/oauth/silent")
                .then()
                .statusCode(504)
                .body("type", equalTo("urn:customrag:problem:social-provider-timeout"));
    }

    @Test
    void thereAreNoOtherProviders() {
        Person alice = Person.registered();

        for (String unknown : List.of("facebook", "EXAMPLE", "..%2F", "x".repeat(500))) {
            given().urlEncodingEnabled(false)
                    .redirects()
                    .follow(false)
                    .get("/auth/oauth/" + unknown)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json");
        }
        given().get("/auth/oauth/facebook/callback").then().statusCode(404);
        alice.request().post("/auth/oauth/facebook").then().statusCode(404);
    }

    @Test
    void nothingInTheRequestDecidesWhereTheBrowserGoes() {
        Response answer = given().header("Host", "evil.example")
                .header("X-Forwarded-Host", "evil.example")
                .queryParam("redirect_uri", "https://evil.example")
                .redirects()
                .follow(false)
                .get("/auth/oauth/example");
        answer.then().statusCode(303);
        assertThat(answer.header("Location")).startsWith(example.issuer()).doesNotContain("evil");

        given().header("Host", "evil.example")
                .accept("text/html")
                .redirects()
                .follow(false)
                .get("/auth/oauth/example/callback?error=access_denied&redirect_uri=https://evil.example")
                .then()
                .statusCode(303)
                .header("Location", "http://localhost:8080/?sign_in_error=social-state-invalid");
    }

    private static Named<Consumer<JwtClaims>> lie(String name, Consumer<JwtClaims> change) {
        return Named.of(name, change);
    }

    private static void refused(Answer answer, int status, String slug) {
        answer.json()
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .header("Cache-Control", "no-store")
                .body("type", equalTo("urn:customrag:problem:" + slug));
    }
}
