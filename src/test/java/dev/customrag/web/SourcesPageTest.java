package dev.customrag.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stands behind the marks of an answer. */
@QuarkusTest
class SourcesPageTest {

    private static final String NOTICE = "The notice period is three months to the end of a quarter.";

    /** As the page has it: cut into lines, in a word too. */
    private static final String NOTICE_ON_PAGE = """
            Either side may end the contract in writing. The notice
            period is three months to the end of a quar-
            ter. It begins on the day after the letter has arrived,
            and is counted in whole months from then on.""";

    private static final List<String> COVER = List.of("Handbook for tenants", "Second edition");
    private static final List<String> MIDDLE =
            List.of("Ending the contract", NOTICE_ON_PAGE, "A deposit is paid back within six weeks.");
    private static final List<String> END = List.of("Keys", "All keys are handed over on the last day.");

    private static final String RENT = """
            # Money

            The deposit is two rents, and earns interest.

            ## Rent

            The rent is 900 euros a month. It is due on the third working day.

            ## Heating

            Heating is charged by what was used.
            """;

    @RegisterExtension
    final Browser browser = new Browser();

    private Person alice;
    private String handbook;
    private String rent;

    @BeforeEach
    void upload() {
        alice = Person.registered();
    }

    private void uploadBoth() {
        handbook = alice.uploaded("handbook.pdf", SampleFiles.pdf(COVER, MIDDLE, END));
        rent = alice.uploaded("rent.md", RENT);
    }

    /** Chinese in a font and with a character map that the file does not bring, and a picture nobody can read. */
    private static final byte[] ODD = SampleFiles.text("""
            %PDF-1.4
            1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
            2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
            3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Rotate 90 /Contents 5 0 R
                /Resources <</XObject <</I 4 0 R>> /Font <</F 6 0 R>>>>>> endobj
            4 0 obj <</Type /XObject /Subtype /Image /Width 9 /Height 9 /Filter /JPXDecode /Length 4>> stream
            abcd
            endstream endobj
            5 0 obj <</Length 75>> stream
            q 50 0 0 50 0 0 cm /I Do Q BT /F 20 Tf 50 150 Td <4F60597D4E16754C> Tj ET
            endstream endobj
            6 0 obj <</Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H
                /DescendantFonts [7 0 R]>> endobj
            7 0 obj <</Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light
                /CIDSystemInfo <</Registry (Adobe) /Ordering (GB1) /Supplement 2>> /FontDescriptor 8 0 R>> endobj
            8 0 obj <</Type /FontDescriptor /FontName /STSong-Light /Flags 6 /Ascent 880 /Descent -120
                /FontBBox [-25 -254 1000 880]>> endobj
            trailer <</Root 1 0 R>>
            """);

    // --- Answers as they are kept -----------------------------------------------------------------------------------

    /** A citation of words of a document that has them. */
    private Map<String, Object> citation(int number, String document, String words, String state) {
        List<Map<String, Object>> passages = alice.request()
                .get("/documents/{id}/passages", document)
                .jsonPath()
                .getList("items");
        var passage = passages.stream()
                .filter(each -> each.get("text").toString().contains(words))
                .findFirst()
                .orElseThrow();
        int start = (int) passage.get("start") + passage.get("text").toString().indexOf(words);
        var citation = new HashMap<>(Map.of(
                "number", number,
                "passage_id", passage.get("id"),
                "document_id", document,
                "filename", passage.get("filename"),
                "quote", words,
                "start", start,
                "end", start + words.length(),
                "state", state));
        citation.put("page", passage.get("page"));
        citation.put("heading", passage.get("heading"));
        return citation;
    }

    /** A conversation with one answer; gives its address. */
    private String answered(String answer, List<Map<String, Object>> citations) {
        UUID session = UUID.randomUUID();
        UUID question = UUID.randomUUID();
        UUID message = UUID.randomUUID();
        Sql.update(
                "INSERT INTO chat_sessions (id, owner_id, title, created_at, updated_at) VALUES (?, ?, 'Flat', now(), now())",
                session,
                alice.id());
        insert(session, question, null, "user", "What holds for the flat?", List.of());
        insert(session, message, question, "assistant", answer, citations);
        Sql.update("UPDATE chat_sessions SET current_message_id = ? WHERE id = ?", message, session);
        return "/chat/" + session;
    }

