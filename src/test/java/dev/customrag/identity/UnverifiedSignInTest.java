package dev.customrag.identity;

import static dev.customrag.testing.Person.randomEmail;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.customrag.audit.Audit;
import dev.customrag.http.Problem;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service set up so that only confirmed addresses sign in: {@code identity.unverified-may-sign-in=false}. */
@QuarkusTest
class UnverifiedSignInTest {

    @Inject
    PasswordHasher hasher;

    @Inject
    RefreshTokens tokens;

    @Inject
    SecondFactors factors;

    @Inject
    OneTimeTokens oneTimeTokens;

    @Inject
    SignInSessions sessions;

    @Inject
    SignInThrottle throttle;

    @Inject
    Audit audit;

    private SignIn strict;
    private Person alice;

    @BeforeEach
    void register() {
        IdentityConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(IdentityConfig.class)
                .withDefaultValues(
                        Map.of("identity.unverified-may-sign-in", "false", "identity.web-url", "https://example.org"))
                .build()
                .getConfigMapping(IdentityConfig.class);
        strict = new SignIn(hasher, tokens, factors, oneTimeTokens, sessions, throttle, audit, config);
        alice = Person.registered();
    }

    @Test
    void whoKnowsThePasswordIsToldToConfirmTheAddress() {
        Problem problem = refusal(alice.email(), alice.password());

        assertThat(problem.status()).isEqualTo(403);
        assertThat(problem.body()).containsEntry("type", "urn:customrag:problem:email-not-verified");
        assertThat(Sql.query(
                        "SELECT reason FROM audit_events WHERE subject_id = ? AND outcome = 'failure'", alice.id()))
                .containsExactly("unverified-address");
    }

    @Test
    void nobodyElseLearnsOfIt() {
        assertThat(refusal(alice.email(), "not the password").body())
                .isEqualTo(refusal(randomEmail(), alice.password()).body())
                .containsEntry("status", 401);
        Sql.update("UPDATE users SET is_active = false WHERE id = ?", alice.id());
        assertThat(refusal(alice.email(), alice.password()).status()).isEqualTo(401);
    }

    @Test
    void aConfirmedAddressSignsIn() {
        given().contentType(ContentType.JSON)
                .body(Map.of(
                        "token",
                        new Mailbox(alice.email())
                                .await("Confirm your e-mail address")
                                .token()))
                .post("/auth/email/verify")
                .then()
                .statusCode(204);

        assertThat(strict.signIn(alice.email(), alice.password()).accessToken()).isNotBlank();
    }

    private Problem refusal(String email, String password) {
        return catchThrowableOfType(Problem.class, () -> strict.signIn(email, password));
    }
}
