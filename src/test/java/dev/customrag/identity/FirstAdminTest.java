package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.registering;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.audit.Audit;
import dev.customrag.http.Ids;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How an installation gets its first administrator. The address is the one of application.properties for tests. */
@QuarkusTest
class FirstAdminTest {

    private static final String EMAIL = "first.admin@example.org";
    private static final String PASSWORD = "correct horse";
    private static final String CONFIRM = "Confirm your e-mail address";
    private static final String CONFIRM_NEW = "Confirm your new e-mail address";

    @Inject
    Audit audit;

    @Inject
    Clock clock;

    @BeforeEach
    void forget() {
        Sql.update("DELETE FROM users WHERE lower(email) = ?", EMAIL);
    }

    @Test
    void theConfiguredAddressIsAnAdministratorsOnceItIsVerified() {
        String id = registering(EMAIL, PASSWORD).path("id");
        assertThat(visitingAsThem()).isEqualTo(403);

        Sql.update("UPDATE users SET email_verified = true WHERE lower(email) = ?", EMAIL);

        assertThat(visitingAsThem()).isEqualTo(200);
        assertThat(visitingAsThem()).isEqualTo(200);
        assertThat(grants(id)).containsExactly("success configured-address ");
    }

    @Test
    void theLinkOfTheMailMakesTheConfiguredAddressAnAdministratorsAtOnce() {
        int earlier = mailbox().arrived(CONFIRM).size();
        registering(EMAIL, PASSWORD).then().statusCode(201);
        String token = loggingIn(EMAIL, PASSWORD).path("access_token");
        bearing(token).get("/admin/users").then().statusCode(403);

        verifying(mailbox().await(earlier + 1, CONFIRM).token());

        bearing(token).get("/admin/users").then().statusCode(200);
    }

    @Test
    void aPasswordResetThatConfirmsTheConfiguredAddressMakesThemOneToo() {
        String reset = "Choose a new password";
        String chosen = "a song of " + UUID.randomUUID();
        int earlier = mailbox().arrived(reset).size();
        String id = registering(EMAIL, PASSWORD).path("id");
        given().contentType(ContentType.JSON)
                .body(Map.of("email", EMAIL))
                .post("/auth/password/forgot")
                .then()
                .statusCode(202);

        given().contentType(ContentType.JSON)
                .body(Map.of("token", mailbox().await(earlier + 1, reset).token(), "new_password", chosen))
                .post("/auth/password/reset")
                .then()
                .statusCode(204);

        assertThat(roles(UUID.fromString(id))).containsExactly("admin");
        assertThat(grants(id)).containsExactly("success configured-address ");
        String token = loggingIn(EMAIL, chosen).path("access_token");
        bearing(token).get("/admin/users").then().statusCode(200);
    }

    @Test
    void whoMovesToTheConfiguredAddressHasToConfirmIt() {
        Person alice = Person.registered();
        int earlier = mailbox().arrived(CONFIRM_NEW).size();
        alice.json(Map.of("email", EMAIL, "password", alice.password()))
                .post("/auth/email/change")
                .then()
                .statusCode(202);
        String token = mailbox().await(earlier + 1, CONFIRM_NEW).token();
        alice.request().get("/admin/users").then().statusCode(403);

        verifying(token);

        alice.request().get("/admin/users").then().statusCode(200);
    }

    @Test
    void anotherVerifiedAddressIsNot() {
        Person alice = Person.registered();
        Sql.update("UPDATE users SET email_verified = true WHERE id = ?", alice.id());

        bearing(alice.login().access()).get("/admin/users").then().statusCode(403);
    }

    @Test
    void anAddressThatIsTheSameToUnicodeOnlyIsAnother() {
        FirstAdmin policy = policy(Map.of("identity.admin-email", "kate@example.org"));
        String kelvin = "\u212Aate@example.org";

        assertThat(kelvin).isEqualToIgnoringCase("kate@example.org");
        assertThat(rolesAfter(policy, kelvin)).isEmpty();
        assertThat(rolesAfter(policy, "KATE@example.org")).containsExactly("admin");
    }

