package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingIn;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.customrag.testing.Authenticator;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import dev.customrag.testing.WrittenMails;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signing in with a second factor. */
@QuarkusTest
class SecondStepTest {

    @Inject
    SignIn signIn;

    @Inject
    SignInSessions sessions;

    @Inject
    OneTimeTokens oneTimeTokens;

    private Person alice;
    private Authenticator phone;
    private final List<String> codes = new ArrayList<>();

    @BeforeEach
    void enrol() {
        WrittenMails.watch();
        alice = Person.registered();
        codes.clear();
        phone = Authenticator.confirmed(alice, codes);
    }

    @Test
    void thePasswordAloneIsNotEnough() {
        loggingIn(alice.email(), alice.password())
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer")
                .header("Cache-Control", "no-store")
                .body("type", equalTo("urn:customrag:problem:mfa-required"))
                .body("mfa_token", matchesPattern("[\\w-]{43}"))
                .body("expires_in", equalTo(300))
                .body("$", not(hasKey("access_token")));
        loggingIn(alice.email(), "not-her-password").then().statusCode(401).body("$", not(hasKey("mfa_token")));
    }

    @Test
    void aCodeCompletesTheSignIn() {
        Response answer = verifying(pending(), phone.next());

        answer.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("token_type", equalTo("bearer"))
                .body("expires_in", equalTo(1800));
        bearing(answer.path("access_token"))
                .get("/auth/me")
                .then()
                .body("id", equalTo(alice.id().toString()));
        Person.refreshing(answer.path("refresh_token")).then().statusCode(200);
        assertThat(reasons("sign-in")).containsExactly("password", "password+totp");
        assertThat(reasons("second-factor-asked")).containsExactly("password");
    }

    @Test
    void theRefreshTokenComesAsACookieToWhoAsks() {
        given().contentType(ContentType.JSON)
                .header("X-Refresh-Cookie", "1")
                .body(Map.of("mfa_token", pending(), "code", phone.next()))
                .post("/auth/mfa/verify")
                .then()
                .statusCode(200)
                .cookie("refresh_token")
                .body("$", not(hasKey("refresh_token")));
    }

    @Test
    void aCodeWorksOnceAndNoneBeforeItDoes() {
        String earlier = phone.at(0);
        String code = phone.next();
        verifying(pending(), code).then().statusCode(200);

        for (String spent : List.of(code, earlier, phone.at(-1))) {
            isIncorrect(verifying(pending(), spent));
        }
        verifying(pending(), phone.next()).then().statusCode(200);
    }

    @Test
    void theCodeThatConfirmedDoesNotSignIn() {
        Person bob = Person.registered();
        Authenticator his = Authenticator.begun(bob);
        String code = his.next();
        bob.json(Map.of("code", code)).post("/auth/mfa/totp/confirm").then().statusCode(200);

        isIncorrect(verifying(pending(bob), code));
    }

    @Test
    void codesMayBeTypedAsTheyAreShown() {
        String code = phone.next();
        verifying(pending(), " " + code.substring(0, 3) + " " + code.substring(3) + "\u00a0")
                .then()
                .statusCode(200);
        String next = phone.next();
        verifying(pending(), next.substring(0, 3) + "-" + next.substring(3))
                .then()
                .statusCode(200);
        verifying(pending(), codes.get(0).toLowerCase(Locale.ROOT).replace('-', ' '))
                .then()
                .statusCode(200);
        verifying(pending(), codes.get(1).replace("-", "").replace('0', 'o').replace('1', 'l'))
                .then()
                .statusCode(200);
    }

    @Test
    void aRecoveryCodeWorksOnceAndIsAnnounced() {
        verifying(pending(), codes.getFirst()).then().statusCode(200);

        isIncorrect(verifying(pending(), codes.getFirst()));
        alice.request().get("/auth/mfa").then().body("recovery_codes_left", equalTo(9));
        assertThat(WrittenMails.count(Mail.RECOVERY_CODE_USED, alice.id())).isEqualTo(1);
        assertThat(Sql.query(
                        "SELECT outcome FROM audit_events WHERE subject_id = ? AND type = 'recovery-code-used'",
                        alice.id()))
                .containsExactly("success");
        assertThat(reasons("sign-in")).containsExactly("password", "password+recovery-code");
    }

