package dev.customrag.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.RequestOptions;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way in with a password, and what becomes of it. */
@QuarkusTest
class SignInPageTest {

    private static final Pattern SIGN_IN = Pattern.compile(".*/sign-in(\\?.*)?$");

    @RegisterExtension
    final Browser browser = new Browser();

    @Test
    void aPersonSignsInAndOut() {
        Person alice = Person.registered();
        Page page = browser.open("/");
        assertThat(page).hasURL(SIGN_IN);
        assertThat(page).hasTitle("Sign in · CustomRAGAssistant");
        assertThat(browser.heading("Sign in")).isVisible();
        browser.inspect("sign-in");

        signIn(alice.email(), alice.password());

        assertThat(browser.button("Ada Lovelace")).isVisible();
        assertThat(page).not().hasURL(SIGN_IN);
        assertThat(page.evaluate("document.cookie")).isEqualTo("");
        assertThat((String) page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})"))
                .isEqualTo("{\"signed-in\":\"1\"}");
        browser.inspect("signed-in");

        browser.button("Ada Lovelace").click();
        page.getByText("Sign out").click();
        assertThat(page).hasURL(SIGN_IN);
        page.reload();
        assertThat(browser.heading("Sign in")).isVisible();
    }

    @Test
    void aReloadAndADeepLinkStaySignedIn() {
        Page page = browser.openAs(Person.registered(), "/");
        assertThat(browser.button("Ada Lovelace")).isVisible();

        page.reload();

        assertThat(browser.button("Ada Lovelace")).isVisible();
        page.navigate("/sign-in");
        assertThat(browser.button("Ada Lovelace")).isVisible();
        assertThat(page).not().hasURL(SIGN_IN);
    }

    @Test
    void aWrongPasswordIsSaidAndNothingTypedIsLost() {
        Person alice = Person.registered();
        Page page = browser.open("/sign-in");

        signIn(alice.email(), "not the password");

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The e-mail address or the password is not right.");
        assertThat(browser.field("E-mail address")).hasValue(alice.email());
        assertThat(browser.field("Password")).hasValue("not the password");
        browser.inspect("sign-in-wrong-password");

        browser.field("Password").fill(alice.password());
        browser.button("Sign in").click();
        assertThat(browser.button("Ada Lovelace")).isVisible();
    }

    @Test
    void fieldsSayWhatIsWrongWithThem() {
        Page page = browser.open("/sign-in");

        browser.button("Sign in").click();

        assertThat(page.getByText("Fill this in.")).hasCount(2);
        assertThat(browser.field("E-mail address")).isFocused();
        assertThat(browser.field("E-mail address")).hasAttribute("aria-invalid", "true");

        signIn("nobody", "something");
        assertThat(page.locator("cra-text-field .error")).hasCount(1);
        assertThat(browser.field("E-mail address")).isFocused();
        browser.inspect("sign-in-refused");
    }

    @Test
    void theKeyboardIsEnough() {
        Person alice = Person.registered();
        Page page = browser.open("/sign-in");
        assertThat(browser.heading("Sign in")).isVisible();

        page.keyboard().press("Tab");
        assertThat(page.getByText("Skip to the content")).isFocused();
        page.keyboard().press("Tab");
        assertThat(browser.field("E-mail address")).isFocused();
        page.keyboard().type(alice.email());
        page.keyboard().press("Tab");
        page.keyboard().type(alice.password());
        page.keyboard().press("Enter");

        assertThat(browser.button("Ada Lovelace")).isVisible();
        browser.button("Ada Lovelace").focus();
        page.keyboard().press("Enter");
        page.keyboard().press("End");
        assertThat(page.getByText("Sign out")).isVisible();
        browser.inspect("menu", Browser.DESKTOP);
        page.keyboard().press("Escape");
        assertThat(browser.button("Ada Lovelace")).isFocused();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("s");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(SIGN_IN);
    }

    @Test
    void aServerThatIsAwayIsSaidAndComesBack() {
        Person alice = Person.registered();
        Page page = browser.open("/sign-in");
        assertThat(browser.heading("Sign in")).isVisible();
        page.route("**/*", Route::abort);

        signIn(alice.email(), alice.password());

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The service cannot be reached.");
        assertThat(page.getByText("we keep trying")).isVisible();
        assertThat(browser.field("Password")).hasValue(alice.password());
        browser.inspect("sign-in-offline");

        page.unroute("**/*");
        assertThat(page.getByText("we keep trying")).isHidden();
        browser.button("Sign in").click();
        assertThat(browser.button("Ada Lovelace")).isVisible();
    }

    @Test
    void aStartWithoutTheServerOffersToTryAgain() {
        Page page = browser.openAs(Person.registered(), "/sign-in");
        assertThat(browser.button("Ada Lovelace")).isVisible();
        page.route("**/auth/**", Route::abort);

        page.reload();
        assertThat(browser.button("Try again")).isVisible();
        page.unroute("**/auth/**");
        browser.button("Try again").click();

        assertThat(browser.button("Ada Lovelace")).isVisible();
    }

    /** One tab refreshes for all, and a sign-out ends all. */
    @Test
    void tabsShareOneSignIn() {
        Page first = browser.openAs(Person.registered(), "/");
        assertThat(browser.button("Ada Lovelace")).isVisible();
        Page second = browser.newPage();
        var refreshes = new ArrayList<String>();
        second.onRequest(request -> {
            if (request.url().endsWith("/auth/refresh")) {
                refreshes.add(request.url());
            }
        });

        second.navigate("/");

        assertThat(second.getByText("Ada Lovelace")).isVisible();
        assertThat(refreshes).isEmpty();
        second.getByText("Ada Lovelace").click();
        second.getByText("Sign out").click();
        assertThat(first).hasURL(SIGN_IN);
        assertThat(second).hasURL(SIGN_IN);
    }

    /** The session was ended elsewhere: the way back in comes over the page, which stays. */
    @Test
    void aSignInThatHasEndedIsRenewedInPlace() {
        Person alice = Person.registered();
        browser.page().clock().install();
        Page page = browser.openAs(alice, "/");
        assertThat(browser.button("Ada Lovelace")).isVisible();
        alice.request().post("/auth/logout-all").then().statusCode(204);

        page.clock().fastForward("31:00");

        assertThat(browser.heading("Sign in again")).isVisible();
        assertThat(browser.field("E-mail address")).hasValue(alice.email());
        assertThat(browser.field("Password")).isFocused();
        browser.inspect("sign-in-again");
        browser.field("Password").fill(alice.password());
        browser.button("Sign in").click();
        assertThat(browser.heading("Sign in again")).isHidden();
        assertThat(browser.button("Ada Lovelace")).isVisible();
    }

    @Test
    void theLanguageIsChosenAndKept() {
        Page page = browser.open("/sign-in");
        browser.button("Language").click();
        page.getByText("Deutsch").click();

        assertThat(browser.heading("Anmelden")).isVisible();
        assertThat(page).hasTitle("Anmelden · CustomRAGAssistant");
        assertThat(page.locator("html")).hasAttribute("lang", "de");
        page.reload();
        assertThat(browser.heading("Anmelden")).isVisible();
        browser.inspect("sign-in-german");
    }

    @Test
    void theAddressOneWantedComesAfterTheSignInButNoOtherSite() {
        Person alice = Person.registered();
        Page page = browser.open("/sign-in?to=//example.org/");

        signIn(alice.email(), alice.password());

        assertThat(browser.button("Ada Lovelace")).isVisible();
        assertThat(page.url()).startsWith("http://localhost:");
    }

    /** Whoever comes after somebody on the same browser sees nothing of theirs, and does nothing for them. */
    @Test
    void anotherPersonBeginsAnew() {
        Person alice = Person.registered();
        Person bob = Person.registered();
        browser.page().clock().install();
        Page page = browser.openAs(alice, "/chat");
        assertThat(browser.heading("What would you like to know?")).isVisible();
        browser.field("Your question").fill("A secret of Alice");
        alice.request().post("/auth/logout-all").then().statusCode(204);
        page.clock().fastForward("31:00");
        assertThat(browser.heading("Sign in again")).isVisible();
        var asked = new ArrayList<String>();
        page.onRequest(request -> asked.add(request.method() + request.url()));

        browser.field("E-mail address").fill(bob.email());
        browser.field("Password").fill(bob.password());
        browser.button("Sign in").click();

        assertThat(browser.heading("Sign in again")).isHidden();
        assertThat(browser.heading("What would you like to know?")).isVisible();
        assertThat(browser.field("Your question")).hasValue("");
        assertThat(asked).noneMatch(request -> request.startsWith("POST") && request.contains("/sessions"));
        page.navigate("/account/profile");
        assertThat(page.getByText(bob.email()).first()).isVisible();
    }

    /** A sign-out that the service did not hear of is made good, and signs nobody in again until then. */
    @Test
    void aSignOutTheServiceDidNotHearOfIsMadeGood() {
        Page page = browser.openAs(Person.registered(), "/documents");
        assertThat(browser.heading("Documents")).isVisible();
        page.route("**/auth/logout", Route::abort);

        browser.button("Ada Lovelace").click();
        page.getByText("Sign out").click();
        assertThat(page.getByText("could not be reached to end this sign-in")).isVisible();
        assertThat(page).hasURL(SIGN_IN);
        page.evaluate("localStorage.setItem('signed-in', '1')");
        page.reload();
        assertThat(browser.heading("Sign in")).isVisible();

        page.unroute("**/auth/logout");
        page.reload();
        assertThat(browser.heading("Sign in")).isVisible();
        assertThat(browser.context()
                        .request()
                        .post("/auth/refresh", RequestOptions.create().setHeader("X-Refresh-Cookie", "1"))
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/chat/%E0", "/sign-in?to=/..//example.org", "/sign-in?to=//example.org"})
    void addressesThatAreNoneLeadNowhere(String address) {
        Page page = browser.openAs(Person.registered(), address);

        assertThat(page.locator("h1")).isVisible();
        assertThat(page.url()).startsWith("http://localhost:");
    }

    private void signIn(String email, String password) {
        browser.field("E-mail address").fill(email);
        browser.field("Password").fill(password);
        browser.button("Sign in").click();
    }
}
