package dev.customrag.identity;

import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.randomEmail;
import static dev.customrag.testing.Person.registering;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a login takes for the password that was chosen, and what becomes of its hash. */
@QuarkusTest
class PasswordLoginTest {

    private static final String COMPOSED = "gr\u00fc\u00dfe aus K\u00f6ln";
    private static final String DECOMPOSED = "gru\u0308\u00dfe aus Ko\u0308ln";

    @Test
    void itDoesNotMatterHowAKeyboardComposesLetters() {
        String email = randomEmail();
        registering(email, DECOMPOSED).then().statusCode(201);

        loggingIn(email, COMPOSED).then().statusCode(200);
        String token =
                loggingIn(email, DECOMPOSED).then().statusCode(200).extract().path("access_token");
        loggingIn(email, "gruße aus Koln").then().statusCode(401);
        Person.bearing(token)
                .contentType(ContentType.JSON)
                .body(Map.of("password", COMPOSED))
                .delete("/auth/me")
                .then()
                .statusCode(204);
    }

    @Test
    void lengthIsThatOfTheNormalisedText() {
        // 24 times 3 bytes as typed, 24 times 2 when composed.
        String email = randomEmail();
        String decomposed = "aeiou".repeat(5).substring(0, 24).replaceAll(".", "$0\u0308") + "x".repeat(24);
        registering(email, decomposed).then().statusCode(201);
        loggingIn(email, decomposed).then().statusCode(200);

        // 3 bytes as typed, 33 each when written out.
        registering(randomEmail(), "harbour \ufdfa\ufdfa").then().statusCode(422);
    }

    @Test
    void aHashThatCostLessIsReplacedAtTheNextLogin() {
        Person alice = Person.registered();
        String old = BcryptUtil.bcryptHash(alice.password(), 4);
        store(alice, old);

        loggingIn(alice.email(), "not her password").then().statusCode(401);
        assertThat(stored(alice)).isEqualTo(old);
        alice.login();

        String fresh = stored(alice);
        assertThat(fresh).startsWith("$2a$05$");
        loggingIn(alice.email(), "not her password").then().statusCode(401);
        alice.login();
        assertThat(stored(alice)).isEqualTo(fresh);
    }

    @Test
    void loginsAtOnceReplaceAHashOnce() {
        Person alice = Person.registered();
        String old = BcryptUtil.bcryptHash(alice.password(), 4);
        store(alice, old);

        List<Response> answers = Together.call(8, () -> loggingIn(alice.email(), alice.password()));

        assertThat(answers).extracting(Response::statusCode).containsOnly(200);
        String fresh = stored(alice);
        assertThat(fresh).startsWith("$2a$05$");
        alice.login();
        assertThat(stored(alice)).isEqualTo(fresh);
    }

    @Test
    void anInactivePersonsHashIsLeftAlone() {
        Person alice = Person.registered();
        String old = BcryptUtil.bcryptHash(alice.password(), 4);
        store(alice, old);
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", alice.id());

        loggingIn(alice.email(), alice.password()).then().statusCode(401);

        assertThat(stored(alice)).isEqualTo(old);
    }

    @Test
    void anImportedHashSignsIn() {
        Person alice = Person.registered();
        // Made by libxcrypt 4.4.33.
        store(alice, "$2y$05$abcdefghijklmnopqrstuunZ.Q4kXCjHW5juis1KxMBFLhZAjFHUy");

        loggingIn(alice.email(), COMPOSED).then().statusCode(200);
        loggingIn(alice.email(), "grüße aus Bonn").then().statusCode(401);
    }

    @Test
    void whatBcryptWouldMisreadIsIncorrectAndNoMore() {
        String email = randomEmail();
        registering(email, "half a pair ?").then().statusCode(201);

        given().contentType(ContentType.JSON)
                .body("{\"email\": \"" + email + "\", \"password\": \"half a pair \\ud83d\"}")
                .post("/auth/login")
                .then()
                .statusCode(401);
        loggingIn(email, "half a pair ?\0half a pair ?").then().statusCode(401);
        loggingIn(email, "").then().statusCode(401);
    }

    private static void store(Person person, String hash) {
        assertThat(Sql.update("UPDATE users SET password_hash = ? WHERE id = ?", hash, person.id()))
                .isOne();
    }

    private static String stored(Person person) {
        return (String) Sql.query("SELECT password_hash FROM users WHERE id = ?", person.id())
                .getFirst();
    }
}
