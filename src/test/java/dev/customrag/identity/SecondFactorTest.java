package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.customrag.http.Ids;
import dev.customrag.testing.Authenticator;
import dev.customrag.testing.EncryptionKeyFile;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import dev.customrag.testing.WrittenMails;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How people get, keep and remove their second factor. */
@QuarkusTest
class SecondFactorTest {

    @Inject
    SecretCipher cipher;

    private Person alice;
    private final List<String> codes = new ArrayList<>();

    @BeforeEach
    void register() {
        alice = Person.registered();
        codes.clear();
        WrittenMails.watch();
    }

    @Test
    void whoHasNoneIsToldSo() {
        stateIs(false, 0);
    }

    @Test
    void anAppGetsItsSecretAndCountsOnceItIsConfirmed() {
        Response begun = alice.request().post("/auth/mfa/totp");
        begun.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("secret.length()", equalTo(32))
                .body(
                        "otpauth_uri",
                        equalTo("otpauth://totp/CustomRAGAssistant:"
                                + alice.email().replace("@", "%40") + "?secret=" + begun.path("secret")
                                + "&issuer=CustomRAGAssistant&algorithm=SHA1&digits=6&period=30"))
                .body("qr_svg", startsWith("<svg xmlns="));
        stateIs(false, 0);
        alice.login();

        Response confirmed =
                confirming(Authenticator.of(alice, begun.path("secret")).next());

        confirmed.then().statusCode(200);
        assertThat(confirmed.<List<String>>path("recovery_codes"))
                .hasSize(10)
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("[0-9A-HJKMNP-TV-Z]{6}(-[0-9A-HJKMNP-TV-Z]{6}){3}"));
        stateIs(true, 10);
        assertThat(events("second-factor-added")).containsExactly("success");
        assertThat(Sql.query(
                        "SELECT session_id::text FROM audit_events WHERE subject_id = ? AND type = 'second-factor-added'",
                        alice.id()))
                .containsExactly(TokenTest.claims(alice.accessToken()).getClaimValue("sid"));
        assertThat(mails(Mail.SECOND_FACTOR_ADDED)).isEqualTo(1);
        alice.request().get("/auth/me").then().statusCode(200);
    }

    @Test
    void theSecretIsNeverShownAgainAndTheTablesAreOfNoUse() {
        String secret = alice.request().post("/auth/mfa/totp").path("secret");
        codes.addAll(confirming(Authenticator.of(alice, secret).next()).path("recovery_codes"));

        String state = alice.request().get("/auth/mfa").asString();
        assertThat(state).doesNotContain(secret);
        byte[] raw = new Base32().decode(secret);
        byte[] stored = secretOf(alice);
        assertThat(hex(stored)).doesNotContain(hex(raw));
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain(secret);
        assertThat(cipher.decrypt(stored, alice.id())).hasValue(raw);
        assertThat(cipher.decrypt(stored, Ids.next())).isEmpty();
        List<Object> hashes = Sql.query("SELECT code_hash FROM recovery_codes WHERE user_id = ?", alice.id());
        assertThat(hashes).hasSize(10).allMatch(hash -> ((byte[]) hash).length == 32);
    }

    @Test
    void aSecretInAnotherPersonsRowOpensNothing() {
        Authenticator hers = Authenticator.confirmed(alice, codes);
        Person bob = Person.registered();
        Authenticator.confirmed(bob, new ArrayList<>());

        Sql.update("UPDATE second_factors SET secret = ?, last_step = 0 WHERE user_id = ?", secretOf(alice), bob.id());

        renewing(bob, hers.next()).then().statusCode(401);
    }

    @Test
    void beginningAnewForgetsTheSecretBefore() {
        Authenticator first = Authenticator.begun(alice);
        Authenticator second = Authenticator.begun(alice);

        confirming(first.next()).then().statusCode(400);
        confirming(second.next()).then().statusCode(200);
    }

    @Test
    void aWrongCodeConfirmsNothing() {
        Authenticator phone = Authenticator.begun(alice);

        for (String wrong : List.of(phone.wrong(), phone.at(-3), phone.at(3), "", "abc", "000000000000000000000000")) {
            confirming(wrong)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:customrag:problem:incorrect-code"));
            Sql.update("DELETE FROM sign_in_failures");
        }

        stateIs(false, 0);
        assertThat(events("second-factor-check")).hasSize(6).containsOnly("failure");
        alice.login();
    }

    @Test
    void thereIsNothingToConfirmBeforeItBegan() {
        confirming("123456").then().statusCode(400).body("type", equalTo("urn:customrag:problem:no-enrolment"));
    }

    @Test
    void whoHasOneEnrolsAndConfirmsNoOther() {
        Authenticator phone = Authenticator.confirmed(alice, codes);

        alice.request()
                .post("/auth/mfa/totp")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:customrag:problem:second-factor-exists"));
        confirming(phone.next()).then().statusCode(409);
        stateIs(true, 10);
    }

    @Test
    void ofManyConfirmationsOneGivesTheCodes() {
        String code = Authenticator.begun(alice).next();

        List<Integer> statuses = Together.call(10, () -> confirming(code).statusCode());

        assertThat(statuses).containsOnly(200, 409).containsOnlyOnce(200);
        stateIs(true, 10);
    }

    @Test
    void enrolmentsAtTheSameMomentLeaveOneSecret() {
        List<Response> answers = Together.call(10, () -> alice.request().post("/auth/mfa/totp"));

        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        String kept = new Base32()
                .encodeAsString(cipher.decrypt(secretOf(alice), alice.id()).orElseThrow());
        assertThat(answers.stream().map(answer -> answer.<String>path("secret")))
                .containsOnlyOnce(kept);
    }

    @Test
    void onlyARecentSignInEnrols() {
        Sql.update(
                "UPDATE sign_in_sessions SET created_at = created_at - interval '16 minutes' WHERE user_id = ?",
                alice.id());

        alice.request()
                .post("/auth/mfa/totp")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", containsString("insufficient_user_authentication"))
                .header("WWW-Authenticate", containsString("max_age=\"900\""))
                .body("type", equalTo("urn:customrag:problem:sign-in-too-old"));
        bearing(alice.login().access()).post("/auth/mfa/totp").then().statusCode(200);
    }

    @Test
    void removingTakesThePasswordAndACode() {
        Authenticator phone = Authenticator.confirmed(alice, codes);

        refusesToRemove("not-her-password", phone.next());
        refusesToRemove(alice.password(), phone.wrong());
        refusesToRemove(alice.password(), "rubbish");
        removing(null, phone.at(0)).then().statusCode(422).body("errors[0].field", equalTo("password"));
        removing(alice.password(), null).then().statusCode(422).body("errors[0].field", equalTo("code"));
        stateIs(true, 10);
        assertThat(events("second-factor-removed")).containsExactly("failure");
        assertThat(events("second-factor-check")).containsExactly("failure", "failure");

        removing(alice.password(), phone.next()).then().statusCode(204);

        stateIs(false, 0);
        assertThat(Sql.query("SELECT id FROM recovery_codes WHERE user_id = ?", alice.id()))
                .isEmpty();
        assertThat(mails(Mail.SECOND_FACTOR_REMOVED)).isEqualTo(1);
        assertThat(events("second-factor-removed")).containsExactly("failure", "success");
        alice.login();
        removing(alice.password(), phone.next()).then().statusCode(404);
    }

    @Test
    void aWrongPasswordDoesNotUseTheCodeUp() {
        Authenticator phone = Authenticator.confirmed(alice, codes);
        String code = phone.next();

        refusesToRemove("not-her-password", code);

        removing(alice.password(), code).then().statusCode(204);
    }

    @Test
    void aRecoveryCodeRemovesToo() {
        Authenticator.confirmed(alice, codes);

        removing(alice.password(), codes.getFirst()).then().statusCode(204);

        assertThat(mails(Mail.RECOVERY_CODE_USED)).isEqualTo(1);
        stateIs(false, 0);
    }

    @Test
    void whoHasNoPasswordRemovesItAfterARecentSignIn() {
        Authenticator phone = Authenticator.confirmed(alice, codes);
        Sql.update("UPDATE users SET password_hash = NULL WHERE id = ?", alice.id());
        Sql.update(
                "UPDATE sign_in_sessions SET created_at = created_at - interval '16 minutes' WHERE user_id = ?",
                alice.id());
        removing(null, phone.next())
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:customrag:problem:sign-in-too-old"));
        Sql.update("UPDATE sign_in_sessions SET created_at = now() WHERE user_id = ?", alice.id());

        refusesToRemove(null, phone.wrong());
        removing(null, phone.next()).then().statusCode(204);
    }

    @Test
    void newRecoveryCodesVoidTheOldOnes() {
        Authenticator phone = Authenticator.confirmed(alice, codes);
        renewing(alice, phone.wrong())
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:customrag:problem:incorrect-code"));
        renewing(alice, codes.getFirst()).then().statusCode(200);

        List<String> renewed =
                renewing(alice, phone.next()).then().statusCode(200).extract().path("recovery_codes");

        assertThat(renewed).hasSize(10).doesNotContainAnyElementsOf(codes);
        renewing(alice, codes.getLast()).then().statusCode(401);
        renewing(alice, renewed.getLast()).then().statusCode(200);
        assertThat(events("recovery-codes-renewed")).hasSize(3);
        assertThat(Sql.query(
                        "SELECT DISTINCT session_id::text FROM audit_events WHERE subject_id = ?"
                                + " AND type = 'recovery-code-used'",
                        alice.id()))
                .containsExactly(TokenTest.claims(alice.accessToken()).getClaimValue("sid"));
    }

    @Test
    void recoveryCodesAreForThoseWithAFactor() {
        renewing(alice, "123456").then().statusCode(404);
    }

    @Test
    void codesAreNoLongerThanTheyCanBe() {
        Authenticator.confirmed(alice, codes);

        renewing(alice, "1".repeat(64)).then().statusCode(401);
        renewing(alice, "1".repeat(65)).then().statusCode(422).body("errors[0].field", equalTo("code"));
        confirming("1".repeat(65)).then().statusCode(422);
        removing(alice.password(), "1".repeat(65)).then().statusCode(422);
        removing("x".repeat(1025), "123456").then().statusCode(422);
        alice.json("{\"code\": [1]}").post("/auth/mfa/recovery-codes").then().statusCode(422);
        alice.json("{\"code\": ").post("/auth/mfa/recovery-codes").then().statusCode(400);
        renewing(alice, "\u0000'; DROP TABLE users; --").then().statusCode(401);
    }

    @Test
    void otherPeopleSeeAndUseNothingOfIt() {
        Authenticator phone = Authenticator.confirmed(alice, codes);
        Person bob = Person.registered();

        bob.request().get("/auth/mfa").then().statusCode(200).body("totp", equalTo(false));
        renewing(bob, codes.getFirst()).then().statusCode(404);
        Authenticator.confirmed(bob, new ArrayList<>());
        renewing(bob, codes.getFirst()).then().statusCode(401);
        renewing(bob, phone.next()).then().statusCode(401);
    }

    @Test
    void itGoesWithTheAccount() {
        Authenticator.confirmed(alice, codes);

        alice.json(Map.of("password", alice.password()))
                .delete("/auth/me")
                .then()
                .statusCode(204);

        assertThat(Sql.query("SELECT user_id FROM second_factors WHERE user_id = ?", alice.id()))
                .isEmpty();
        assertThat(Sql.query("SELECT id FROM recovery_codes WHERE user_id = ?", alice.id()))
                .isEmpty();
    }

    @Test
    void aNewKeyTakesOverWhatThePreviousOnesEncrypted() {
        Authenticator.confirmed(alice, codes);
        byte[] raw = cipher.decrypt(secretOf(alice), alice.id()).orElseThrow();
        String previous = EncryptionKeyFile.key();
        String next = EncryptionKeyFile.key();
        byte[] old = new SecretCipher(EncryptionKeysTest.keys(Map.of("identity.encryption-key", previous)))
                .encrypt(raw, alice.id());
        Sql.update("UPDATE second_factors SET secret = ? WHERE user_id = ?", old, alice.id());
        Person bob = Person.registered();
        Authenticator.begun(bob);
        byte[] unrelated = secretOf(bob);
        EncryptionKeys keys = EncryptionKeysTest.keys(
                Map.of("identity.encryption-key", next, "identity.previous-encryption-keys", previous));

        new SecretRotation(keys, new SecretCipher(keys), null).rotate();

        var alone = new SecretCipher(EncryptionKeysTest.keys(Map.of("identity.encryption-key", next)));
        assertThat(alone.decrypt(secretOf(alice), alice.id())).hasValue(raw);
        assertThat(secretOf(bob)).isEqualTo(unrelated);
    }

    @Test
    void aForgottenKeyLeavesTheRecoveryCodes() {
        Authenticator phone = Authenticator.confirmed(alice, codes);
        byte[] lost = new SecretCipher(
                        EncryptionKeysTest.keys(Map.of("identity.encryption-key", EncryptionKeyFile.key())))
                .encrypt(new byte[20], alice.id());
        Sql.update("UPDATE second_factors SET secret = ? WHERE user_id = ?", lost, alice.id());

        assertThat(loggingIn(alice.email(), alice.password()).<String>path("mfa_token"))
                .isNotNull();
        renewing(alice, phone.next()).then().statusCode(401);
        removing(alice.password(), codes.getFirst()).then().statusCode(204);
    }

    private void stateIs(boolean totp, int recoveryCodesLeft) {
        Map<String, Object> state = alice.request()
                .get("/auth/mfa")
                .then()
                .statusCode(200)
                .extract()
                .path("");
        assertThat(state)
                .containsOnlyKeys("totp", "confirmed_at", "recovery_codes_left")
                .containsEntry("totp", totp)
                .containsEntry("recovery_codes_left", recoveryCodesLeft);
        assertThat(state.get("confirmed_at") != null).isEqualTo(totp);
    }

    private void refusesToRemove(String password, String code) {
        removing(password, code)
                .then()
                .statusCode(401)
                .body("type", equalTo("urn:customrag:problem:incorrect-credentials"))
                .body("detail", equalTo("Incorrect password or code"));
    }

    private Response removing(String password, String code) {
        Map<String, String> body = new HashMap<>();
        body.put("password", password);
        body.put("code", code);
        return alice.json(body).delete("/auth/mfa/totp");
    }

    private Response confirming(String code) {
        return alice.json(Map.of("code", code)).post("/auth/mfa/totp/confirm");
    }

    private static Response renewing(Person person, String code) {
        return person.json(Map.of("code", code)).post("/auth/mfa/recovery-codes");
    }

    private static byte[] secretOf(Person person) {
        return (byte[]) Sql.query("SELECT secret FROM second_factors WHERE user_id = ?", person.id())
                .getFirst();
    }

    private List<Object> events(String type) {
        return Sql.query(
                "SELECT outcome FROM audit_events WHERE subject_id = ? AND type = ? ORDER BY id", alice.id(), type);
    }

    private int mails(Mail mail) {
        return WrittenMails.count(mail, alice.id());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
