package dev.customrag.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.RequestOptions;
import dev.customrag.testing.Authenticator;
import dev.customrag.testing.FakeOpenIdProvider;
import dev.customrag.testing.FakeProviders;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The ways in beside a password that one knows: registration, links of mails, the second step, sign-in providers. */
@QuarkusTest
@WithTestResource(value = FakeProviders.class, scope = TestResourceScope.GLOBAL)
class RegisterPageTest {

    private static final String PASSWORD = "quiet otter by the lake";

    FakeOpenIdProvider example;

    @RegisterExtension
    final Browser browser = new Browser();

    @Test
    void aNewPersonRegistersConfirmsTheAddressAndIsIn() {
        String email = Person.randomEmail();
        Page page = browser.open("/sign-in");
        page.getByText("Create an account").click();
        assertThat(browser.heading("Create an account")).isVisible();

        browser.field("Last name").fill("<img src=x onerror=alert(1)>");
        browser.field("E-mail address").fill("somebody");
        browser.field("Password").fill("short");
        browser.field("First name").fill("Grace");
        assertThat(page.getByText("Write an e-mail address")).isVisible();
        assertThat(page.getByText("Too short: take 8 characters or more.")).isVisible();
        browser.inspect("register-refused");

        browser.field("E-mail address").fill(email);
        browser.field("Password").fill("password1");
        browser.button("Create an account").click();
        assertThat(page.getByText("Many people use this password")).isVisible();
        assertThat(browser.field("Password")).isFocused();
        assertThat(browser.field("Password")).hasAttribute("autocomplete", "new-password");
        assertThat(browser.field("E-mail address")).hasAttribute("autocomplete", "username");
        assertThat(browser.field("Last name")).hasValue("<img src=x onerror=alert(1)>");

        browser.field("Password").fill(PASSWORD);
        page.keyboard().press("Enter");
        assertThat(browser.heading("Look into your mail")).isFocused();
        assertThat(page.getByText("We sent a mail to " + email)).isVisible();
        browser.inspect("register-done", Browser.PHONE);
        browser.button("Send it again").click();
        assertThat(page.getByText("A mail is on its way")).isVisible();

        browser.button("Continue").click();
        assertThat(browser.button("Grace <img src=x onerror=alert(1)>")).isVisible();

        String link = new Mailbox(email).await(2, "Confirm your e-mail address").token();
        page.navigate("/verify-email#token=" + link);
        assertThat(browser.heading("Confirm your e-mail address")).isVisible();
        browser.inspect("verify-email", Browser.DESKTOP);
        browser.button("Confirm the address").click();
        assertThat(browser.heading("Your address is confirmed")).isVisible();
        assertThat(page.url()).doesNotContain("token");
    }

    @Test
    void anAddressThatHasAnAccountIsSaid() {
        Person alice = Person.registered();
        Page page = browser.open("/register");

        browser.field("First name").fill("Ada");
        browser.field("Last name").fill("Lovelace");
        browser.field("E-mail address").fill(alice.email());
        browser.field("Password").fill(PASSWORD);
        browser.button("Create an account").click();

        assertThat(page.getByRole(AriaRole.ALERT))
                .containsText("There is an account with this e-mail address already.");
        page.getByRole(AriaRole.ALERT).getByText("Forgot your password?").click();
        assertThat(browser.field("E-mail address")).hasValue(alice.email());
    }

    @Test
    void aForgottenPasswordIsChosenAnew() {
        Person alice = Person.registered();
        Page page = browser.open("/sign-in");
        browser.field("E-mail address").fill(alice.email());
        page.getByText("Forgot your password?").click();
        assertThat(browser.heading("Choose a new password")).isVisible();
        assertThat(browser.field("E-mail address")).hasValue(alice.email());
        browser.button("Send me a link").click();
        assertThat(page.getByText("a mail with a link is on its way")).isVisible();
        browser.inspect("forgot-password", Browser.PHONE);

        String link = new Mailbox(alice.email()).await("Choose a new password").token();
        page.navigate("/reset-password#token=" + link);
        browser.field("New password").fill(alice.email());
        browser.button("Set the password").click();
        assertThat(page.getByText("This is mostly your name, your address")).isVisible();
        browser.inspect("reset-password", Browser.DESKTOP);
        browser.field("New password").fill(PASSWORD);
        browser.button("Set the password").click();
        assertThat(browser.heading("Your password is set")).isVisible();

        page.getByText("Sign in", new Page.GetByTextOptions().setExact(true)).click();
        browser.field("E-mail address").fill(alice.email());
        browser.field("Password").fill(PASSWORD);
        browser.button("Sign in").click();
        assertThat(browser.button("Ada Lovelace")).isVisible();
    }

