package dev.customrag.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.customrag.testing.Authenticator;
import dev.customrag.testing.ExportedZip;
import dev.customrag.testing.FakeProviders;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One's own account: each of its sections, and what has to go on in other tabs and after a new sign-in. */
@QuarkusTest
@WithTestResource(value = FakeProviders.class, scope = TestResourceScope.GLOBAL)
class AccountPageTest {

    private static final Pattern SIGN_IN = Pattern.compile(".*/sign-in(\\?.*)?$");
    private static final String HOSTILE = "\u202E\"><img src=x onerror=alert(1)>";
    private static final String PASSWORD = "quiet otter by the lake";

    @RegisterExtension
    final Browser browser = new Browser();

    @Test
    void theNameIsChangedInAllTabs() {
        Person alice = Person.registered();
        Page page = browser.openAs(alice, "/account");
        assertThat(browser.heading("Account")).isVisible();
        assertThat(page).hasTitle("Profile · Account · CustomRAGAssistant");
        Page second = browser.newPage();
        second.navigate("/account/settings");
        assertThat(second.getByText("Ada Lovelace")).isVisible();
        browser.inspect("account-profile");

        browser.field("First name").fill("");
        browser.button("Save").click();
        assertThat(browser.field("First name")).isFocused();
        browser.button("Save").click();
        assertThat(page.getByText("Fill this in.")).isVisible();
        browser.field("First name").fill(HOSTILE);
        browser.button("Save").click();

        assertThat(page.getByText("Saved")).isVisible();
        assertThat(browser.button(HOSTILE + " Lovelace")).isVisible();
        assertThat(second.getByText(HOSTILE + " Lovelace")).isVisible();
        alice.request().get("/auth/me").then().body("first_name", equalTo(HOSTILE));
    }

