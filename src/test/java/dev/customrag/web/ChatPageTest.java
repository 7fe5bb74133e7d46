package dev.customrag.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Conversations in the browser, with the model that quotes. */
@QuarkusTest
class ChatPageTest {

    private static final Pattern CONVERSATION = Pattern.compile(".*/chat/[0-9a-f-]{36}$");
    private static final String CONTRACT = "The notice period is three months. The rent is 900 euros a month.";
    private static final String QUESTION = "How long is the notice period?";

    @RegisterExtension
    final Browser browser = new Browser();

    private static Person withContract() {
        Person alice = Person.registered();
        alice.uploaded("contract.txt", CONTRACT);
        return alice;
    }

    private Locator composer() {
        return browser.field("Your question");
    }

    private void ask(String question) {
        composer().fill(question);
        composer().press("Enter");
    }

    private Locator answers() {
        return browser.page().locator("cra-message:has(.answer)");
    }

    private Locator entries() {
        return browser.page().locator("cra-conversations .entry > a");
    }

    private Locator status() {
        return browser.page().locator("cra-chat > [role=status]");
    }

    @Test
    void aQuestionIsAnsweredFromADocument() {
        Page page = browser.openAs(withContract(), "/");
        assertThat(browser.heading("What would you like to know?")).isVisible();
        assertThat(page.getByText("Looks into 1 document: contract.txt")).isVisible();
        assertThat(browser.button("What is “contract.txt” about?")).isVisible();
        assertThat(composer()).isFocused();
        browser.inspect("chat-empty");

        ask(QUESTION);

        assertThat(answers().locator(".citation").first()).hasText("1");
        assertThat(answers()).containsText("three months");
        assertThat(page).hasURL(CONVERSATION);
        assertThat(page).hasTitle(QUESTION + " · CustomRAGAssistant");
        assertThat(entries()).hasText(new String[] {QUESTION});
        assertThat(browser.heading("Today")).isVisible();
        assertThat(status()).containsText("The answer is complete, with 1 source");
        assertThat(composer()).isFocused();
        assertThat(composer()).hasValue("");

        page.reload();
        Locator mark = answers().locator(".citation").first();
        assertThat(mark).hasAccessibleName(Pattern.compile("Source 1: contract\\.txt, (words found there|in part).*"));
        mark.hover();
        assertThat(page.getByRole(AriaRole.TOOLTIP)).containsText("The notice period is three months.");
        page.mouse().move(0, 0);
        browser.inspect("chat-conversation");
        mark.click();
        assertThat(browser.heading("Source 1")).isVisible();
        page.keyboard().press("Escape");
        assertThat(browser.heading("Source 1")).isHidden();
        assertThat(mark).isFocused();
    }

    @Test
    void anAnswerAndAQuestionHaveVersions() {
        Page page = browser.openAs(withContract(), "/chat");
        ask(QUESTION);
        assertThat(answers()).containsText("three months");

        browser.button("Answer again").click();
        assertThat(page.getByText("2/2")).isVisible();
        assertThat(answers()).hasCount(1);

        page.locator(".question").hover();
        browser.button("Edit").click();
        assertThat(browser.field("Edit your question")).hasValue(QUESTION);
        assertThat(browser.field("Edit your question")).isFocused();
        browser.field("Edit your question").fill("How much is the rent?");
        page.keyboard().press("Enter");

        assertThat(answers()).containsText("900 euros");
        assertThat(page.locator(".bubble")).hasText("How much is the rent?");
        assertThat(page.getByText("2/2")).hasCount(1);
        browser.button("Earlier version").click();
        assertThat(page.locator(".bubble")).hasText(QUESTION);
        assertThat(answers()).containsText("three months");
        assertThat(page.getByText("1/2")).isVisible();
        assertThat(page.getByText("2/2")).isVisible();
        browser.inspect("chat-versions", Browser.PHONE);

        page.reload();
        assertThat(page.locator(".bubble")).hasText(QUESTION);
        browser.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        browser.button("Copy the answer").click();
        assertThat(page.getByText("Copied")).isVisible();
        assertThat((String) page.evaluate("navigator.clipboard.readText()")).contains("three months");
    }