    @Test
    void aLinkThatIsSpentLeadsToAnother() {
        Page page = browser.open("/verify-email#token=none");
        browser.button("Confirm the address").click();
        assertThat(browser.heading("This link does not work any more")).isVisible();
        browser.field("E-mail address").fill(Person.randomEmail());
        browser.button("Send a new link").click();
        assertThat(page.getByText("a mail with a link is on its way")).isVisible();
        browser.inspect("verify-email-spent", Browser.PHONE);

        page.navigate("/reset-password");
        assertThat(browser.heading("This link does not work any more")).isVisible();
        page.getByText("Send me a link").click();
        assertThat(browser.heading("Choose a new password")).isVisible();
    }

    @Test
    void aSecondFactorIsAskedForAndARecoveryCodeServesAsWell() {
        Person alice = Person.registered();
        List<String> recoveryCodes = new ArrayList<>();
        Authenticator phone = Authenticator.confirmed(alice, recoveryCodes);
        Page page = browser.open("/sign-in?to=/account");
        signIn(alice, alice.password());

        assertThat(browser.field("6-digit code")).isFocused();
        assertThat(browser.field("6-digit code")).hasAttribute("autocomplete", "one-time-code");
        browser.inspect("second-step");
        page.keyboard().type(phone.wrong());
        page.keyboard().press("Enter");
        assertThat(page.getByText("That code is not right, or was used before."))
                .isVisible();
        browser.field("6-digit code").fill(phone.next());
        page.keyboard().press("Enter");
        assertThat(browser.button("Ada Lovelace")).isVisible();
        assertThat(page).hasURL(Pattern.compile(".*/account"));

        browser.button("Ada Lovelace").click();
        page.getByText("Sign out").click();
        signIn(alice, alice.password());
        browser.button("Use a recovery code").click();
        browser.field("Recovery code").fill(recoveryCodes.getFirst().toLowerCase());
        browser.button("Continue").click();
        assertThat(browser.button("Ada Lovelace")).isVisible();
    }

    /** Five wrong codes end the attempt; the password need not be typed again to begin another. */
    @Test
    void aSecondStepThatIsOverBeginsAgain() {
        Person alice = Person.registered();
        Authenticator.confirmed(alice, new ArrayList<>());
        Page page = browser.open("/sign-in");
        signIn(alice, alice.password());
        assertThat(browser.field("6-digit code")).isFocused();
        page.route(
                "**/auth/mfa/verify",
                route -> route.fulfill(
                        new Route.FulfillOptions()
                                .setStatus(401)
                                .setContentType("application/problem+json")
                                .setBody(
                                        "{\"type\":\"urn:customrag:problem:invalid-mfa-token\",\"status\":401,\"detail\":\"-\"}")));
        page.keyboard().type("123456");
        page.keyboard().press("Enter");

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("That took too long, or too many tries.");
        assertThat(browser.field("Password")).isFocused();
        assertThat(browser.field("Password")).hasValue(alice.password());
    }

