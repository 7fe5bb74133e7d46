package dev.customrag.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.http.Cookie;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The web app's way: a refresh token that no script can read. */
@QuarkusTest
class RefreshCookieTest {

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void theCookieReplacesTheTokenInTheBody() {
        Response answer = login();

        answer.then().statusCode(200).body("access_token", notNullValue()).body("$", not(hasKey("refresh_token")));
        Cookie cookie = answer.detailedCookie("refresh_token");
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.isSecured()).isTrue();
        assertThat(cookie.getSameSite()).isEqualTo("Strict");
        assertThat(cookie.getPath()).isEqualTo("/auth");
        assertThat(cookie.getMaxAge()).isEqualTo(7 * 24 * 60 * 60);
    }

    @Test
    void theCookieIsSpentAndReplacedWithoutABody() {
        String first = login().cookie("refresh_token");

        Response answer = browser(first).post("/auth/refresh");

        answer.then().statusCode(200);
        assertThat(answer.cookie("refresh_token")).isNotEqualTo(first);
        browser(answer.cookie("refresh_token")).post("/auth/refresh").then().statusCode(200);
    }

    @Test
    void aLogoutRemovesTheCookie() {
        String cookie = login().cookie("refresh_token");

        Response answer = browser(cookie).post("/auth/logout");

        answer.then().statusCode(200).body("message", equalTo("Successfully logged out"));
        assertThat(answer.detailedCookie("refresh_token").getMaxAge()).isZero();
        browser(cookie).post("/auth/refresh").then().statusCode(401);
    }

    @Test
    void aBrowserWithoutTheCookieIsSignedOut() {
        given().noContentType()
                .header("X-Refresh-Cookie", "1")
                .post("/auth/refresh")
                .then()
                .statusCode(401);
    }

    /** Another site can make the browser send the cookie's request, but not that header. */
    @Test
    void theCookieAloneIsNotEnough() {
        String cookie = login().cookie("refresh_token");

        given().noContentType()
                .cookie("refresh_token", cookie)
                .post("/auth/refresh")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("refresh_token"));
        browser(cookie).post("/auth/refresh").then().statusCode(200);
    }

    private Response login() {
        return given().header("X-Refresh-Cookie", "1")
                .contentType(ContentType.JSON)
                .body(Map.of("email", alice.email(), "password", alice.password()))
                .post("/auth/login");
    }

    private static RequestSpecification browser(String cookie) {
        return given().noContentType().header("X-Refresh-Cookie", "1").cookie("refresh_token", cookie);
    }
}
