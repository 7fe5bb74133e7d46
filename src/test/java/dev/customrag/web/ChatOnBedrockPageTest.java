package dev.customrag.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers on their way in the browser, and those that end otherwise than they should. */
@QuarkusTest
@TestProfile(OnBedrock.class)
class ChatOnBedrockPageTest {

    private static final String MARKDOWN = """
            ## What was agreed

            The **delivery** takes *five working days*, see `§ 3`:

            - goods are packed by the seller
            - transport is paid by the buyer

            | Article | Price | Remarks on the article that are rather long |
            |---|---:|---|
            | Walnut desk | 412 euros | Delivered within five working days, assembled on the spot |
            | Oak chair | 98 euros | In stock |

            ```java
            var total = prices.stream().mapToInt(Price::euros).sum(); // a line that is longer than the column is wide
            ```

            """;

    FakeBedrock bedrock;

    @RegisterExtension
    final Browser browser = new Browser();

    private Person alice;

    @BeforeEach
    void begin() {
        bedrock.reset();
        alice = Person.registered();
    }

    private static String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    }

    private Page openConversation() {
        String session = alice.json(Map.of("title", "Counting"))
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return browser.openAs(alice, "/chat/" + session);
    }

    private void ask(String question) {
        browser.field("Your question").fill(question);
        browser.field("Your question").press("Enter");
    }

    private Locator answer() {
        return browser.page().locator("cra-answer").last();
    }

    private void slowly(String text, int millis) {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly(text, Duration.ofMillis(millis)));
    }

    @Test
    void anAnswerStreamsAndGoesOnAfterAReloadAndInOtherTabs() {
        slowly(MARKDOWN + words(3000), 50);
        Page page = openConversation();
        ask("Count!");
        assertThat(answer()).containsText("word3 ");
        assertThat(browser.button("Stop")).isVisible();
        browser.inspect("chat-streaming", Browser.PHONE);

        page.reload();
        Page second = browser.newPage();
        second.navigate(page.url());

        Locator here = page.locator("cra-answer.running");
        Locator there = second.locator("cra-answer.running");
        assertThat(here).containsText("What was agreed");
        assertThat(there).containsText("What was agreed");
        // It grows in both.
        int length = there.textContent().length();
        second.waitForCondition(() -> there.textContent().length() > length + 20);
        assertThat(here).containsText(there.textContent().substring(0, length).strip());
        second.getByLabel("Stop").click();
        assertThat(page.getByText("The answer was stopped here.").first()).isVisible();
        assertThat(second.getByText("The answer was stopped here.").first()).isVisible();
        assertThat(page.locator("cra-message")).hasCount(2);
        assertThat(bedrock.requests("converse-stream")).hasSize(1);
        page.locator(".log").hover();
        page.mouse().wheel(0, -50_000);
        browser.inspect("chat-markdown");
    }

    @Test
    void oneWhoReadsIsLeftInPeace() {
        slowly(IntStream.range(0, 2000).mapToObj(i -> "line" + i + "\n\n").collect(Collectors.joining()), 25);
        Page page = openConversation();
        ask("Count!");
        assertThat(answer()).containsText("line25");
        Locator last = page.locator("cra-answer .block").last();
        assertThat(last).isInViewport();

        page.locator(".log").hover();
        page.mouse().wheel(0, -500);
        assertThat(browser.button("To the end")).isVisible();
        Object before = page.evaluate("document.querySelector('.log').scrollTop");
        int blocks = page.locator("cra-answer .block").count();
        page.waitForCondition(() -> page.locator("cra-answer .block").count() > blocks + 10);
        assertThat(page.evaluate("document.querySelector('.log').scrollTop")).isEqualTo(before);
        browser.button("To the end").click();
        assertThat(last).isInViewport();
        assertThat(browser.button("To the end")).isHidden();
        page.keyboard().press("Escape");
        assertThat(page.locator(".notice")).hasText("The answer was stopped here.");
    }

    @Test
    void anAnswerIsStoppedAndMadeAgain() {
        slowly(words(400), 30);
        Page page = openConversation();
        ask("Count!");
        assertThat(answer()).containsText("word3");
        browser.field("Your question").fill("A question for later");
        page.keyboard().press("Enter");
        assertThat(page.locator("cra-chat > [role=status]")).hasText("Wait for the answer, or stop it with Escape.");

        page.keyboard().press("Escape");

        assertThat(page.getByText("The answer was stopped here.").first()).isVisible();
        assertThat(browser.button("Send")).isVisible();
        assertThat(browser.field("Your question")).hasValue("A question for later");
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("All of it."));
        browser.button("Answer again").click();
        assertThat(answer()).hasText("All of it.");
        assertThat(page.getByText("2/2")).isVisible();
        slowly(words(400), 30);
        browser.button("Send").click();
        assertThat(answer()).containsText("word3");
        browser.button("Stop").click();
        assertThat(page.locator(".notice")).hasText("The answer was stopped here.");
    }

    @Test
    void anAnswerGoesOnWhileOneIsElsewhere() {
        slowly(words(60), 30);
        Page page = openConversation();
        ask("Count!");
        assertThat(answer()).containsText("word3");

        page.locator("cra-conversations > a").click();
        assertThat(browser.heading("What would you like to know?")).isVisible();
        page.goBack();

        assertThat(answer()).containsText("word59");
        assertThat(browser.button("Answer again")).isVisible();
        assertThat(bedrock.requests("converse-stream")).hasSize(1);
    }

    @Test
    void aBrokenConnectionIsTakenUp() {
        slowly(words(100), 30);
        Page page = openConversation();
        ask("Count!");
        assertThat(answer()).containsText("word3");

        browser.context().setOffline(true);
        page.evaluate("dispatchEvent(new Event('offline'))");
        browser.context().setOffline(false);

        assertThat(answer()).containsText("word99");
        assertThat(answer()).containsText("word50 word51");
    }

    @Test
    void whatWentWrongIsSaidWithWhatToDo() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.throttle(30));
        Page page = openConversation();
        ask("May I?");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("takes no more questions");
        assertThat(browser.field("Your question")).hasValue("");
        browser.inspect("chat-unanswered", Browser.PHONE);
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("You may."));
        browser.button("Try again").click();
        assertThat(answer()).hasText("You may.");
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);

        bedrock.always(FakeBedrock.NOVA, BedrockScript.breakOffAfter(2));
        ask("And then?");
        assertThat(page.locator(".notice.bad")).containsText("The answer broke off.");
        bedrock.always(FakeBedrock.NOVA, BedrockScript.stopped("As far as", "max_tokens"));
        browser.button("Try again").click();
        assertThat(page.locator(".notice.doubtful")).containsText("greatest length");
        bedrock.always(FakeBedrock.NOVA, BedrockScript.guarded("Sorry.", null));
        browser.button("Ask for the rest").click();
        assertThat(page.locator(".notice.doubtful").last()).containsText("content filter");
        assertThat(page.locator(".bubble").last()).hasText("Please go on where your answer ended.");
        browser.inspect("chat-failures");
        page.reload();
        assertThat(page.locator(".notice.doubtful")).hasCount(2);
    }

    @Test
    void aQuestionWaitsForTheAnswerThatAnotherTabAskedFor() {
        slowly(words(80), 30);
        Page page = openConversation();
        assertThat(browser.field("Your question")).isVisible();
        String session = page.url().replaceAll(".*/", "");
        alice.json(Map.of("content", "Count!", "background", true))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(202);

        ask("And I?");

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("another answer on its way");
        assertThat(browser.field("Your question")).hasValue("And I?");
        assertThat(answer()).containsText("word79");
        assertThat(page.locator(".bubble")).hasText("Count!");
    }

    @Test
    void aBudgetThatIsUsedUpSaysWhenItBeginsAnew() {
        Page page = openConversation();
        page.route(
                "**/messages",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(429)
                        .setContentType("application/problem+json")
                        .setBody("""
                                {"type": "urn:customrag:problem:budget-exceeded", "title": "Budget exceeded", "status": 429,
                                "detail": "Used up.", "resets_at": "2030-05-01T00:00:00Z"}""")));
        ask("Again?");

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("It begins anew on 1 May 2030, 00:00");
        assertThat(browser.field("Your question")).hasValue("Again?");
    }
}
