package dev.customrag.identity;

import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.randomEmail;
import static dev.customrag.testing.Person.registering;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.customrag.testing.Client;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class RegistrationTest {

    private static final String PASSWORD = "correct horse";

    @Test
    void anAccountOpensWithWhatWasAskedAndNothingElse() {
        String email = randomEmail();

        given().contentType(ContentType.JSON)
                .body(Map.of(
                        "email",
                        "  " + email + " ",
                        "first_name",
                        " Ada ",
                        "last_name",
                        "King-Noël 李",
                        "password",
                        PASSWORD,
                        "id",
                        "0198f000-0000-7000-8000-000000000000",
                        "is_active",
                        false,
                        "email_verified",
                        true,
                        "roles",
                        List.of("admin"),
                        "groups",
                        List.of("admin")))
                .post("/auth/register")
                .then()
                .statusCode(201)
                .body("email", equalTo(email))
                .body("first_name", equalTo("Ada"))
                .body("last_name", equalTo("King-Noël 李"))
                .body("id", not(equalTo("0198f000-0000-7000-8000-000000000000")))
                .body("is_active", equalTo(true))
                .body("email_verified", equalTo(false))
                .body("size()", equalTo(7));
    }

    @Test
    void anAddressHasOneAccountHoweverItIsWritten() {
        String email = randomEmail();
        registering(email, PASSWORD).then().statusCode(201);

        isTaken(registering(email, PASSWORD));
        isTaken(registering(email.toUpperCase(Locale.ROOT), "another password"));
    }

    @Test
    void ofManyWhoRegisterAnAddressAtOnceOneWins() {
        String email = randomEmail();

        List<Response> answers = Together.call(50, () -> registering(email, PASSWORD));

        assertThat(answers)
                .extracting(Response::statusCode)
                .containsOnly(201, 400)
                .containsOnlyOnce(201);
        answers.stream().filter(answer -> answer.statusCode() == 400).forEach(RegistrationTest::isTaken);
        assertThat(Sql.query("SELECT id FROM users WHERE lower(email) = ?", email))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"a,\u0430", "i,\u0131", "i,\u0130", "k,\u212a", "s,\u017f", "a,\uff41", "e,e\u0301"})
    void whoseAddressLooksAlikeIsSomebodyElse(String letter, String lookAlike) {
        String domain = UUID.randomUUID() + "@example.org";
        registering(letter + domain, PASSWORD).then().statusCode(201);

        Response answer = registering(lookAlike + domain, "another password");

        // PostgreSQL may lower one to the other: then it is one address for everything, and taken.
        if (answer.statusCode() == 201) {
            loggingIn(lookAlike + domain, PASSWORD).then().statusCode(401);
            loggingIn(lookAlike + domain, "another password").then().statusCode(200);
        } else {
            isTaken(answer);
        }
        loggingIn(letter + domain, "another password").then().statusCode(401);
        loggingIn(letter + domain, PASSWORD).then().statusCode(200);
    }

    @Test
    void oneNetworkRegistersAHundredInTenMinutes() {
        Client office = Client.somewhere();
        Instant began = Instant.now();
        int registered = 0;
        Response answer = registeringFrom(office);
        while (answer.statusCode() == 201) {
            registered++;
            answer = registeringFrom(office);
        }

        // One comes back every six seconds.
        long back = Duration.between(began, Instant.now()).toSeconds() / 6 + 1;
        assertThat((long) registered).isBetween(100L, 100 + back);
        answer.then().statusCode(429).contentType("application/problem+json");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 6);
        registeringFrom(Client.somewhere()).then().statusCode(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ada",
                "@example.org",
                "ada@",
                "ada@@example.org",
                "ada example@example.org",
                "ada@example.org\u0000",
                "ada@example.org\nBcc: all@example.org",
                "\u0085ada@example.org"
            })
    void whatIsNoAddressIsRefused(String email) {
        isInvalid(registering(email, PASSWORD), "email");
    }

    @Test
    void anAddressNoMailServerTakesIsRefused() {
        String domain = "@" + "a".repeat(60) + "." + "b".repeat(60) + "." + "c".repeat(60) + ".org";

        isInvalid(registering("x".repeat(320 - domain.length()) + domain, PASSWORD), "email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "Ada\nLovelace", "Ada\u0000", "\u001b[31mAda", "Ada\u2028Lovelace"})
    void aNameOfNoOrSeveralLinesIsRefused(String name) {
        isInvalid(registeringWith(Map.of("first_name", name)), "first_name");
        isInvalid(registeringWith(Map.of("last_name", name)), "last_name");
    }

    @Test
    void aNameMayHaveAHundredCharacters() {
        registeringWith(Map.of("first_name", "x".repeat(100))).then().statusCode(201);
        isInvalid(registeringWith(Map.of("first_name", "x".repeat(101))), "first_name");
    }

    @Test
    void aPasswordHas8To72BytesAndIsNeverCutOff() {
        String most = "correct horse battery staple, ".repeat(3).substring(0, 71);
        String email = randomEmail();
        registering(email, most + "1").then().statusCode(201);

        loggingIn(email, most + "1").then().statusCode(200);
        loggingIn(email, most + "2").then().statusCode(401);
        loggingIn(email, most).then().statusCode(401);
        loggingIn(email, most + "12").then().statusCode(401);
        isInvalid(registering(randomEmail(), most + "12"), "password")
                .then()
                .body(
                        "errors[0].message",
                        equalTo("must be 8 to 72 bytes long in UTF-8 (a letter outside of ASCII takes 2 to 4)"));
        isInvalid(registering(randomEmail(), "seven77"), "password");
    }

    @Test
    void bytesCountAndNotLetters() {
        String email = randomEmail();
        String most = "üäößéàèçñ".repeat(4);
        registering(email, most).then().statusCode(201);
        loggingIn(email, most).then().statusCode(200);
        loggingIn(email, most.substring(0, 35) + "ä").then().statusCode(401);

        isInvalid(registering(randomEmail(), most + "x"), "password");
        registering(randomEmail(), "😀🙈").then().statusCode(201);
    }

    @Test
    void aPasswordBcryptWouldMisreadIsRefused() {
        isInvalid(registering(randomEmail(), "password\u0000password"), "password");
        isInvalid(
                given().contentType(ContentType.JSON)
                        .body("{\"email\": \"" + randomEmail() + "\", \"first_name\": \"A\", \"last_name\": \"B\","
                                + " \"password\": \"half a pair \\ud83d\"}")
                        .post("/auth/register"),
                "password");
    }

    @Test
    void aPasswordAttackersTryFirstIsRefused() {
        String email = "grace.hopper-" + UUID.randomUUID() + "@example.org";

        isInvalid(registering(email, "Password1!"), "password")
                .then()
                .body("errors.field", equalTo(List.of("password")))
                .body("errors[0].message", equalTo(PasswordPolicy.COMMON));
        isInvalid(registering(email, "Grace.Hopper.1906"), "password")
                .then()
                .body("errors[0].message", equalTo(PasswordPolicy.PERSONAL));
        isInvalid(registering(email, "ADA lovelace 1815"), "password")
                .then()
                .body("errors[0].message", equalTo(PasswordPolicy.PERSONAL));
        assertThat(Sql.query("SELECT id FROM users WHERE email = ?", email)).isEmpty();

        registering(email, "my password is a lovelace poem").then().statusCode(201);
    }

    @Test
    void aMissingBodyNamesWhatIsWanted() {
        given().contentType(ContentType.JSON)
                .post("/auth/register")
                .then()
                .statusCode(422)
                .body("errors.field", equalTo(List.of("email", "first_name", "last_name", "password")));
    }

    @Test
    void passwordsAreStoredHashed() {
        String email = randomEmail();
        registering(email, PASSWORD);

        assertThat((String) Sql.query("SELECT password_hash FROM users WHERE email = ?", email)
                        .getFirst())
                .startsWith("$2a$")
                .doesNotContain(PASSWORD);
    }

    private static Response registeringFrom(Client client) {
        return client.post(
                "/auth/register",
                Map.of("email", randomEmail(), "first_name", "A", "last_name", "B", "password", PASSWORD));
    }

    private static Response registeringWith(Map<String, String> fields) {
        var body = new TreeMap<>(
                Map.of("email", randomEmail(), "first_name", "Ada", "last_name", "Lovelace", "password", PASSWORD));
        body.putAll(fields);
        return given().contentType(ContentType.JSON)
                .body(Collections.unmodifiableMap(body))
                .post("/auth/register");
    }

    private static void isTaken(Response answer) {
        answer.then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("detail", equalTo("Email already registered"));
    }

    private static Response isInvalid(Response answer, String field) {
        answer.then().statusCode(422).contentType("application/problem+json").body("errors.field", hasItem(field));
        return answer;
    }
}
