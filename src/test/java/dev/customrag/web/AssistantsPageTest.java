package dev.customrag.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Assistants as cards, their editor, and their files. */
@QuarkusTest
class AssistantsPageTest {

    private static final Pattern EDITOR = Pattern.compile(".*/assistants/[0-9a-f-]{36}$");
    private static final String HOSTILE = "<img src=x onerror=\"alert(1)\"> \"><script>alert(2)</script> \u202Egnp.exe";

    @RegisterExtension
    final Browser browser = new Browser();

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void cardsTellWhatAnAssistantIsAndWhatCanBeDoneWithIt() throws IOException {
        String contracts = making(Map.of(
                "name", "Contracts",
                "description", "Reads leases and insurance policies, and says what they mean in plain words.",
                "model_id", "local-extractive",
                "document_ids", List.of()));
        making(Map.of("name", HOSTILE, "description", HOSTILE, "retrieval", Map.of("enabled", false)));
        making(Map.of("name", "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" + "-".repeat(30)));
        Page page = browser.openAs(alice, "/assistants");

        assertThat(card("Contracts")).containsText("Quotations from your documents (no language model)");
        assertThat(card("Contracts")).containsText("No documents");
        assertThat(page.getByText(HOSTILE)).hasCount(2);
        assertThat(page.locator("li.card").first()).containsText("Default");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Chat with Contracts")))
                .hasAttribute("href", "/chat?assistant=" + contracts);
        browser.inspect("assistants");

        choose("Contracts", "Make default");
        assertThat(card("Contracts")).containsText("Default");
        assertThat(page.getByText("Default", new Page.GetByTextOptions().setExact(true)))
                .hasCount(1);
        alice.request().get("/assistants/" + contracts).then().body("is_default", equalTo(true));

        choose("Contracts", "Duplicate");
        assertThat(card("Contracts (copy)")).isVisible();
        choose("Contracts (copy)", "Delete");
        browser.button("Cancel").click();
        assertThat(card("Contracts (copy)")).isVisible();
        choose("Contracts (copy)", "Delete");
        browser.button("Delete").click();
        assertThat(card("Contracts (copy)")).hasCount(0);
        assertThat(page.getByText("“Contracts (copy)” was deleted.")).isVisible();

        var file = page.waitForDownload(() -> choose("Contracts", "Export as file"));
        assertThat(file.suggestedFilename()).isEqualTo("contracts.json");
        assertThat(Files.readString(file.path())).contains("customrag-assistant");
        browser.button("Actions for Contracts").click();
        assertThat(page.getByText("Cannot be deleted: it is the default")).isVisible();
    }

    @Test
    void anAssistantIsMadeTriedAndChanged() {
        String lease = alice.uploaded("Lease.txt", "The notice period of the flat is three months.");
        alice.uploading("Rent \u202Etxt.<b>.txt", "The rent is 950 euros.".getBytes(StandardCharsets.UTF_8));
        Page page = browser.openAs(alice, "/assistants");
        page.getByText("New assistant").click();
        assertThat(browser.heading("New assistant")).isFocused();
        assertThat(page.getByText("Create the assistant, and you can ask it something here."))
                .isVisible();

        browser.button("Create assistant").click();
        assertThat(page.getByText("Give it a name.")).isVisible();
        assertThat(browser.field("Name")).isFocused();

        browser.field("Name").fill("Flat");
        page.getByLabel("Instructions").fill("Answer in one sentence.");
        assertThat(page.getByText("23 of 8,000 characters")).isVisible();
        page.locator("cra-model-picker .chosen").click();
        browser.field("Find a model").fill("quotations");
        assertThat(page.getByText("Costs nothing · runs within this service")).isVisible();
        page.getByText("Quotations from your documents (no language model)").click();
        browser.inspect("model-picker");
        browser.button("Use this model").click();
        page.getByText("Only some").click();
        browser.field("Find a document").fill("lease");
        assertThat(page.locator("cra-document-choice li")).hasCount(1);
        page.getByText("Lease.txt").click();
        assertThat(page.getByText("1 of at most 500 chosen")).isVisible();
        page.getByLabel("Temperature").fill("0,2");
        browser.button("Create assistant").click();

        assertThat(page).hasURL(EDITOR);
        assertThat(browser.heading("Flat")).isVisible();
        assertThat(page.getByText("All is saved")).isVisible();
        String id = page.url().replaceAll(".*/", "");
        alice.request()
                .get("/assistants/" + id)
                .then()
                .body("model_id", equalTo("local-extractive"))
                .body("instructions", equalTo("Answer in one sentence."))
                .body("temperature", equalTo(0.2f))
                .body("document_ids", contains(lease));

        browser.field("Question").fill("How long is the notice period?");
        page.keyboard().press("Enter");
        assertThat(page.locator("cra-try-it .answer")).containsText("three months");
        assertThat(page.locator("cra-try-it .sources")).containsText("Lease.txt");
        page.locator("cra-try-it .citation").first().click();
        assertThat(page.locator("cra-try-it .sources li").first()).isFocused();
        alice.request().get("/sessions").then().body("items", hasSize(0));
        page.getByText("Only the chosen ones").click();
        assertThat(page.locator("cra-document-choice li")).hasCount(1);
        browser.inspect("assistant-editor");

        page.getByLabel("Instructions").fill("");
        page.getByLabel("Temperature").fill("");
        assertThat(page.getByText("without your latest changes")).isVisible();
        browser.button("Save now").click();
        assertThat(page.getByText("All is saved")).isVisible();
        alice.request()
                .get("/assistants/" + id)
                .then()
                .body("instructions", equalTo(""))
                .body("temperature", nullValue())
                .body("model_id", equalTo("local-extractive"));
    }