    @Test
    void aSignInIsCompletedOnce() {
        String token = pending();
        verifying(token, phone.next()).then().statusCode(200);

        isUnusable(verifying(token, phone.next()));
    }

    @Test
    void fiveWrongCodesEndASignInAndTheRightOneComesTooLate() {
        String token = pending();
        for (int i = 0; i < 5; i++) {
            isIncorrect(verifying(token, phone.wrong()));
        }

        String right = phone.next();
        isUnusable(verifying(token, right));
        Sql.update("DELETE FROM sign_in_failures");

        verifying(pending(), right).then().statusCode(200);
        assertThat(reasons("second-factor-check"))
                .containsExactly(Stream.generate(() -> "wrong-code").limit(5).toArray());
    }

    @Test
    void guessesAtTheSameMomentAreNoMoreThanFive() {
        String token = pending();
        String wrong = phone.wrong();

        List<String> problems = Together.call(20, () -> verifying(token, wrong).path("type"));

        assertThat(problems.stream().filter(type -> type.endsWith(":incorrect-code")))
                .hasSize(5);
        assertThat(problems.stream().filter(type -> type.endsWith(":invalid-mfa-token")))
                .hasSize(15);
    }

    /** Who knows the password could ask for one token after the other. */
    @Test
    void wrongCodesSlowTheSignInDownLikeWrongPasswords() {
        for (int i = 0; i < 5; i++) {
            isIncorrect(verifying(pending(), phone.wrong()));
        }

        loggingIn(alice.email(), alice.password()).then().statusCode(429).header("Retry-After", notNullValue());
        Sql.update("DELETE FROM sign_in_failures");
    }

    @Test
    void ofManyWithOneCodeOneSignsIn() {
        String token = pending();
        String code = phone.next();

        List<Integer> statuses = Together.call(20, () -> verifying(token, code).statusCode());

        assertThat(statuses).containsOnly(200, 401).containsOnlyOnce(200);
    }

    @Test
    void ofManySignInsWithOneCodeOneIsCompleted() {
        for (String code : List.of(phone.next(), codes.getFirst())) {
            Queue<String> tokens = new ConcurrentLinkedQueue<>(
                    Stream.generate(this::pending).limit(20).toList());

            List<Integer> statuses =
                    Together.call(20, () -> verifying(tokens.remove(), code).statusCode());

            assertThat(statuses).containsOnly(200, 401, 429).containsOnlyOnce(200);
            Sql.update("DELETE FROM sign_in_failures");
        }
    }

    @Test
    void whatIsNoTokenOfASecondStepIsRefused() {
        String expired = pending();
        Sql.update("UPDATE one_time_tokens SET expires_at = now() WHERE user_id = ?", alice.id());
        String other = pending();
        Sql.update(
                "UPDATE one_time_tokens SET purpose = 'SOMETHING_ELSE' WHERE user_id = ? AND expires_at > now()",
                alice.id());

        for (String token : List.of(
                expired,
                other,
                alice.accessToken(),
                alice.refreshToken(),
                "",
                "x".repeat(1024),
                "\u0000",
                codes.get(0))) {
            isUnusable(verifying(token, phone.at(0)));
        }
        bearing(pending()).get("/auth/me").then().statusCode(401);
    }

    @Test
    void malformedRequestsAreNamed() {
        verifying("x".repeat(1025), "123456").then().statusCode(422).body("errors[0].field", equalTo("mfa_token"));
        verifying(pending(), "1".repeat(65)).then().statusCode(422).body("errors[0].field", equalTo("code"));
        given().contentType(ContentType.JSON)
                .post("/auth/mfa/verify")
                .then()
                .statusCode(422)
                .body("errors.field", equalTo(List.of("code", "mfa_token")));
        for (String rubbish : List.of("", "12345", "1234567", "\u0000", "' OR 1=1 --", "٠٠٥٩٢٤", "--- ---")) {
            isIncorrect(verifying(pending(), rubbish));
            Sql.update("DELETE FROM sign_in_failures");
        }
    }