    @Test
    void conversationsAreFoundRenamedAndDeleted() {
        Person alice = withContract();
        String rent = asked(alice, "Rent", "How much is the rent?");
        asked(alice, "Notice", QUESTION);
        Sql.update(
                "UPDATE chat_sessions SET updated_at = updated_at - interval '40 days' WHERE id = ?",
                UUID.fromString(rent));
        Page page = browser.openAs(alice, "/chat");
        assertThat(entries()).hasText(new String[] {"Notice", "Rent"});
        assertThat(page.locator("cra-conversations h2")).hasCount(2);

        page.keyboard().press("Control+k");
        Locator search = browser.field("Search conversations");
        assertThat(search).isFocused();
        search.fill("900 euros");
        assertThat(page.locator(".match")).hasCount(1);
        assertThat(page.locator(".match")).containsText("Rent");
        browser.inspect("chat-search", Browser.DESKTOP);
        page.locator(".match a").click();
        assertThat(page.locator("cra-message.found")).containsText("900 euros");
        search.press("Escape");
        assertThat(entries()).hasCount(2);

        choose("Actions: Notice", "Rename");
        Locator title = browser.field("New title");
        assertThat(title).isFocused();
        title.fill("Notice of the flat");
        title.press("Enter");
        assertThat(entries().first()).containsText("Notice of the flat");

        choose("Actions: Rent", "Delete");
        assertThat(entries()).hasCount(1);
        assertThat(page).hasURL(Pattern.compile(".*/chat$"));
        browser.button("Undo").click();
        assertThat(entries()).hasCount(2);
        assertThat(answers()).containsText("900 euros");

        choose("Actions: Rent", "Delete");
        page.locator(".toast").getByLabel("Close").click();
        page.waitForCondition(() -> alice.request().get("/sessions/{id}", rent).statusCode() == 404);
        page.reload();
        assertThat(entries()).hasText(new String[] {"Notice of the flat"});
    }