    @Test
    void whatIsNotSavedIsNotLostByAccident() {
        String id = making(Map.of("name", "Contracts"));
        Page page = browser.openAs(alice, "/assistants");
        card("Contracts").getByRole(AriaRole.LINK).first().click();
        browser.field("Name").fill("Contracts and leases");
        assertThat(page.getByText("Unsaved changes")).isVisible();

        page.locator("a.back").click();
        assertThat(browser.heading("Leave without saving?")).isVisible();
        browser.button("Cancel").click();
        assertThat(browser.field("Name")).hasValue("Contracts and leases");
        page.goBack();
        assertThat(browser.heading("Leave without saving?")).isVisible();
        assertThat(page).hasURL(EDITOR);
        page.keyboard().press("Escape");
        assertThat(browser.heading("Leave without saving?")).hasCount(0);
        assertThat(browser.field("Name")).hasValue("Contracts and leases");

        page.goBack();
        browser.button("Leave").click();
        assertThat(browser.heading("Assistants")).isVisible();
        assertThat(page).hasURL(Pattern.compile(".*/assistants$"));
        page.goForward();
        assertThat(page).hasURL(EDITOR);
        assertThat(browser.heading("Contracts")).isVisible();
        assertThat(browser.field("Name")).hasValue("Contracts");
        page.locator("a.back").click();
        assertThat(browser.heading("Assistants")).isVisible();
        alice.request().get("/assistants/" + id).then().body("name", equalTo("Contracts"));
    }

    @Test
    void whatTheServiceRefusesIsSaidWhereItIs() {
        String id = making(Map.of("name", "Contracts", "model_id", "local-extractive"));
        Page page = browser.openAs(alice, "/assistants/" + id);
        browser.field("Name").fill("Leases");

        answering(page, 403, "model-denied", "");
        browser.button("Save").click();
        assertThat(page.locator("cra-model-picker")).containsText("This service may not use the model.");
        answering(page, 404, "unknown-model", "");
        browser.button("Save").click();
        assertThat(page.locator("cra-model-picker")).containsText("There is no such model here, or no longer.");
        answering(page, 422, "validation", "{\"field\": \"top_p\", \"message\": \"must be kind\"}");
        browser.button("Save").click();
        assertThat(page.getByText("must be kind")).isVisible();
        assertThat(page.getByLabel("Top P")).isFocused();
        page.unroute("**/assistants/*");
        page.route("**/assistants/*", Route::abort);
        browser.button("Save").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The service cannot be reached.");
        assertThat(browser.field("Name")).hasValue("Leases");
        page.unroute("**/assistants/*");

        page.getByLabel("Temperature").fill("2");
        page.getByLabel("Instructions").fill("a".repeat(8001));
        browser.button("Save").click();
        assertThat(page.getByText("This is a number from 0 to 1.")).isVisible();
        assertThat(page.getByText("8,001 of 8,000 characters")).isVisible();
        assertThat(page.getByLabel("Instructions")).isFocused();
        browser.inspect("assistant-refused", Browser.PHONE);
        page.getByLabel("Temperature").fill("");
        page.getByLabel("Instructions").fill("Be brief.");
        browser.button("Save").click();
        assertThat(browser.heading("Leases")).isVisible();

        page.navigate("/assistants/" + Person.registered().id());
        assertThat(browser.heading("There is no such assistant")).isVisible();
    }

