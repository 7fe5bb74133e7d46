package dev.customrag.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.customrag.testing.SampleFiles.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one does with one's documents in the browser. */
@QuarkusTest
class DocumentsPageTest {

    /** Of a name or a text that wants to be more. */
    private static final String HOSTILE = "<img src=x onerror=alert(1)>\"><script>alert(2)</script>";

    /** The same as the name of a file, which holds no slash. */
    private static final String HOSTILE_NAME = HOSTILE.replace('/', '-');

    private static final byte[] NOTES =
            text("# Tides\n\nThe tide turns at noon.\n\n## Moon\n\nThe moon draws the water.\n");

    @RegisterExtension
    final Browser browser = new Browser();

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    @Test
    void theFirstFilesAreChosenAndBecomeReady() {
        Page page = browser.openAs(alice, "/documents");
        assertThat(page).hasTitle("Documents · CustomRAGAssistant");
        assertThat(browser.heading("Add your first documents")).isVisible();
        assertThat(page.getByText("Up to 200 MB each.")).isVisible();
        browser.inspect("documents-empty");

        choose(
                browser.button("Choose files"),
                file("notes.md", NOTES),
                file(
                        "report.pdf",
                        SampleFiles.pdf(List.of("The harbour was closed in May."), List.of("It opened in June."))),
                file("prices.docx", SampleFiles.docx()));

        for (String name : List.of("notes.md", "report.pdf", "prices.docx")) {
            assertThat(row(name).getByText("Ready")).isVisible(slowly());
        }
        assertThat(row("report.pdf")).containsText("PDF");
        assertThat(row("report.pdf")).containsText("2 pages · 2 passages");
        assertThat(row("notes.md")).containsText("Markdown");
        assertThat(page.getByText("3 files were uploaded.")).isVisible();
        assertThat(page.getByText(Pattern.compile("^3 documents, .* of 5 GB$"))).isVisible();
        assertThat(browser.heading("Add your first documents")).isHidden();
    }

    @Test
    void filesAreDroppedAnywhereAndWhatCannotBeTakenIsSaid() {
        Page page = browser.openAs(alice, "/documents");
        page.route(
                "**/documents/usage",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody("{\"documents\":0,\"bytes\":0,\"max_documents\":9,\"max_bytes\":9000,"
                                + "\"max_file_bytes\":1000}")));
        page.reload();
        assertThat(page.getByText("Up to 1,000 bytes each.")).isVisible();

        drop(
                "body",
                file("tides.txt", text("The tide turns at noon.")),
                file("cat.png", SampleFiles.png()),
                file(HOSTILE_NAME + "\u202Egnp.exe", text("Not to be run.")),
                file("old.doc", SampleFiles.ole2()),
                file("nothing.txt", new byte[0]),
                file("long.txt", text("Too long. ".repeat(200))),
                file("picture.dat", SampleFiles.png()));

        assertThat(row("tides.txt").getByText("Ready")).isVisible(slowly());
        assertThat(upload("cat.png")).containsText("Pictures hold no text.");
        assertThat(upload(HOSTILE_NAME + "gnp.exe")).containsText("Programs hold no text to read.");
        assertThat(upload("old.doc")).containsText("Save it as DOCX");
        assertThat(upload("nothing.txt")).containsText("The file is empty.");
        assertThat(upload("long.txt")).containsText("The file is larger than 1,000 bytes.");
        // This one only the service could tell.
        assertThat(upload("picture.dat")).containsText("The content of this file cannot be read");
        alice.request().get("/documents").then().body("items.filename", equalTo(List.of("tides.txt")));
        browser.inspect("documents-refused", Browser.PHONE);

