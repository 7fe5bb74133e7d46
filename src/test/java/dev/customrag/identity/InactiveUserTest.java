package dev.customrag.identity;

import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.loggingOut;
import static dev.customrag.testing.Person.refreshing;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom an administrator shuts out is out of everything, on the next request. */
@QuarkusTest
class InactiveUserTest {

    private Person alice;

    @BeforeEach
    void deactivate() {
        alice = Person.registered();
        alice.request().get("/auth/me").then().statusCode(200);
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", alice.id());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /auth/me",
        "PATCH, /auth/me",
        "DELETE, /auth/me",
        "POST, /auth/logout-all",
        "GET, /models",
        "GET, /sessions",
        "POST, /search"
    })
    void noCallIsAnswered(String method, String path) {
        alice.request()
                .contentType(ContentType.JSON)
                .body(Map.of("password", alice.password()))
                .request(method, path)
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:customrag:problem:invalid-token"));
    }

    @Test
    void neitherTokensNorThePasswordOpenASession() {
        refreshing(alice.refreshToken()).then().statusCode(401);
        loggingOut(alice.refreshToken()).then().statusCode(400);
        loggingIn(alice.email(), alice.password())
                .then()
                .statusCode(401)
                .body("detail", equalTo("Incorrect email or password"));
    }

    @Test
    void theDoorOpensAgain() {
        Sql.update("UPDATE users SET is_active = true WHERE id = ?", alice.id());

        alice.request().get("/auth/me").then().statusCode(200);
        alice.refresh(alice.tokens());
        loggingIn(alice.email(), alice.password()).then().statusCode(200);
    }

    @Test
    void aPersonWhoIsGoneIsOutToo() {
        UUID id = alice.id();
        Sql.update("DELETE FROM users WHERE id = ?", id);

        alice.request().get("/auth/me").then().statusCode(401);
        refreshing(alice.refreshToken()).then().statusCode(401);
    }
}