    @Test
    void anotherPersonsCodeIsOfNoUse() {
        Person bob = Person.registered();
        List<String> hisCodes = new ArrayList<>();
        Authenticator hisPhone = Authenticator.confirmed(bob, hisCodes);

        isIncorrect(verifying(pending(), hisPhone.next()));
        isIncorrect(verifying(pending(), hisCodes.getFirst()));
        bob.request().get("/auth/mfa").then().body("recovery_codes_left", equalTo(10));
    }

    @Test
    void aSignInDoesNotOutliveTheAccountsStanding() {
        String token = pending();
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", alice.id());

        isUnusable(verifying(token, phone.next()));
    }

    @Test
    void aSignInDoesNotOutliveTheFactor() {
        String token = pending();
        removed();
        isUnusable(verifying(token, phone.next()));

        Authenticator second = Authenticator.confirmed(alice, new ArrayList<>());
        isUnusable(verifying(token, second.next()));
    }

    @Test
    void aSignInDoesNotOutliveTheEndOfAllOthers() {
        String token = pending();
        alice.request().post("/auth/logout-all").then().statusCode(204);
        isUnusable(verifying(token, phone.next()));

        // What a changed password does.
        String another = pending();
        sessions.endOthers(alice.id(), null);
        isUnusable(verifying(another, phone.next()));
    }

    @Test
    void aProvidersWordTakesACodeToo() {
        SecondStepRequired required = catchThrowableOfType(SecondStepRequired.class, () -> signIn.admit(alice.id()));

        verifying((String) required.body().get("mfa_token"), phone.next())
                .then()
                .statusCode(200);
        assertThat(reasons("sign-in")).containsExactly("password", "provider+totp");
        removed();
        assertThat(signIn.admit(alice.id()).accessToken()).isNotBlank();
        assertThat(reasons("sign-in")).containsExactly("password", "provider+totp", "provider");
    }

    @Test
    void onlyTheHashOfATokenIsKept() {
        String token = pending();

        List<Object> hashes = Sql.query(
                "SELECT token_hash FROM one_time_tokens WHERE user_id = ? AND purpose = 'MFA_AFTER_PASSWORD'",
                alice.id());
        assertThat(hashes).hasSize(1).allMatch(hash -> ((byte[]) hash).length == 32);
        assertThat(Sql.query("SELECT t::text FROM one_time_tokens t WHERE user_id = ?", alice.id()))
                .noneMatch(row -> row.toString().contains(token));
        int tries = QuarkusTransaction.requiringNew().call(() -> oneTimeTokens
                .tried(token, OneTimeTokens.SECOND_STEPS, 5)
                .orElseThrow()
                .tries);
        assertThat(tries).isEqualTo(1);
    }

    private void removed() {
        alice.json(Map.of("password", alice.password(), "code", codes.removeFirst()))
                .delete("/auth/mfa/totp")
                .then()
                .statusCode(204);
    }

    private String pending() {
        return pending(alice);
    }

    private static String pending(Person person) {
        return loggingIn(person.email(), person.password())
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:customrag:problem:mfa-required"))
                .extract()
                .path("mfa_token");
    }

    private static Response verifying(String token, String code) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("mfa_token", token, "code", code))
                .post("/auth/mfa/verify");
    }

    private static void isIncorrect(Response answer) {
        answer.then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .body("type", equalTo("urn:customrag:problem:incorrect-code"));
    }

    private static void isUnusable(Response answer) {
        answer.then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .body("type", equalTo("urn:customrag:problem:invalid-mfa-token"));
    }

    private List<Object> reasons(String type) {
        return Sql.query(
                "SELECT reason FROM audit_events WHERE subject_id = ? AND type = ? ORDER BY id", alice.id(), type);
    }
}
