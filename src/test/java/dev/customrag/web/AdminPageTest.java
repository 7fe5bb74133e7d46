package dev.customrag.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What administrators see of everybody, and nobody else does. */
@QuarkusTest
class AdminPageTest {

    private static final String HOSTILE = "<img src=x onerror=alert(1)>\u202E";

    @RegisterExtension
    final Browser browser = new Browser();

    private Person admin;

    @BeforeEach
    void register() {
        admin = Person.administrator();
    }

    @Test
    void othersSeeNothingOfIt() {
        Page page = browser.openAs(Person.registered(), "/admin/people");

        assertThat(browser.heading("Not allowed")).isVisible();
        assertThat(page.getByText("Administration")).hasCount(0);
    }

    @Test
    void peopleAreFoundShutOutAndLetInAgain() {
        Person bob = Person.registered();
        Sql.update("UPDATE users SET first_name = ?, last_name = 'Babbage' WHERE id = ?", HOSTILE, bob.id());
        Page page = browser.openAs(admin, "/");
        page.getByText("Administration").click();
        assertThat(browser.heading("People")).isVisible();
        assertThat(page).hasTitle("People · CustomRAGAssistant");
        assertThat(row(admin)).containsText("You");
        assertThat(row(bob)).containsText(HOSTILE + " Babbage");
        browser.inspect("admin-people");

        browser.field("Name or e-mail address").fill(bob.email());
        assertThat(page.locator(".rows > li")).hasCount(1);
        choose(bob, "Deactivate");
        browser.button("Cancel").click();
        assertThat(row(bob)).not().containsText("Deactivated");
        choose(bob, "Deactivate");
        confirm("Deactivate");
        assertThat(row(bob)).containsText("Deactivated");
        Person.loggingIn(bob.email(), bob.password()).then().statusCode(401);
        page.reload();
        assertThat(browser.field("Name or e-mail address")).hasValue(bob.email());
        page.getByLabel("Account").selectOption("Active");
        assertThat(browser.heading("Nobody found")).isVisible();
        page.getByLabel("Account").selectOption("Deactivated");
        choose(bob, "Activate");
        assertThat(row(bob)).not().containsText("Deactivated");
        Person.loggingIn(bob.email(), bob.password()).then().statusCode(200);

        choose(bob, "Make administrator");
        confirm("Make administrator");
        assertThat(row(bob)).containsText("Administrator");
        admin.request().get("/admin/users/" + bob.id()).then().body("roles", contains("admin"));
        choose(bob, "Revoke administrator");
        confirm("Revoke administrator");
        assertThat(row(bob).locator(".badge.good")).hasCount(0);
        admin.request().get("/admin/users/" + bob.id()).then().body("roles", empty());
    }

    @Test
    void refusalsAreSaidInWords() {
        Page page = browser.openAs(admin, "/admin/people?q=" + admin.email());
        choose(admin, "Deactivate");
        confirm("Deactivate");
        assertThat(row(admin).getByRole(AriaRole.ALERT)).containsText("You cannot deactivate your own account.");

        page.route(
                "**/admin/users/*",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(409)
                        .setContentType("application/problem+json")
                        .setBody("""
                                {"type": "urn:customrag:problem:last-administrator", "title": "Conflict", "status": 409,
                                 "detail": "No."}""")));
        choose(admin, "Revoke administrator");
        confirm("Revoke administrator");
        assertThat(row(admin).getByRole(AriaRole.ALERT)).containsText("This is the only active administrator.");
        page.unroute("**/admin/users/*");