    /** Where the service lets nobody in before, who knows the password may have the link sent again. */
    @Test
    void anAddressThatMustBeConfirmedFirstGetsItsLinkAgain() {
        Person alice = Person.registered();
        Page page = browser.open("/sign-in");
        assertThat(browser.heading("Sign in")).isVisible();
        page.route(
                "**/auth/login",
                route -> route.fulfill(
                        new Route.FulfillOptions()
                                .setStatus(403)
                                .setContentType("application/problem+json")
                                .setBody(
                                        "{\"type\":\"urn:customrag:problem:email-not-verified\",\"status\":403,\"detail\":\"-\"}")));
        signIn(alice, alice.password());

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Confirm your e-mail address first");
        browser.button("Send a new link").click();
        assertThat(page.getByText("A mail is on its way to " + alice.email())).isVisible();
        new Mailbox(alice.email()).await(2, "Confirm your e-mail address");
    }

    @Test
    void aProviderSignsIn() {
        Page page = browser.open("/sign-in?to=/account/devices");
        throughProvider(
                page,
                example.knows(Map.of(
                        "email",
                        Person.randomEmail(),
                        "email_verified",
                        true,
                        "given_name",
                        "Ada",
                        "family_name",
                        "Lovelace")));

        browser.button("Continue with Example").click();

        assertThat(page).hasURL(Pattern.compile(".*/account/devices"));
        assertThat(browser.heading("Sign in")).isHidden();
        page.reload();
        assertThat(page).hasURL(Pattern.compile(".*/account/devices"));
    }

    @Test
    void whatFailsAtAProviderIsSaidOnceAndASecondStepGoesOn() {
        Page page = browser.open("/?sign_in_error=social-access-denied");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The provider was not allowed to say who you are.");
        assertThat(page).hasURL(Pattern.compile(".*/sign-in"));
        browser.inspect("sign-in-provider-failed", Browser.DESKTOP);
        page.reload();
        assertThat(browser.heading("Sign in")).isVisible();
        assertThat(page.getByRole(AriaRole.ALERT)).isHidden();

        page.navigate("/?sign_in_error=%3Cimg%20src=x%20onerror=alert(1)%3E");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The sign-in through the provider did not work.");

        Person alice = Person.registered();
        Authenticator phone = Authenticator.confirmed(alice, new ArrayList<>());
        String token = Person.loggingIn(alice.email(), alice.password())
                .then()
                .statusCode(401)
                .extract()
                .path("mfa_token");
        page.navigate("/?sign_in_error=mfa-required#mfa_token=" + token);
        assertThat(browser.field("6-digit code")).isFocused();
        assertThat(page.url()).doesNotContain(token);
        page.keyboard().type(phone.next());
        page.keyboard().press("Enter");
        assertThat(browser.button("Ada Lovelace")).isVisible();
    }

    @Test
    void germanHasRoom() {
        Page page = browser.open("/register");
        browser.button("Language").click();
        page.getByText("Deutsch").click();
        assertThat(browser.heading("Konto anlegen")).isVisible();
        browser.field("Passwort").fill("password1");
        browser.field("E-Mail-Adresse").fill("x@");
        browser.button("Konto anlegen").click();
        assertThat(page.getByText("Bitte ausfüllen.")).hasCount(2);
        browser.inspect("register-german", Browser.PHONE);
    }

    private void signIn(Person person, String password) {
        browser.field("E-mail address").fill(person.email());
        browser.field("Password").fill(password);
        browser.button("Sign in").click();
    }

    /**
     * Goes to the fake provider and comes back in the place of the browser, which is not told of the port that tests have:
     * the way back leads to that of the configuration.
     */
    private void throughProvider(Page page, String subject) {
        page.route(Pattern.compile(".*/auth/oauth/example(/callback.*)?$"), route -> {
            APIResponse answer = route.fetch(new Route.FetchOptions().setMaxRedirects(0));
            String next = answer.headers().get("location");
            if (next.contains("/authorize")) {
                next = page.context()
                        .request()
                        .get(next + "&as=" + subject, RequestOptions.create().setMaxRedirects(0))
                        .headers()
                        .get("location");
            }
            String here = next.replaceFirst("^http://localhost:\\d+", "http://localhost:" + RestAssured.port);
            route.fulfill(new Route.FulfillOptions()
                    .setContentType("text/html")
                    .setBody("<meta http-equiv=\"refresh\" content=\"0;url=" + here.replace("&", "&amp;") + "\">"));
        });
    }
}