    @Test
    void anAnswerThatIsTriedCanBeStopped() {
        String id = making(Map.of("name", "Contracts"));
        Page page = browser.openAs(alice, "/assistants/" + id);
        // Never answers.
        page.route("**/messages", route -> {});
        browser.field("Question").fill("Are you there?");
        browser.button("Ask").click();
        page.waitForRequest("**/messages", () -> {});

        browser.button("Stop the answer").click();

        assertThat(page.getByText("Stopped.")).isVisible();
        page.unroute("**/messages");
        page.route("**/messages", Route::abort);
        browser.field("Question").fill("And now?");
        browser.button("Ask").click();
        assertThat(page.locator("cra-try-it").getByRole(AriaRole.ALERT)).containsText("cannot be reached");
        assertThat(browser.field("Question")).hasValue("And now?");
    }

    @Test
    void filesOfAssistantsAreImported() {
        Page page = browser.openAs(alice, "/assistants");
        assertThat(card("Assistant")).isVisible();
        String file = """
                {"format": "customrag-assistant", "version": 1, "assistant": {"name": "Brought", "model_id": "gone",
                 "all_documents": false}, "documents": [{"filename": "<b>Lease</b>.pdf", "sha256": "%s"}]}""".formatted("a".repeat(64));

        page.locator("input[type=file]").setInputFiles(new FilePayload[] {
            file("brought.json", file),
            file("<i>notes</i>.json", "no JSON"),
            file("newer.json", file.replace("\"version\": 1", "\"version\": 7"))
        });

        assertThat(card("Brought")).isVisible();
        assertThat(page.getByText("Its model is not available here")).isVisible();
        assertThat(page.getByText("<b>Lease</b>.pdf")).isVisible();
        assertThat(page.getByText("<i>notes</i>.json was not imported.")).isVisible();
        assertThat(page.getByText("is newer than this service can read")).isVisible();
        browser.inspect("assistants-import");
    }

    @Test
    void aFailureIsSaidAndPassesAndGermanIsComplete() {
        Page page = browser.openAs(alice, "/assistants/new");
        browser.field("Name").fill("Verträge");
        page.route("**/assistants?limit=*", Route::abort);
        page.locator("a.back").click();
        browser.button("Leave").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The service cannot be reached.");
        page.unroute("**/assistants?limit=*");
        browser.button("Try again").click();
        assertThat(card("Assistant")).isVisible();

        browser.button("Ada Lovelace").click();
        page.getByText("Deutsch").click();
        assertThat(browser.heading("Assistenten")).isVisible();
        page.getByText("Neuer Assistent").click();
        assertThat(browser.heading("Neuer Assistent")).isVisible();
        page.getByText("Nur manche").click();
        assertThat(page.getByText("Sie haben noch keine Dokumente.")).isVisible();
        browser.inspect("assistant-german", Browser.PHONE);
    }

    private static FilePayload file(String name, String content) {
        return new FilePayload(name, "application/json", content.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes an assistant; gives its id. */
    private String making(Map<String, ?> request) {
        return alice.json(request)
                .post("/assistants")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private Locator card(String name) {
        return browser.page()
                .locator("li.card")
                .filter(new Locator.FilterOptions()
                        .setHas(browser.page()
                                .getByRole(
                                        AriaRole.HEADING,
                                        new Page.GetByRoleOptions()
                                                .setName(name)
                                                .setExact(true))));
    }

    private void choose(String name, String action) {
        browser.button("Actions for " + name).click();
        browser.page()
                .getByRole(
                        AriaRole.MENUITEM,
                        new Page.GetByRoleOptions().setName(action).setExact(true))
                .click();
    }

    /** The answer to the next change of an assistant. */
    private static void answering(Page page, int status, String kind, String error) {
        page.unroute("**/assistants/*");
        page.route(
                "**/assistants/*",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(status)
                        .setContentType("application/problem+json")
                        .setBody(
                                "{\"type\": \"urn:customrag:problem:%s\", \"title\": \"No\", \"status\": %d, \"detail\": \"No.\"%s}"
                                        .formatted(
                                                kind,
                                                status,
                                                error.isEmpty() ? "" : ", \"errors\": [" + error + "]"))));
    }
}
