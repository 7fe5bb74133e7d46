package dev.customrag.identity;

import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.loggingOut;
import static dev.customrag.testing.Person.refreshing;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.ApiCalls;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

    @Test
    void noCallIsAnswered() {
        for (var call : ApiCalls.protectedOnes()) {
            call.as(alice.request())
                    .then()
                    .statusCode(401)
                    .header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        }
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