    private void choose(String menu, String item) {
        browser.page()
                .locator(".entry")
                .filter(new Locator.FilterOptions().setHasText(menu.substring(9)))
                .hover();
        browser.button(menu).click();
        browser.page()
                .getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName(item))
                .locator("visible=true")
                .click();
    }

    private static String asked(Person person, String title, String question) {
        String session = person.json(Map.of("title", title))
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        person.json(Map.of("content", question))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201);
        return session;
    }

    @Test
    void theKeyboardIsEnough() {
        Person alice = withContract();
        asked(alice, "Rent", "How much is the rent?");
        Page page = browser.openAs(alice, "/chat");
        assertThat(composer()).isFocused();

        page.keyboard().type("First line");
        page.keyboard().press("Shift+Enter");
        page.keyboard().type(QUESTION);
        assertThat(composer()).hasValue("First line\n" + QUESTION);
        page.keyboard().press("Enter");
        assertThat(answers()).containsText("three months");

        page.keyboard().press("Shift+Tab");
        assertThat(browser.button("Why this answer")).isFocused();
        page.keyboard().press("Enter");
        assertThat(browser.heading("Why this answer")).isVisible();
        page.keyboard().press("Escape");
        assertThat(browser.button("Why this answer")).isFocused();
        page.keyboard().press("Meta+k");
        assertThat(browser.field("Search conversations")).isFocused();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(page.locator(".bubble")).hasText("How much is the rent?");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Rent")))
                .isFocused();
    }

    @Test
    void nothingTypedIsLostWhenTheServiceIsAway() {
        Page page = browser.openAs(withContract(), "/chat");
        ask(QUESTION);
        assertThat(answers()).containsText("three months");
        page.route("**/sessions/**", Route::abort);

        ask("How much is the rent?");

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("What you wrote is still here.");
        assertThat(composer()).hasValue("How much is the rent?");
        browser.inspect("chat-offline", Browser.DESKTOP);
        entries().first().click();
        page.locator("cra-conversations > a").click();
        assertThat(composer()).hasValue("");
        composer().fill("A draft");
        entries().first().click();
        assertThat(composer()).hasValue("How much is the rent?");

        page.unroute("**/sessions/**");
        composer().press("Enter");
        assertThat(answers().nth(1)).containsText("900 euros");
        page.locator("cra-conversations > a").click();
        assertThat(composer()).hasValue("A draft");
    }

    @Test
    void aQuestionSurvivesTheEndOfTheSignIn() {
        Person alice = withContract();
        browser.page().clock().install();
        Page page = browser.openAs(alice, "/chat");
        assertThat(browser.heading("What would you like to know?")).isVisible();
        composer().fill(QUESTION);
        alice.request().post("/auth/logout-all").then().statusCode(204);
        page.clock().fastForward("31:00");
        composer().press("Enter");

        assertThat(browser.heading("Sign in again")).isVisible();
        browser.field("Password").fill(alice.password());
        browser.button("Sign in").click();

        assertThat(browser.heading("Sign in again")).isHidden();
        assertThat(composer()).hasValue(QUESTION);
        page.clock().resume();
        composer().press("Enter");
        assertThat(answers()).containsText("three months");
    }

    @Test
    void tabsShowTheSame() {
        Page page = browser.openAs(withContract(), "/chat");
        ask(QUESTION);
        assertThat(answers()).containsText("three months");
        Page second = browser.newPage();
        second.navigate(page.url());
        assertThat(second.locator("cra-message")).hasCount(2);

        ask("How much is the rent?");

        assertThat(second.locator("cra-message")).hasCount(4);
        assertThat(second.locator("cra-answer").nth(1)).containsText("900 euros");
    }

    @Test
    void whatIsTypedIsKept() {
        Page page = browser.openAs(withContract(), "/chat");
        var held = new ArrayList<Route>();
        page.route(Pattern.compile(".*/sessions$"), held::add);
        ask(QUESTION);
        composer().fill("And the second question?");
        page.waitForCondition(() -> !held.isEmpty());
        held.getFirst().resume();
        assertThat(answers()).containsText("three months");
        assertThat(page).hasURL(CONVERSATION);
        assertThat(composer()).hasValue("And the second question?");

        page.locator(".question").hover();
        browser.button("Edit").click();
        browser.field("Edit your question").fill("How much is the rent?");
        page.getByText("New chat").first().click();
        assertThat(browser.heading("What would you like to know?")).isVisible();
        page.goBack();
        page.locator(".question").hover();
        browser.button("Edit").click();
        assertThat(browser.field("Edit your question")).hasValue("How much is the rent?");
        browser.button("Cancel").click();
        page.locator(".question").hover();
        browser.button("Edit").click();
        assertThat(browser.field("Edit your question")).hasValue(QUESTION);
    }

    /** It could still be brought back: whoever asks in it wants it. */
    @Test
    void aConversationThatGoesOnIsNotDeleted() {
        Person alice = withContract();
        Page page = browser.openAs(alice, "/chat/" + asked(alice, "Flat", QUESTION));
        assertThat(answers()).containsText("three months");
        choose("Actions: Flat", "Delete");
        assertThat(browser.heading("What would you like to know?")).isVisible();
        page.goBack();

        ask("How much is the rent?");

        assertThat(answers().nth(1)).containsText("900 euros");
        assertThat(browser.button("Undo")).isHidden();
        assertThat(entries()).hasText(new String[] {"Flat"});
    }

    @Test
    void aConversationMayBeKeptNowhere() {
        Person alice = withContract();
        Page page = browser.openAs(alice, "/chat");
        browser.field("Do not store this conversation").check();
        ask(QUESTION);
        assertThat(answers()).containsText("three months");
        assertThat(page.getByText("Not stored")).isVisible();
        assertThat(entries()).hasCount(0);
        assertThat(alice.request().get("/sessions").path("items.size()").toString())
                .isEqualTo("0");

        page.reload();
        assertThat(answers()).containsText("three months");

        page.navigate("/chat/" + UUID.randomUUID());
        assertThat(browser.heading("This conversation is not there")).isVisible();
        browser.inspect("chat-missing", Browser.PHONE);
    }

    @Test
    void theAssistantIsChosen() {
        Person alice = withContract();
        alice.json(Map.of("name", "Tenancy law", "description", "Knows what landlords may.", "document_ids", List.of()))
                .post("/assistants")
                .then()
                .statusCode(201);
        Page page = browser.openAs(alice, "/chat");

        page.getByText("all documents").click();
        page.getByRole(AriaRole.MENUITEMRADIO, new Page.GetByRoleOptions().setName("Tenancy law"))
                .click();
        assertThat(page.getByText("Knows what landlords may.")).isVisible();
        ask(QUESTION);
        assertThat(browser.button("Answer again")).isVisible();

        page.reload();
        assertThat(browser.button("Answer again")).isVisible();
        assertThat(page.locator(".who")).containsText("Tenancy law");
        page.locator(".who").click();
        page.getByRole(AriaRole.MENUITEMRADIO)
                .filter(new Locator.FilterOptions().setHasNotText("Tenancy"))
                .click();
        assertThat(page.locator(".who")).containsText("all documents");
        ask(QUESTION);
        assertThat(answers().nth(1)).containsText("three months");
    }

    private static final String HOSTILE = """
            <img src=x onerror="alert(1)"> "><script>alert(2)</script> <svg/onload=alert(3)> \u202Egnp.exe

            [a link](javascript:alert(4)) [data](data:text/html,<script>alert(5)</script>) ![p](https://elsewhere.example/p.png)
            <a href="javascript:alert(6)" onclick="alert(7)">x</a> <style>*{display:none}</style> [good](https://example.org/)

            <form action=/auth/logout-all><input name=x><button>go</button></form> <iframe srcdoc="<b>"></iframe>

            | a | b |
            |---|---|
            | <img src=x onerror=alert(8)> | [1] |

            ```html"><img src=x onerror=alert(9)>
            <script>alert(10)</script>
            ```
            """;

    @Test
    void whateverIsSaidIsText() {
        Person alice = Person.registered();
        UUID session = UUID.randomUUID();
        UUID question = UUID.randomUUID();
        UUID answer = UUID.randomUUID();
        String title = "<img src=x onerror=alert(11)>\"><script>alert(12)</script>";
        insertSession(alice, session, title);
        insertMessage(alice, session, question, null, "user", HOSTILE, "[]");
        insertMessage(alice, session, answer, question, "assistant", HOSTILE, """
                [{"number": 1, "passage_id": "%1$s", "document_id": "%1$s", "filename": "<img src=x onerror=alert(13)>.txt",
                "page": null, "quote": "<script>alert(14)</script>", "start": 0, "end": 9, "heading": "<b>h</b>",
                "state": "verified"}]""".formatted(answer));
        Sql.update("UPDATE chat_sessions SET current_message_id = ? WHERE id = ?", answer, session);
        browser.page().onDialog(dialog -> {
            throw new AssertionError("A script ran: " + dialog.message());
        });

        Page page = browser.openAs(alice, "/chat/" + session);

        assertThat(browser.heading(title)).isVisible();
        assertThat(entries()).hasText(new String[] {title});
        assertThat(page.locator(".bubble")).containsText("<script>alert(2)</script>");
        Locator shown = page.locator("cra-answer");
        assertThat(shown).containsText("<img src=x onerror=\"alert(1)\">");
        assertThat(shown).containsText("<form action=/auth/logout-all>");
        assertThat(shown.locator("img, script, style, form, input, iframe, svg:not(.code-bar svg), [onclick], [style]"))
                .hasCount(0);
        assertThat(shown.locator("a")).hasCount(1);
        assertThat(shown.locator("a")).hasAttribute("href", "https://example.org/");
        assertThat(shown.locator("a")).hasAttribute("rel", "noopener noreferrer nofollow");
        assertThat(shown.locator("a")).hasAttribute("target", "_blank");
        shown.locator(".citation").click();
        assertThat(page.locator("cra-panel")).containsText("<script>alert(14)</script>");
        browser.inspect("chat-hostile", Browser.PHONE);
        page.keyboard().press("Control+k");
        browser.field("Search conversations").fill("good");
        assertThat(page.locator(".match").first()).containsText("good");
        assertThat(page.locator("cra-conversations img, cra-conversations script"))
                .hasCount(0);
    }

    private static void insertSession(Person owner, UUID id, String title) {
        Sql.update(
                "INSERT INTO chat_sessions (id, owner_id, title, created_at, updated_at) VALUES (?, ?, ?, now(), now())",
                id,
                owner.id(),
                title);
    }

    private static void insertMessage(
            Person owner, UUID session, UUID id, UUID parent, String role, String content, String citations) {
        Sql.update("""
                INSERT INTO chat_messages (id, owner_id, session_id, parent_id, role, content, citations, created_at)
                VALUES (?, ?, ?, ?::uuid, ?, ?, ?::jsonb, clock_timestamp())
                """, id, owner.id(), session, parent, role, content, citations);
    }

    @Test
    void aThousandMessagesAreNoBurden() {
        Person alice = Person.registered();
        UUID session = UUID.randomUUID();
        insertSession(alice, session, "Long");
        Sql.update("""
                INSERT INTO chat_messages (id, owner_id, session_id, parent_id, role, content, created_at)
                SELECT md5(? || n)::uuid, ?, ?, CASE WHEN n > 1 THEN md5(? || n - 1)::uuid END,
                    CASE WHEN n % 2 = 1 THEN 'user' ELSE 'assistant' END,
                    CASE WHEN n % 2 = 1 THEN 'Question ' || n ELSE repeat('Answer ' || n || ' with *some* words. ', 40) END,
                    now() - interval '1 day' + n * interval '1 second'
                FROM generate_series(1, 1000) AS n
                """, session.toString(), alice.id(), session, session.toString());
        Sql.update(
                "UPDATE chat_sessions SET current_message_id = md5(? || 1000)::uuid WHERE id = ?",
                session.toString(),
                session);

        Page page = browser.openAs(alice, "/chat/" + session);

        assertThat(page.getByText("Question 999", new Page.GetByTextOptions().setExact(true)))
                .isInViewport();
        assertThat(page.locator("cra-message")).hasCount(40);
        Locator log = page.locator(".log");
        log.hover();
        page.mouse().wheel(0, -3000);
        assertThat(browser.button("To the end")).isVisible();
        // What is rendered above does not move what is read.
        Object moved = page.evaluate("""
                async () => {
                    const log = document.querySelector('.log');
                    const frame = () => new Promise(requestAnimationFrame);
                    let most = 0;
                    while (log.scrollTop > 0 && document.querySelectorAll('cra-message').length < 200) {
                        log.scrollBy(0, -400);
                        for (let i = 0; i < 3; i++) await frame();
                        const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
                        const seen = document.elementFromPoint(700, middle).closest('cra-message');
                        const top = seen?.getBoundingClientRect().top;
                        for (let i = 0; i < 5; i++) await frame();
                        if (seen) most = Math.max(most, Math.abs(seen.getBoundingClientRect().top - top));
                    }
                    return most;
                }""");
        assertThat(((Number) moved).doubleValue()).isLessThan(5);
        assertThat(page.locator("cra-message")).hasCount(200);
        // Those that were rendered stay: an object set on one of them is still there.
        page.evaluate("document.querySelector('cra-message:last-of-type').kept = true");
        browser.button("To the end").click();
        assertThat(page.getByText("Question 999", new Page.GetByTextOptions().setExact(true)))
                .isInViewport();
        assertThat(page.evaluate("document.querySelector('cra-message:last-of-type').kept"))
                .isEqualTo(true);
    }

    @Test
    void itSpeaksGerman() {
        Person alice = withContract();
        Page page = browser.openAs(alice, "/sign-in");
        page.evaluate("localStorage.setItem('language', 'de')");
        page.navigate("/chat");
        assertThat(browser.heading("Was möchten Sie wissen?")).isVisible();
        assertThat(page.getByText("Kennt 1 Dokument: contract.txt")).isVisible();
        browser.inspect("chat-german", Browser.PHONE);
        browser.field("Ihre Frage").fill(QUESTION);
        browser.button("Senden").click();
        assertThat(answers()).containsText("three months");
        assertThat(browser.button("Nochmals antworten")).isVisible();
    }
}