    @Test
    void theAddressIsChangedByALink() {
        Person alice = Person.registered();
        String fresh = Person.randomEmail();
        Page page = browser.openAs(alice, "/account/profile");
        assertThat(page.getByText("not confirmed")).isVisible();

        browser.field("New address").fill(fresh);
        browser.field("Your password").fill("not it");
        browser.button("Change the address").click();
        assertThat(page.getByText("That is not your password.")).isVisible();
        assertThat(browser.field("New address")).hasValue(fresh);
        browser.field("Your password").fill(alice.password());
        browser.button("Change the address").click();
        assertThat(page.getByText("A mail is on its way to " + fresh)).isVisible();
        assertThat(browser.field("Your password")).hasValue("");

        String link =
                new Mailbox(fresh).await("Confirm your new e-mail address").token();
        page.navigate("/verify-email#token=" + link);
        browser.button("Confirm the address").click();
        assertThat(browser.heading("Your address is confirmed")).isVisible();
        page.navigate("/account");
        assertThat(page.getByText(fresh)).isVisible();
        assertThat(page.getByText("confirmed", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
    }

    @Test
    void thePasswordIsChanged() {
        Person alice = Person.registered();
        Page page = browser.openAs(alice, "/account/security");

        browser.field("Your password").fill("not it");
        browser.field("New password").fill(PASSWORD);
        browser.button("Change the password").click();
        assertThat(page.getByText("That is not your password.")).isVisible();
        assertThat(browser.field("Your password")).isFocused();
        assertThat(browser.field("New password")).hasValue(PASSWORD);
        browser.field("Your password").fill(alice.password());
        page.keyboard().press("Enter");

        assertThat(page.getByText("Password changed.")).isVisible();
        assertThat(browser.field("New password")).hasValue("");
        Person.loggingIn(alice.email(), PASSWORD).then().statusCode(200);
    }

    @Test
    void aSecondFactorIsTurnedOnGetsNewCodesAndIsTurnedOff() throws IOException {
        Person alice = Person.registered();
        Page page = browser.openAs(alice, "/account/security");
        browser.button("Set up").click();
        assertThat(page.getByAltText("QR code for your authenticator app")).isVisible();
        assertThat(page.getByAltText("QR code for your authenticator app")).hasJSProperty("complete", true);
        assertThat((Integer) page.evaluate("document.querySelector('img.qr').naturalWidth"))
                .isPositive();
        page.getByText("You cannot scan it?").click();
        String secret = page.locator(".secret").textContent().replace(" ", "");
        browser.inspect("account-second-factor");

        Authenticator phone = Authenticator.of(alice, secret);
        browser.field("Code of the app").fill(phone.wrong());
        browser.button("Turn on").click();
        assertThat(page.getByText("That is not the code of this moment.")).isVisible();
        browser.field("Code of the app").fill(phone.next());
        page.keyboard().press("Enter");

        assertThat(page.locator(".codes li")).hasCount(10);
        List<String> codes = page.locator(".codes li").allTextContents();
        browser.inspect("account-recovery-codes", Browser.PHONE);
        Download file = page.waitForDownload(() -> browser.button("Download").click());
        assertThat(file.suggestedFilename()).isEqualTo("customrag-recovery-codes.txt");
        assertThat(Files.readAllLines(file.path())).containsAll(codes);
        browser.button("I have stored them").click();
        assertThat(page.getByText("10 recovery codes are left.")).isVisible();

        browser.button("New recovery codes").click();
        browser.field("Code of the app, or a recovery code").fill(codes.getFirst());
        browser.button("New recovery codes").click();
        assertThat(page.locator(".codes li")).hasCount(10);
        assertThat(page.locator(".codes li").allTextContents()).doesNotContainAnyElementsOf(codes);
        browser.button("I have stored them").click();

        browser.button("Turn off").click();
        browser.field("Your password").last().fill(alice.password());
        browser.field("Code of the app, or a recovery code").fill(phone.next());
        browser.button("Turn off").click();
        assertThat(browser.button("Set up")).isVisible();
        alice.request().get("/auth/mfa").then().body("totp", equalTo(false));
    }

    /** A sign-in that is too old for it is renewed in a dialog, also by keyboard alone, and what was asked for goes on. */
    @Test
    void aNewSignInIsAskedForWhereItIsNeeded() {
        Person alice = Person.registered();
        Page page = browser.openAs(alice, "/account/keys");
        assertThat(browser.heading("No keys yet")).isVisible();
        Sql.update(
                "UPDATE sign_in_sessions SET created_at = created_at - interval '1 hour' WHERE user_id = ?",
                alice.id());

        browser.field("Name").fill("Backup");
        page.keyboard().press("Enter");
        assertThat(browser.heading("Is it you?")).isVisible();
        assertThat(browser.field("Password")).isFocused();
        browser.inspect("account-sign-in-again", Browser.DESKTOP);
        page.keyboard().press("Escape");
        assertThat(page.getByText("For this you must have signed in a short while ago."))
                .isVisible();
        assertThat(browser.field("Name")).hasValue("Backup");

        browser.button("Make a key").click();
        assertThat(browser.field("Password")).isFocused();
        page.keyboard().type(alice.password());
        page.keyboard().press("Enter");
        assertThat(page.getByText(Pattern.compile("This is the key .+Backup"))).isVisible();
        // The sign-in that was too old is over: one for the person of the test, one for this browser.
        alice.request().get("/auth/sessions").then().body("items", hasSize(2));
    }

    @Test
    void aKeyIsMadeShownOnceAndRevoked() {
        Person alice = Person.registered();
        Page page = browser.openAs(alice, "/account/keys");
        assertThat(browser.heading("No keys yet")).isVisible();
        browser.field("Name").fill(HOSTILE);
        browser.field("Good for").selectOption("date");
        browser.field("Last day").fill("2001-02-03");
        browser.button("Make a key").click();
        assertThat(page.getByText("Choose a day that is to come.")).isVisible();
        browser.field("Good for").selectOption("365");
        browser.button("Make a key").click();

        assertThat(page.locator(".secret")).hasText(Pattern.compile("cra_[0-9A-Za-z]{49}"));
        String key = page.locator(".secret").textContent();
        Person.bearing(key).get("/auth/me").then().statusCode(200);
        assertThat(page.locator(".rows .name")).hasText(HOSTILE);
        browser.inspect("account-keys");
        page.reload();
        assertThat(page.locator(".rows .name")).hasText(HOSTILE);
        assertThat(page.locator(".secret")).isHidden();

        browser.button("Revoke " + HOSTILE).click();
        browser.button("Revoke").click();
        assertThat(browser.heading("No keys yet")).isVisible();
        Person.bearing(key).get("/auth/me").then().statusCode(401);
    }

    @Test
    void devicesAreSignedOut() {
        Person alice = Person.registered();
        Person.bearing("")
                .header("User-Agent", "<img/src=x")
                .contentType(ContentType.JSON)
                .body(Map.of("email", alice.email(), "password", alice.password()))
                .post("/auth/login")
                .then()
                .statusCode(200);
        Page page = browser.openAs(alice, "/account/devices");
        Locator devices = page.locator(".rows > li");
        assertThat(devices).hasCount(3);
        assertThat(devices.first()).containsText("this device");
        browser.inspect("account-devices");

        browser.button("Not you? <img").click();
        browser.button("Sign it out and change my password").click();
        assertThat(browser.heading("Sign-in and security")).isFocused();
        assertThat(page.getByText("is signed out.")).isVisible();
        alice.request().get("/auth/sessions").then().body("items", hasSize(2));

        // The one the test itself uses.
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Devices"))
                .click();
        assertThat(devices).hasCount(2);
        devices.last().getByText("Sign out").click();
        assertThat(devices).hasCount(1);
        alice.request().get("/auth/me").then().statusCode(401);

        Page second = browser.newPage();
        second.navigate("/account/usage");
        assertThat(second.getByText("Nothing was used in these days.")).isVisible();
        browser.button("Sign out everywhere").click();
        browser.button("Sign out everywhere").last().click();
        assertThat(page).hasURL(SIGN_IN);
        assertThat(second).hasURL(SIGN_IN);
    }

    @Test
    void activityIsToldInPlainWords() {
        Person alice = Person.registered();
        Person.loggingIn(alice.email(), "not it").then().statusCode(401);
        Page page = browser.openAs(alice, "/account/activity");

        assertThat(page.getByText("Account opened")).isVisible();
        assertThat(page.getByText("Sign-in (with the password)").first()).isVisible();
        assertThat(page.locator(".rows > li", new Page.LocatorOptions().setHasText("Sign-in (wrong password)")))
                .containsText("refused");
        browser.inspect("account-activity");
    }

    @Test
    void usageIsShownAsAChartAndAsATable() {
        Person alice = Person.registered();
        Page page = browser.openAs(alice, "/account/settings");
        page.route(
                "**/usage",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(usage())));
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Usage and budget"))
                .click();

        assertThat(page.locator(".figure").first()).hasText("48,200");
        assertThat(page.getByText("120,000 of 200,000 used, 80,000 left")).isVisible();
        assertThat(page.locator(".bars span")).hasCount(30);
        page.getByText("As a table").click();
        assertThat(page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("Searching")))
                .containsText("<img src=x onerror=alert(1)>");
        browser.inspect("account-usage");
    }