    @Test
    void aStartRecognisesWhoWasThereBefore() {
        UUID verified = stored(Person.randomEmail(), true);
        UUID unverified = stored(Person.randomEmail(), false);

        for (UUID id : List.of(verified, unverified)) {
            FirstAdmin policy = policy(Map.of("identity.admin-email", emailOf(id)));
            Together.call(4, () -> {
                policy.recogniseAtStart(new StartupEvent());
                return true;
            });
        }

        assertThat(roles(verified)).containsExactly("admin");
        assertThat(grants(verified.toString())).hasSize(1);
        assertThat(roles(unverified)).isEmpty();
    }

    @Test
    void aStartWithoutSuchAnAccountIsNoTrouble() {
        policy(Map.of("identity.admin-email", Person.randomEmail())).recogniseAtStart(new StartupEvent());
        policy(Map.of()).recogniseAtStart(new StartupEvent());
    }

    @Test
    void whoRegistersFirstIsNobodyUnlessAskedFor() {
        Sql.update("DELETE FROM users");

        assertThat(registered(policy(Map.of())).roles).isEmpty();
    }

    @Test
    void ofManyWhoRegisterFirstOneIsAdministrator() {
        FirstAdmin policy = policy(Map.of("identity.first-registration-is-admin", "true"));
        for (int round = 0; round < 5; round++) {
            Sql.update("DELETE FROM users");

            List<User> users = Together.call(8, () -> registered(policy));

            // None, if each saw another's account before its own was the only one.
            assertThat(users.stream().filter(User::isAdmin)).hasSize(1);
            assertThat(registered(policy).isAdmin()).isFalse();
        }
    }

    private static Mailbox mailbox() {
        return new Mailbox(EMAIL);
    }

    private static void verifying(String token) {
        given().contentType(ContentType.JSON)
                .body(Map.of("token", token))
                .post("/auth/email/verify")
                .then()
                .statusCode(204);
    }

    private FirstAdmin policy(Map<String, String> values) {
        return new FirstAdmin(PasswordHasherTest.config(values), audit, clock);
    }

    /** The status of a call that is for administrators only, after a new sign-in. */
    private static int visitingAsThem() {
        String token = loggingIn(EMAIL, PASSWORD).path("access_token");
        return bearing(token).get("/admin/users").statusCode();
    }

    private User registered(FirstAdmin policy) {
        return QuarkusTransaction.requiringNew().call(() -> {
            User user = user(Person.randomEmail(), false);
            user.persistAndFlush();
            policy.registered(user);
            return user;
        });
    }

    private List<String> rolesAfter(FirstAdmin policy, String email) {
        Sql.update("DELETE FROM users WHERE lower(email) = lower(?)", email);
        UUID id = stored(email, true);
        return QuarkusTransaction.requiringNew().call(() -> {
            User user = User.locked(id).orElseThrow();
            policy.recognise(user);
            return List.copyOf(user.roles);
        });
    }

    private UUID stored(String email, boolean verified) {
        User user = user(email, verified);
        QuarkusTransaction.requiringNew().run(() -> user.persist());
        return user.id;
    }

    private User user(String email, boolean verified) {
        var user = new User();
        user.id = Ids.next();
        user.email = email;
        user.firstName = "Ada";
        user.lastName = "Lovelace";
        user.active = true;
        user.emailVerified = verified;
        user.createdAt = clock.instant();
        user.updatedAt = user.createdAt;
        return user;
    }

    private static String emailOf(UUID id) {
        return (String) Sql.query("SELECT email FROM users WHERE id = ?", id).getFirst();
    }

    private static List<Object> roles(UUID id) {
        return Sql.query("SELECT unnest(roles) FROM users WHERE id = ?", id);
    }

    private static List<Object> grants(String id) {
        return Sql.query(
                "SELECT concat(outcome, ' ', reason, ' ', actor_id) FROM audit_events"
                        + " WHERE subject_id = ?::uuid AND type = 'role-granted'",
                id);
    }
}