    private void insert(
            UUID session, UUID id, UUID parent, String role, String content, List<Map<String, Object>> citations) {
        try {
            Sql.update(
                    """
                    INSERT INTO chat_messages (id, owner_id, session_id, parent_id, role, content, citations, created_at)
                    VALUES (?, ?, ?, ?::uuid, ?, ?, ?::jsonb, clock_timestamp())
                    """,
                    id,
                    alice.id(),
                    session,
                    parent,
                    role,
                    content,
                    new ObjectMapper().writeValueAsString(citations));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private String answeredFromThree() {
        uploadBoth();
        return answered(
                "You can leave with a notice of three months [1]. Until then you pay 900 euros [2], and the heating [3].",
                List.of(
                        citation(1, handbook, noticeAsRead(), "verified"),
                        citation(2, rent, "The rent is 900 euros a month.", "weak"),
                        citation(3, rent, "Heating is charged by what was used.", "missing")));
    }

    /** The service may have joined what the lines of the page cut. */
    private String noticeAsRead() {
        String text = alice
                .request()
                .get("/documents/{id}/passages", handbook)
                .jsonPath()
                .getList("items.text", String.class)
                .stream()
                .filter(each -> each.contains("notice"))
                .findFirst()
                .orElseThrow();
        int end = text.indexOf("ter.") + "ter.".length();
        return text.substring(text.indexOf("The notice"), end);
    }

    // --- What is seen -----------------------------------------------------------------------------------------------

    private Locator mark(int number) {
        return browser.page().locator(".citation[data-number='" + number + "']");
    }

    private Locator panel() {
        return browser.page().locator("cra-panel[open]");
    }

    private Locator tooltip() {
        return browser.page().getByRole(AriaRole.TOOLTIP);
    }

    private Locator hits() {
        return panel().locator(".hit");
    }

    @Test
    void aMarkShowsItsQuoteAndOpensItsPassage() {
        rent = alice.uploaded("rent.md", RENT);
        Page page = browser.openAs(
                alice,
                answered(
                        "The rent is 900 euros [1].",
                        List.of(citation(1, rent, "The rent is 900 euros a month.", "verified"))));

        mark(1).hover();
        assertThat(tooltip()).hasText("“The rent is 900 euros a month.” rent.md");
        page.mouse().move(0, 0);
        assertThat(tooltip()).hasCount(0);
        mark(1).dispatchEvent("pointerenter", Map.of("pointerType", "touch"));
        page.waitForTimeout(700);
        assertThat(tooltip()).hasCount(0);
        page.locator(".log").focus();
        while (!(boolean) mark(1).evaluate("mark => mark === document.activeElement")) {
            page.keyboard().press("Tab");
        }
        assertThat(tooltip()).containsText("900 euros a month");
        page.keyboard().press("Escape");
        assertThat(tooltip()).hasCount(0);
        page.keyboard().press("Enter");

        assertThat(browser.heading("Source 1")).isFocused();
        assertThat(browser.heading("rent.md")).isVisible();
        assertThat(panel()).containsText("Rent");
        assertThat(panel()).containsText("Words found");
        assertThat(panel()).containsText("The words of the answer stand in this passage.");
        assertThat(panel().locator("mark")).hasText("The rent is 900 euros a month.");
        assertThat(panel().locator(".passage")).containsText("It is due on the third working day.");
        assertThat(panel().locator(".around").first()).containsText("The deposit is two rents, and earns interest.");
        assertThat(panel().locator(".around").last()).containsText("Heating is charged");
        assertThat(panel().getByRole(AriaRole.TAB)).hasCount(0);
        assertThat(browser.button("Next source")).hasCount(0);
        assertThat(mark(1)).hasAttribute("aria-current", "true");
        assertThat(page.locator(".source[aria-current]")).hasCount(1);
        browser.inspect("sources-text");

        page.keyboard().press("Escape");
        assertThat(browser.heading("Source 1")).isHidden();
        assertThat(mark(1)).isFocused();
        assertThat(page.locator("[aria-current=true][data-number]")).hasCount(0);
        page.locator(".source").click();
        panel().getByText("Open the document").click();
        assertThat(page).hasURL(Pattern.compile(".*/documents/" + rent));
        assertThat(browser.heading("rent.md")).isVisible();
    }

    @Test
    void aPdfIsShownAtThePageWithTheQuoteMarked() {
        Page page = browser.openAs(alice, answeredFromThree());
        mark(1).click();

        assertThat(hits().first()).isVisible();
        assertThat(panel()).containsText("Page 2");
        assertThat(browser.field("Page number")).hasValue("2");
        assertThat(panel()).containsText("of 3");
        // Where the words are, and nowhere else: each line of the quote has a mark as high as its letters.
        String marked = (String) hits().first().evaluate("""
                () => [...document.querySelectorAll('.text-layer span')]
                    .filter(words => [...document.querySelectorAll('.hit')].some(hit => {
                        const one = hit.getBoundingClientRect();
                        const other = words.getBoundingClientRect();
                        return Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > other.height / 2;
                    }))
                    .map(words => words.textContent).join(' ')""");
        assertThat(marked)
                .startsWith("Either side")
                .contains("period is three months")
                .endsWith("has arrived,");
        assertThat(panel().locator(".view")).isInViewport();
        assertThat(hits().first()).isInViewport();
        assertThat(page.workers()).hasSize(1);
        // Ink, not an empty canvas.
        assertThat(panel().locator("canvas").evaluate("""
                canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
                    .filter((value, at) => at % 4 === 0 && value < 100).length"""))
                .satisfies(dark -> assertThat(((Number) dark).intValue()).isGreaterThan(200));
        browser.inspect("sources-pdf", Browser.DESKTOP);

        browser.button("Next page").click();
        assertThat(panel().locator(".text-layer")).containsText("All keys are handed over");
        assertThat(hits()).hasCount(0);
        assertThat(browser.button("Next page")).hasAttribute("aria-disabled", "true");
        browser.field("Page number").fill("1");
        browser.field("Page number").press("Enter");
        assertThat(panel().locator(".text-layer")).containsText("Handbook for tenants");
        browser.button("Next page").click();
        assertThat(hits().first()).isVisible();
        double before = panel().locator(".sheet").boundingBox().width;
        browser.button("Larger").click();
        browser.button("Larger").click();
        assertThat(browser.button("As wide as the panel")).hasText("150%");
        page.waitForCondition(() -> panel().locator(".sheet").boundingBox().width > before * 1.4);
        assertThat(hits().first()).isInViewport();
        browser.button("As wide as the panel").click();
        page.waitForCondition(() -> panel().locator(".sheet").boundingBox().width < before * 1.1);

        panel().getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setName("Text"))
                .click();
        assertThat(panel().locator("mark")).containsText("three months");
        page.setViewportSize(Browser.PHONE, 740);
        panel().getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setName("Page"))
                .click();
        assertThat(hits().first()).isInViewport();
        browser.inspect("sources-pdf", Browser.PHONE);
    }