    @Test
    void whatCannotBeReadIsSaidAndTriedAgain() {
        Page page = browser.openAs(Person.registered(), "/account/settings");
        assertThat(browser.heading("Language and appearance")).isVisible();
        page.route("**/privacy/retention", Route::abort);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Data and privacy"))
                .click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The service cannot be reached.");
        browser.inspect("account-offline", Browser.DESKTOP);

        page.unroute("**/privacy/retention");
        browser.button("Try again").click();

        assertThat(page.getByText("nothing leaves this service")).isVisible();
    }

    /** To a file where the browser lets a page write one, else as a download of the browser. */
    @Test
    void allDataIsSaved() throws IOException {
        Page page = browser.page();
        page.addInitScript("""
                if (location.search !== '?picked') delete window.showSaveFilePicker;
                else window.showSaveFilePicker = async ({suggestedName}) =>
                    (await navigator.storage.getDirectory()).getFileHandle(suggestedName, {create: true});""");
        Person alice = Person.registered();
        browser.openAs(alice, "/account/privacy");
        assertThat(page.getByText("nothing leaves this service")).isVisible();
        browser.inspect("account-privacy");

        Download zip =
                page.waitForDownload(() -> browser.button("Export my data").click());
        assertThat(zip.suggestedFilename()).matches("customrag-export-\\d{4}-\\d\\d-\\d\\d\\.zip");
        byte[] saved = Files.readAllBytes(zip.path());
        assertThat(ExportedZip.of(saved)
                        .json("account/profile.json")
                        .get("email")
                        .asText())
                .isEqualTo(alice.email());
        assertThat(page.getByText("Your data is saved.")).isVisible();

        page.navigate("/account/privacy?picked");
        browser.button("Export my data").click();
        assertThat(page.getByText("Your data is saved.")).isVisible();
        assertThat(page.evaluate("""
                async () => {
                    const beginnings = [];
                    for await (const file of (await navigator.storage.getDirectory()).values()) {
                        const bytes = await (await file.getFile()).arrayBuffer();
                        beginnings.push(new TextDecoder().decode(bytes.slice(0, 2)), bytes.byteLength > 1000);
                    }
                    return beginnings;
                }""")).isEqualTo(List.of("PK", true));

        page.route(
                "**/privacy/export",
                route -> route.fulfill(
                        new Route.FulfillOptions()
                                .setStatus(409)
                                .setContentType("application/problem+json")
                                .setBody(
                                        "{\"type\":\"urn:customrag:problem:export-running\",\"status\":409,\"detail\":\"-\"}")));
        browser.button("Export my data").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Another export of your data is under way.");
    }