        browser.button("Dismiss all").click();
        drop("body", file("copy of tides.txt", text("The tide turns at noon.")));
        assertThat(upload("copy of tides.txt")).containsText("You have this file already: tides.txt");
        browser.button("Dismiss copy of tides.txt").click();
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Uploads")))
                .isHidden();
    }

    @Test
    void documentsAreFoundAndSortedInAllTheirStates() {
        alice.uploaded("Zebra.txt", text("Zebras have stripes. ".repeat(40)));
        named(
                "Übersicht der Gezeitenkraftwerke an der bretonischen Küste mit allen Anlagen 2019 bis 2024, endgültig.pdf",
                SampleFiles.pdf(
                        List.of("One page has text."), List.of(), List.of("The third too."), List.of(), List.of()));
        named(HOSTILE_NAME, text("A text."));
        String working = alice.uploaded("working.txt", text("This one is in work."));
        String failing = uploadedFailing("locked.pdf", SampleFiles.encryptedPdf());
        Sql.update(
                "UPDATE documents SET status = 'embedding', progress = 0.4, passage_count = 0, ready_at = NULL WHERE id = ?",
                UUID.fromString(working));
        Page page = browser.openAs(alice, "/documents");

        assertThat(row("Übersicht")).containsText("Pages 2 and 4–5 have no readable text");
        assertThat(row("locked.pdf")).containsText("Remove the password and upload it again.");
        assertThat(row("working.txt")).containsText("Making it searchable, 40%");
        assertThat(row(HOSTILE_NAME)).isVisible();
        assertThat(names()).hasCount(5);
        assertThat(names().first()).hasText("locked.pdf");
        page.getByLabel("Select Zebra.txt").check();
        browser.inspect("documents-list");

        page.getByLabel("Order").selectOption("Name, A to Z");
        assertThat(names().nth(1)).hasText("locked.pdf");
        assertThat(names().last()).hasText("Zebra.txt");
        page.getByLabel("Order").selectOption("Largest first");
        assertThat(names().first()).containsText("Übersicht");
        page.getByLabel("State").selectOption("Failed");
        assertThat(names()).hasText(new String[] {"locked.pdf"});
        page.reload();
        assertThat(names()).hasText(new String[] {"locked.pdf"});
        page.getByLabel("State").selectOption("All states");

        page.getByLabel("Search by name").fill("ubersicht");
        assertThat(names()).hasCount(1);
        assertThat(page).hasURL(Pattern.compile(".*q=ubersicht.*"));
        page.getByLabel("Search by name").fill("ubersicht ");
        assertThat(names()).hasCount(1);
        page.getByLabel("Search by name").pressSequentially("der");
        assertThat(page).hasURL(Pattern.compile(".*q=ubersicht\\+der.*"));
        assertThat(names()).hasCount(1);
        page.getByLabel("Search by name").fill("no such name");
        assertThat(browser.heading("Nothing matches")).isVisible();
        browser.button("Show all documents").click();
        assertThat(names()).hasCount(5);
        assertThat(page.getByLabel("Search by name")).hasValue("");

        choose("Actions for locked.pdf", "Read again");
        assertThat(page.getByText("“locked.pdf” is being read again.")).isVisible();
        assertThat(row("locked.pdf").getByText("Failed")).isVisible(slowly());
        alice.request().get("/documents/{id}", failing).then().body("status", equalTo("failed"));
    }

    @Test
    void theTextIsShownAsTheAssistantSeesIt() {
        alice.uploaded(
                "tides.pdf", SampleFiles.pdf(List.of("The tide turns at noon."), List.of("The moon draws the water.")));
        String hostile = alice.uploaded(
                "hostile.md",
                text("# " + "Heading `" + HOSTILE + "`\n\nThe text `" + HOSTILE
                        + "` and [more](javascript:alert(3)).\n"));
        Page page = browser.openAs(alice, "/documents");

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("tides.pdf"))
                .click();

        assertThat(browser.heading("tides.pdf")).isFocused();
        assertThat(passages()).hasCount(2);
        assertThat(passages().first()).containsText("Page 1");
        assertThat(passages().last()).containsText("The moon draws the water.");
        browser.inspect("documents-preview");

        page.keyboard().press("Escape");
        assertThat(browser.heading("tides.pdf")).isHidden();
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("tides.pdf")))
                .isFocused();

        page.navigate("/documents/" + hostile);
        assertThat(passages().first()).containsText(HOSTILE);
        assertThat(page.locator("main img, main script, main a[href^=javascript]"))
                .hasCount(0);
        page.navigate("/documents/" + UUID.randomUUID());
        assertThat(page.getByText("It is not there, or no longer.")).isVisible();
    }

    @Test
    void aDocumentIsRenamedReplacedAndDownloaded() throws Exception {
        String id = alice.uploaded("draft.txt", text("The first version."));
        Page page = browser.openAs(alice, "/documents");

        choose("Actions for draft.txt", "Rename");
        assertThat(browser.field("Name")).isFocused();
        browser.field("Name").fill(" ");
        browser.button("Save").click();
        assertThat(page.getByText("Give it a name.")).isVisible();
        browser.field("Name").fill("Final.txt");
        page.keyboard().press("Enter");
        assertThat(names()).hasText(new String[] {"Final.txt"});

        browser.button("Actions for Final.txt").click();
        choose(page.getByText("Replace with a newer file"), file("Second.txt", text("The second version.")));
        assertThat(row("Second.txt").getByText("Ready")).isVisible(slowly());
        assertThat(names()).hasCount(1);
        alice.request().get("/documents/{id}", id).then().body("filename", equalTo("Second.txt"));

        browser.button("Actions for Second.txt").click();
        var download = page.waitForDownload(
                () -> page.getByText("Download the original").click());
        assertThat(download.suggestedFilename()).isEqualTo("Second.txt");
        assertThat(Files.readString(download.path())).isEqualTo("The second version.");
    }

    @Test
    void whatIsDeletedCanBeBroughtBackUntilThePageIsLeft() {
        List<String> kept = List.of("one.txt", "two.txt", "three.txt");
        for (String name : kept) {
            alice.uploaded(name, text("This is " + name));
        }
        Page page = browser.openAs(alice, "/documents");
        assertThat(names()).hasCount(3);

        choose("Actions for two.txt", "Delete");
        assertThat(names()).hasCount(2);
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("one.txt")))
                .isFocused();
        browser.button("Undo").click();
        assertThat(names()).hasCount(3);
        documents().body("items", hasSize(3));

        // Who adds again what was just deleted keeps it.
        choose("Actions for two.txt", "Delete");
        assertThat(names()).hasCount(2);
        drop("body", file("two.txt", text("This is two.txt")));
        assertThat(names()).hasCount(3);
        documents().body("items", hasSize(3));

        page.getByLabel("Select one.txt").check();
        page.getByLabel("Select two.txt").check();
        assertThat(page.getByText("2 selected")).isVisible();
        browser.button("Delete").click();
        assertThat(page.getByText("2 documents were deleted.")).isVisible();
        assertThat(names()).hasText(new String[] {"three.txt"});
        documents().body("items", hasSize(3));

        page.navigate("/icon.svg");
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> documents()
                .body("items.filename", equalTo(List.of("three.txt"))));
        page.goBack();
        assertThat(names()).hasText(new String[] {"three.txt"});
    }

    @Test
    void aDeletionThatFailsBringsTheDocumentBack() {
        alice.uploaded("kept.txt", text("This one stays."));
        browser.page().clock().install();
        Page page = browser.openAs(alice, "/documents");
        assertThat(names()).hasCount(1);
        page.route("**/documents/delete", Route::abort);

        choose("Actions for kept.txt", "Delete");
        assertThat(names()).hasCount(0);
        page.clock().fastForward("00:11");

        assertThat(page.getByText("The document could not be deleted, and is still there."))
                .isVisible();
        assertThat(names()).hasText(new String[] {"kept.txt"});
        page.unroute("**/documents/delete");
        browser.button("Try again").click();
        assertThat(names()).hasCount(0);
        Awaitility.await().untilAsserted(() -> documents().body("items", hasSize(0)));
    }

    @Test
    void twoTabsSeeEachOthersChanges() {
        String id = alice.uploaded("shared.txt", text("Seen in both tabs."));
        Page first = browser.openAs(alice, "/documents");
        assertThat(names()).hasCount(1);
        Page second = browser.newPage();
        second.navigate("/documents/" + id);
        assertThat(second.locator(".passages li")).hasCount(1);

        choose(browser.button("Add files"), file("new.txt", text("Added in the first tab.")));
        assertThat(second.locator("cra-document", new Page.LocatorOptions().setHasText("new.txt"))
                        .getByText("Ready"))
                .isVisible(slowly());
        alice.json(Map.of("filename", "renamed.txt"))
                .patch("/documents/{id}", id)
                .then()
                .statusCode(200);
        assertThat(first.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("renamed.txt")))
                .isVisible();
        assertThat(second.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("renamed.txt")))
                .isVisible();
        alice.request().delete("/documents/{id}", id).then().statusCode(204);
        assertThat(names()).hasText(new String[] {"new.txt"});
        assertThat(second.getByText("It is not there, or no longer.")).isVisible();
    }

    @Test
    void anUploadThatBreaksOffIsSentAgain() {
        Page page = browser.openAs(alice, "/documents");
        assertThat(browser.heading("Add your first documents")).isVisible();
        browser.context().setOffline(true);

        drop("body", file("first.txt", text("The first.")), file("second.txt", text("The second.")));

        assertThat(upload("first.txt")).containsText("The service cannot be reached.");
        assertThat(upload("second.txt")).containsText("The service cannot be reached.");
        assertThat(page.getByText("we keep trying")).isVisible();
        browser.inspect("documents-offline", Browser.PHONE);

        browser.context().setOffline(false);
        browser.button("Upload second.txt again").click();
        assertThat(row("second.txt").getByText("Ready")).isVisible(slowly());
        assertThat(upload("first.txt")).isVisible();
        browser.button("Upload first.txt again").click();
        assertThat(row("first.txt").getByText("Ready")).isVisible(slowly());
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Uploads")))
                .isHidden();
    }

    /** Three at a time; on other screens too, and the page is not left without a word. */
    @Test
    void uploadsGoOnElsewhere() {
        Page page = browser.openAs(alice, "/documents");
        assertThat(browser.heading("Add your first documents")).isVisible();
        var held = new ArrayList<Route>();
        page.route("**/documents", route -> {
            if (route.request().method().equals("POST")) {
                held.add(route);
            } else {
                route.resume();
            }
        });

        drop(
                "body",
                file("a.txt", text("The text of a.")),
                file("b.txt", text("The text of b.")),
                file("c.txt", text("The text of c.")),
                file("d.txt", text("The text of d.")));
        assertThat(browser.heading("Uploading 4 files")).isVisible();
        assertThat(upload("d.txt")).containsText("Waiting");
        page.waitForCondition(() -> held.size() == 3);
        browser.inspect("documents-uploading", Browser.DESKTOP);

        var asked = new ArrayList<String>();
        page.onDialog(dialog -> {
            asked.add(dialog.type());
            dialog.dismiss();
        });
        // The browser asks only those who have done something in the page.
        page.locator("h1").click();
        page.close(new Page.CloseOptions().setRunBeforeUnload(true));
        page.waitForCondition(() -> !asked.isEmpty());
        assertThat(asked).containsExactly("beforeunload");

        page.evaluate("history.pushState(null, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))");
        assertThat(browser.heading("Not found")).isVisible();
        Locator work = page.locator(".sidebar cra-work a");
        assertThat(work).hasText("Uploading 4 files");
        browser.inspect("documents-elsewhere", Browser.PHONE);
        for (int sent = 0; sent < 4; sent++) {
            int next = sent;
            page.waitForCondition(() -> held.size() > next);
            held.get(next).resume();
        }
        assertThat(page.getByText("4 files were uploaded.")).isVisible(slowly());
        assertThat(work).isHidden();
        browser.button("Show").click();
        assertThat(names()).hasCount(4);
    }

    @Test
    void theListIsReadAgainWhenItCouldNotBe() {
        alice.uploaded("there.txt", text("It was there all the time."));
        Page page = browser.openAs(alice, "/icon.svg");
        page.route(
                Pattern.compile(".*/documents\\?.*"),
                route -> route.fulfill(new Route.FulfillOptions().setStatus(503)));
        page.navigate("/documents");

        assertThat(browser.button("Try again")).isVisible();
        page.unroute(Pattern.compile(".*/documents\\?.*"));
        browser.button("Try again").click();
        assertThat(names()).hasText(new String[] {"there.txt"});
    }

    @Test
    void theKeyboardIsEnough() {
        alice.uploaded("one.txt", text("This is one."));
        alice.uploaded("two.txt", text("This is two."));
        Page page = browser.openAs(alice, "/documents");
        // Chromium hands choosers over once it is told to, which a key pressed at once would overtake.
        page.onFileChooser(any -> {});
        assertThat(names()).hasCount(2);

        browser.button("Add files").focus();
        var chooser = page.waitForFileChooser(() -> page.keyboard().press("Enter"));
        chooser.setFiles(file("three.txt", text("This is three.")));
        assertThat(row("three.txt").getByText("Ready")).isVisible(slowly());

        page.getByLabel("Search by name").focus();
        page.keyboard().type("two");
        assertThat(names()).hasText(new String[] {"two.txt"});
        for (int tabs = 0; tabs < 4; tabs++) {
            page.keyboard().press("Tab");
        }
        assertThat(page.getByLabel("Select two.txt")).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(browser.heading("two.txt")).isFocused();
        page.keyboard().press("Escape");
        page.keyboard().press("Tab");
        assertThat(browser.button("Actions for two.txt")).isFocused();
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Enter");
        assertThat(page.getByText("“two.txt” was deleted.")).isVisible();
        assertThat(browser.heading("Nothing matches")).isVisible();
        browser.button("Undo").press("Enter");
        assertThat(names()).hasText(new String[] {"two.txt"});
    }

    @Test
    void germanFits() {
        alice.uploaded("Gezeiten.pdf", SampleFiles.pdf(List.of("Die Flut kommt."), List.of()));
        uploadedFailing("Verschlossen.pdf", SampleFiles.encryptedPdf());
        Page page = browser.openAs(alice, "/icon.svg");
        page.evaluate("localStorage.setItem('language', 'de')");
        page.navigate("/documents");

        assertThat(browser.heading("Dokumente")).isVisible();
        assertThat(row("Gezeiten.pdf")).containsText("Seite 2 enthält keinen lesbaren Text");
        browser.inspect("documents-german", Browser.PHONE);
    }

    // --- What is on the page --------------------------------------------------------------------------------------

    @Test
    void whatWasDeletedIsGoneWhenOneSignsOut() {
        alice.uploaded("gone.txt", text("This is to go."));
        Page page = browser.openAs(alice, "/documents");
        choose("Actions for gone.txt", "Delete");
        assertThat(page.getByText("“gone.txt” was deleted.")).isVisible();

        browser.button("Ada Lovelace").click();
        page.getByText("Sign out").click();

        assertThat(browser.heading("Sign in")).isVisible();
        assertThat(page.getByText("gone.txt")).isHidden();
        assertThat(alice.request().get("/documents").then().extract().<Integer>path("items.size()"))
                .isZero();
    }

    private Locator row(String text) {
        return browser.page().locator("cra-document", new Page.LocatorOptions().setHasText(text));
    }

    private Locator upload(String name) {
        return browser.page().locator("cra-uploads li", new Page.LocatorOptions().setHasText(name));
    }

    private Locator names() {
        return browser.page().locator("cra-document .name");
    }

    private Locator passages() {
        return browser.page().locator(".passages li");
    }

    /** Reading a file takes its time. */
    private static LocatorAssertions.IsVisibleOptions slowly() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);
    }

    private void choose(String menu, String item) {
        browser.button(menu).click();
        browser.page()
                .getByRole(
                        AriaRole.MENUITEM,
                        new Page.GetByRoleOptions().setName(item).setExact(true))
                .click();
    }

    private void choose(Locator opener, FilePayload... files) {
        browser.page().waitForFileChooser(opener::click).setFiles(files);
    }

    private void drop(String place, FilePayload... files) {
        var contents = new ArrayList<Map<String, String>>();
        for (FilePayload file : files) {
            contents.add(Map.of("name", file.name, "bytes", Base64.getEncoder().encodeToString(file.buffer)));
        }
        browser.page().evaluate("""
                ([place, files]) => {
                    const transfer = new DataTransfer();
                    for (const {name, bytes} of files) {
                        transfer.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
                    }
                    for (const type of ['dragenter', 'dragover', 'drop']) {
                        document.querySelector(place).dispatchEvent(new DragEvent(type,
                            {dataTransfer: transfer, bubbles: true, cancelable: true}));
                    }
                }""", List.of(place, contents));
    }

    private static FilePayload file(String name, byte[] bytes) {
        return new FilePayload(name, "application/octet-stream", bytes);
    }

    private ValidatableResponse documents() {
        return alice.request().get("/documents").then().statusCode(200);
    }

    /** The client of the tests sends no such names itself. */
    private void named(String name, byte[] bytes) {
        String id = alice.uploaded("document", bytes);
        alice.json(Map.of("filename", name)).patch("/documents/{id}", id).then().statusCode(200);
    }

    private String uploadedFailing(String name, byte[] bytes) {
        String id =
                alice.uploading(name, bytes).then().statusCode(202).extract().path("id");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> alice.request().get("/documents/{id}", id).path("status"), "failed"::equals);
        return id;
    }
}