        Person other = Person.administrator();
        choose(admin, "Revoke administrator");
        confirm("Revoke administrator");
        assertThat(page.getByText("Administration")).hasCount(0);
        other.request().get("/admin/users/" + admin.id()).then().body("roles", empty());
    }

    @Test
    void eventsAreNarrowedByWhatWhoAndWhen() {
        Person bob = Person.registered();
        Person.loggingIn(bob.email(), "not the password").then().statusCode(401);
        admin.json(Map.of("is_active", false))
                .patch("/admin/users/" + bob.id())
                .then()
                .statusCode(200);
        Page page = browser.openAs(admin, "/admin/people?q=" + bob.email());
        choose(bob, "Audit events");
        assertThat(browser.heading("Audit")).isFocused();
        assertThat(page).hasURL(Pattern.compile(".*/admin/audit\\?user_id=" + bob.id()));
        Locator rows = page.locator(".rows > li");
        assertThat(rows).hasCount(4);
        assertThat(rows.first()).containsText("Account deactivated");
        assertThat(rows.first()).containsText("by Ada Lovelace");
        assertThat(page.locator("cra-person-picker")).containsText("Ada Lovelace");
        browser.inspect("admin-audit");

        page.getByLabel("Outcome").selectOption("Failure");
        assertThat(rows).hasCount(1);
        assertThat(rows).containsText("wrong password");
        rows.locator("summary").focus();
        page.keyboard().press("Enter");
        assertThat(rows).containsText(bob.email());
        page.getByLabel("Before").fill("2020-01-01T00:00");
        assertThat(browser.heading("No events")).isVisible();
        page.getByText("Clear filters").click();
        assertThat(page.getByLabel("Outcome")).hasValue("");

        page.getByLabel("Event").selectOption("Account deactivated");
        page.locator("cra-person-picker .button").first().click();
        page.locator("cra-dialog").getByLabel("Name or e-mail address").fill(admin.email());
        page.locator("button.person")
                .filter(new Locator.FilterOptions().setHasText(admin.email()))
                .click();
        assertThat(rows).hasCount(1);
        page.route("**/admin/audit-events*", Route::abort);
        page.getByLabel("Event").selectOption("Sign-in");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("cannot be reached");
        page.unroute("**/admin/audit-events*");
        browser.button("Try again").click();
        assertThat(rows.first()).containsText("Sign-in");
    }

    @Test
    void usageIsShownByDayModelAndPerson() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String total = """
                {"calls": 12, "input_tokens": 345678, "output_tokens": 9012, "cache_read_tokens": 1000,
                 "cache_write_tokens": 0, "unpriced_tokens": 77, "cost": "1.2345"}""";
        Page page = browser.openAs(admin, "/admin/people");
        assertThat(browser.heading("People")).isVisible();
        answering(page, "**/admin/usage?*", """
                {"currency": "EUR", "from": "%s", "to": "%s", "total": %s, "days": [
                  {"date": "%s", "total": %s, "lines": [
                    {"model_id": "eu.amazon.nova-pro-v1:0", "purpose": "answer", "total": %s},
                    {"model_id": "%s", "purpose": "passage_embedding", "total": %s}]}]}""".formatted(
                        today.minusDays(29), today, total, today, total, total, HOSTILE, total));
        answering(page, "**/admin/usage/people?*", """
                {"items": [{"user_id": "%s", "email": "%s", "first_name": "%s", "last_name": "Lovelace",
                  "is_active": true, "total": %s}], "next_cursor": null}""".formatted(admin.id(), admin.email(), HOSTILE, total));

        page.getByText("Usage").click();

        assertThat(browser.heading("Usage")).isVisible();
        assertThat(page.locator(".totals")).containsText("€1.2345");
        assertThat(page.locator(".chart span")).hasCount(30);
        assertThat(page.locator(".chart")).hasAttribute("aria-label", Pattern.compile("At most 355.7k tokens, on .*"));
        assertThat(page.locator("table").first()).containsText("Indexing of documents");
        assertThat(page.locator("table").last()).containsText(HOSTILE + " Lovelace");
        browser.inspect("admin-usage");
        page.getByLabel("Most first by").selectOption("Tokens");
        assertThat(page).hasURL(Pattern.compile(".*sort=-tokens"));
    }

    private Locator row(Person person) {
        return browser.page().locator(".rows > li").filter(new Locator.FilterOptions().setHasText(person.email()));
    }

    private void choose(Person person, String action) {
        row(person).getByRole(AriaRole.BUTTON).click();
        row(person)
                .getByRole(
                        AriaRole.MENUITEM,
                        new Locator.GetByRoleOptions().setName(action).setExact(true))
                .click();
    }

    private void confirm(String action) {
        browser.button(action).click();
    }

    private static void answering(Page page, String calls, String body) {
        page.route(
                calls,
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(body)));
    }
}