    @Test
    void oneWalksThroughTheSources() {
        Page page = browser.openAs(alice, answeredFromThree());
        mark(2).click();
        assertThat(panel()).containsText("In part");
        assertThat(panel().locator("mark")).hasText("The rent is 900 euros a month.");
        assertThat(panel()).containsText("2 of 3");

        page.keyboard().press("ArrowRight");
        assertThat(browser.heading("Source 3")).isVisible();
        assertThat(panel()).containsText("Not found there");
        assertThat(panel()).containsText("The passage does not support the answer.");
        assertThat(panel().locator("mark")).hasText("Heating is charged by what was used.");
        assertThat(mark(3)).hasAttribute("aria-current", "true");
        assertThat(mark(2)).not().hasAttribute("aria-current", "true");
        assertThat(page.locator("cra-sources > [role=status]")).hasText("Source 3: rent.md");
        assertThat(browser.button("Next source")).hasAttribute("aria-disabled", "true");
        page.keyboard().press("ArrowRight");
        assertThat(browser.heading("Source 3")).isVisible();
        browser.button("Previous source").click();
        assertThat(browser.heading("Source 2")).isVisible();
        page.keyboard().press("Escape");
        assertThat(mark(2)).isFocused();

        mark(3).click();
        mark(2).click();
        assertThat(browser.heading("Source 2")).isVisible();
        assertThat(panel().locator("mark")).hasText("The rent is 900 euros a month.");
        page.keyboard().press("Escape");
        assertThat(panel()).hasCount(0);
    }