    @Test
    void theAccountIsDeletedWithThePasswordAndTheTypedAddress() {
        Person alice = Person.registered();
        Page page = browser.openAs(alice, "/account/privacy");
        browser.button("Delete my account…").click();
        assertThat(browser.field("To be sure, type your address: " + alice.email()))
                .isFocused();
        page.keyboard().type("somebody@example.org");
        browser.field("Your password").fill(alice.password());
        browser.button("Delete everything").click();
        assertThat(page.getByText("That is not the address of your account.")).isVisible();
        browser.inspect("account-delete", Browser.PHONE);

        browser.field("To be sure, type your address: " + alice.email()).fill(alice.email());
        browser.field("Your password").fill("not it");
        browser.button("Delete everything").click();
        assertThat(page.getByText("That is not your password.")).isVisible();
        browser.field("Your password").fill(alice.password());
        page.keyboard().press("Enter");

        assertThat(page).hasURL(SIGN_IN);
        assertThat(page.getByText("Your account and everything in it is deleted."))
                .isVisible();
        Person.loggingIn(alice.email(), alice.password()).then().statusCode(401);
    }

    @Test
    void providersAreConnectedAndWhatWentWrongIsSaid() {
        Person alice = Person.registered();
        Page page = browser.openAs(alice, "/account/security");
        var asked = new ArrayList<String>();
        page.route("**/authorize?**", route -> {
            asked.add(route.request().url());
            route.fulfill(new Route.FulfillOptions().setContentType("text/html").setBody("<title>Example</title>"));
        });
        browser.button("Connect Example").click();
        assertThat(page).hasTitle("Example");
        assertThat(asked).hasSize(1);

        page.navigate("/?sign_in_error=social-identity-taken");
        assertThat(browser.heading("Sign-in and security")).isVisible();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("connected to another account here");
        assertThat(page).hasURL(Pattern.compile(".*/account/security$"));
        browser.inspect("account-security");
        page.navigate("/?connected=example");
        assertThat(page.getByText("The provider is connected.")).isVisible();
    }

    @Test
    void theKeyboardIsEnoughAndLanguageAndAppearanceAreKept() {
        Page page = browser.openAs(Person.registered(), "/account");
        assertThat(browser.heading("Profile")).isVisible();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Language and appearance"))
                .focus();
        page.keyboard().press("Enter");
        assertThat(browser.heading("Language and appearance")).isFocused();
        page.keyboard().press("Tab");
        assertThat(page.getByLabel("English")).isFocused();
        page.keyboard().press("ArrowDown");
        assertThat(browser.heading("Sprache und Erscheinungsbild")).isVisible();
        page.keyboard().press("Tab");
        assertThat(page.getByLabel("Wie das System")).isFocused();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.reload();
        assertThat(page.getByLabel("Deutsch")).isChecked();
        assertThat(page.getByLabel("Dunkel")).isChecked();
        page.getByLabel("Wie das System").check();
        browser.inspect("account-settings-german");
        page.navigate("/account/nothing");
        assertThat(browser.heading("Nicht gefunden")).isVisible();
    }

    private static String usage() {
        var days = new StringBuilder();
        for (int ago = 0; ago < 24; ago += 1 + ago % 3) {
            String total = total(400 * (1 + ago * 7 % 11) + 120 * ago);
            days.append(days.isEmpty() ? "" : ",")
                    .append("{\"date\":\"")
                    .append(java.time.LocalDate.now(java.time.ZoneOffset.UTC).minusDays(ago))
                    .append("\",\"total\":")
                    .append(total)
                    .append(
                            ",\"lines\":[{\"model_id\":\"eu.anthropic.claude-sonnet-4-20250514-v1:0\",\"purpose\":\"answer\",\"total\":")
                    .append(total)
                    .append(
                            "},{\"model_id\":\"<img src=x onerror=alert(1)>\",\"purpose\":\"question_embedding\",\"total\":")
                    .append(total)
                    .append("}]}");
        }
        return """
                {"currency": "USD", "today": %s, "month": %s, "budgets": {
                    "tokens_per_day": {"limit": 200000, "used": 120000, "reserved": 0, "left": 80000,
                        "resets_at": "2026-12-01T00:00:00Z"},
                    "tokens_per_month": null, "money_per_day": null,
                    "money_per_month": {"limit": "20.00", "used": "19.50", "reserved": "0", "left": "0.50",
                        "resets_at": "2026-12-01T00:00:00Z"}},
                 "days": [%s]}""".formatted(total(48_000), total(903_000), days);
    }

    private static String total(int input) {
        return """
                {"calls": 12, "input_tokens": %d, "output_tokens": 200, "cache_read_tokens": 0, "cache_write_tokens": 0,
                 "unpriced_tokens": 60, "cost": "0.3125"}""".formatted(input);
    }
}