    @Test
    void itSaysWhyTheAnswerIsWhatItIs() {
        uploadBoth();
        String session = alice.json(Map.of("title", "Flat"))
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        alice.json(Map.of("content", "How long is the notice period?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201);
        Page page = browser.openAs(alice, "/chat/" + session);
        browser.button("Why this answer").click();

        assertThat(browser.heading("What was searched for")).isVisible();
        assertThat(panel().locator("blockquote")).hasText("How long is the notice period?");
        assertThat(panel()).containsText("Near enough: passages count from a similarity of");
        Locator passages = panel().locator("ol button");
        assertThat(passages.first()).containsText("handbook.pdf, page 2");
        assertThat(passages.first()).containsText(Pattern.compile("Match 0\\.\\d\\d"));
        assertThat(passages.first()).containsText(Pattern.compile("Meaning 0\\.\\d\\d"));
        assertThat(passages.first()).containsText(Pattern.compile("Words \\d"));
        assertThat(panel()).containsText("The model had said all.");
        browser.inspect("sources-why", Browser.DESKTOP);

        Locator uncited = passages.filter(new Locator.FilterOptions().setHasText("not cited"));
        uncited.first().click();
        assertThat(panel()).containsText("The model was given this passage. The answer does not cite it.");
        assertThat(panel()).containsText("Match with the question");
        browser.button("Why this answer")
                .and(panel().getByRole(AriaRole.BUTTON))
                .click();
        passages.first().click();
        assertThat(browser.heading("Source 1")).isFocused();
        assertThat(panel()).containsText("Match with the question");
        page.keyboard().press("Escape");
        assertThat(browser.button("Why this answer")).isFocused();

        page.evaluate("localStorage.setItem('language', 'de')");
        page.reload();
        browser.button("Warum diese Antwort").click();
        assertThat(browser.heading("Wonach gesucht wurde")).isVisible();
        browser.inspect("sources-why-german", Browser.PHONE);

        Sql.update("UPDATE chat_messages SET trace = NULL WHERE session_id = ?", UUID.fromString(session));
        page.reload();
        browser.button("Warum diese Antwort").click();
        assertThat(panel()).containsText("Wie diese Antwort entstand, ist nicht mehr bekannt.");
    }

    @Test
    void whatIsGoneOrAwayIsSaid() {
        Page page = browser.openAs(alice, answeredFromThree());
        mark(1).click();
        assertThat(hits().first()).isVisible();
        browser.button("Close").click();

        page.route("**/documents/**", Route::abort);
        mark(1).click();
        assertThat(panel().locator("blockquote")).containsText("three months");
        assertThat(browser.button("Try again")).isVisible();
        page.unroute("**/documents/**");
        page.route("**/content", Route::abort);
        browser.button("Try again").click();
        assertThat(panel().locator(".view button")).isVisible();
        page.unroute("**/content");
        browser.button("Try again").click();
        assertThat(hits().first()).isVisible();
        browser.button("Close").click();

        page.route(
                "**/content",
                route -> route.fulfill(
                        new Route.FulfillOptions().setBodyBytes(SampleFiles.truncated(SampleFiles.scannedPdf()))));
        mark(1).click();
        assertThat(panel()).containsText("The page cannot be drawn: something in the file is damaged.");
        assertThat(panel().locator("mark")).containsText("three months");
        browser.button("Close").click();
        page.unroute("**/content");
        page.route(
                "**/content",
                route -> route.fulfill(new Route.FulfillOptions().setBodyBytes(SampleFiles.encryptedPdf())));
        mark(1).click();
        assertThat(panel()).containsText("This PDF asks for a password");
        browser.button("Close").click();
        page.unroute("**/content");

        Pattern document = Pattern.compile("/documents/" + handbook + "$");
        String large = alice.request()
                .get("/documents/{id}", handbook)
                .asString()
                .replaceFirst("\"size_bytes\":\\d+", "\"size_bytes\":" + 30 * 1024 * 1024);
        page.route(
                document,
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(large)));
        mark(1).click();
        assertThat(panel()).containsText("The file has 30 MB.");
        browser.button("Show the page").click();
        assertThat(hits().first()).isVisible();
        browser.button("Close").click();
        page.unroute(document);

        page.route("**/content", route -> route.fulfill(new Route.FulfillOptions().setBodyBytes(ODD)));
        mark(1).click();
        assertThat(panel()).containsText("Some pictures on this page are in a format that cannot be shown here.");
        assertThat(panel().locator(".text-layer")).hasText("\u4F60\u597D\u4E16\u754C");
        assertThat(browser.field("Page number")).hasValue("1");
        browser.button("Close").click();
        page.unroute("**/content");

        alice.request().delete("/documents/{id}", handbook).then().statusCode(204);
        mark(1).click();
        assertThat(panel()).containsText("The document was deleted since.");
        assertThat(browser.heading("handbook.pdf")).isVisible();
        assertThat(panel().locator("blockquote")).containsText("three months");
        assertThat(panel().getByText("Open the document")).hasCount(0);
        browser.button("Close").click();

        Sql.update(
                "UPDATE passages SET text = replace(text, '900', '950') WHERE document_id = ?", UUID.fromString(rent));
        mark(2).click();
        assertThat(panel()).containsText("The document has changed since");
        assertThat(panel().locator("blockquote")).hasText("The rent is 900 euros a month.");
    }

    @Test
    void namesAndTextsOfOthersAreText() {
        String tag = "<img src=x onerror=alert(1)>";
        String text = tag + "\n\n\"><script>alert(2)</script> " + tag + " javascript:alert(3)\n\n"
                + "\u05D0\u05E8\u05E0\u05D5\u05E0\u05D4\n\n"
                + "\u05D3\u05DE\u05D9 \u05D4\u05E9\u05DB\u05D9\u05E8\u05D5\u05EA \u05D4\u05DD 900 \u05D0\u05D9\u05E8\u05D5.\n";
        String name = "<svg onload=alert(4)>\"><b>x.md";
        String document = alice.uploaded("<img src=x onerror=alert(5)>.txt", text);
        var citations = new ArrayList<Map<String, Object>>();
        citations.add(citation(1, document, "alert(2)", "verified"));
        citations.add(citation(2, document, "\u05D4\u05DD 900", "verified"));
        citations.getFirst().put("filename", name);
        browser.page().onDialog(dialog -> {
            throw new AssertionError("A script ran: " + dialog.message());
        });
        Page page = browser.openAs(alice, answered("As it says [1] and [2].", citations));

        mark(1).hover();
        assertThat(tooltip()).containsText(name);
        mark(1).click();
        assertThat(browser.heading(name)).isVisible();
        assertThat(panel().locator(".text")).containsText("<script>alert(2)</script> " + tag);
        assertThat(panel().locator("mark")).hasText("alert(2)");
        assertThat(panel().locator("img, script, b")).hasCount(0);
        browser.button("Next source").click();
        assertThat(panel().locator("mark")).hasText("\u05D4\u05DD 900");
        browser.inspect("sources-hostile", Browser.PHONE);
    }
}
