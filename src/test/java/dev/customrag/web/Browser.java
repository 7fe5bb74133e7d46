package dev.customrag.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.RequestOptions;
import dev.customrag.testing.Chromium;
import dev.customrag.testing.Person;
import io.restassured.RestAssured;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A browser for each test of a class: {@code @RegisterExtension final Browser browser = new Browser();}. One Chromium serves
 * all tests; each has a profile of its own. A test fails if the page said anything at the console that is an error, which a
 * breach of the content security policy is, threw an exception, or missed a file of its own.
 */
final class Browser implements BeforeEachCallback, AfterEachCallback {

    static final int PHONE = 360;
    static final int DESKTOP = 1280;

    /** Milliseconds until something that does not come has failed. */
    private static final int PATIENCE = 15_000;

    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final Map<Integer, Integer> HEIGHTS = Map.of(PHONE, 740, DESKTOP, 800);

    /** WCAG 2.2, A and AA. */
    private static final List<String> RULES = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

    /** What a page cannot do without; answers to calls may well be errors. */
    private static final Set<String> FILES = Set.of("document", "script", "stylesheet", "image", "font");

    private final List<String> faults = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    /** Ends with the tests. */
    private record Running(Playwright playwright, com.microsoft.playwright.Browser browser) implements AutoCloseable {

        static Running start() {
            // A busy machine takes more than the five seconds they have by themselves.
            PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            List<String> arguments = new ArrayList<>(List.of("--disable-gpu", "--lang=en"));
            if (Chromium.isRunByRoot()) {
                arguments.add("--no-sandbox");
            }
            return new Running(
                    playwright,
                    playwright
                            .chromium()
                            .launch(new BrowserType.LaunchOptions()
                                    .setExecutablePath(Chromium.findOrInstall())
                                    .setArgs(arguments)));
        }

        @Override
        public void close() {
            playwright.close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        context = newContext(test);
        page = newPage();
    }

    @Override
    public void afterEach(ExtensionContext test) {
        if (test.getExecutionException().isPresent()) {
            String name = "failed-" + test.getRequiredTestMethod().getName() + ".png";
            context.pages().getLast().screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name)));
        }
        context.close();
        if (test.getExecutionException().isEmpty()) {
            assertThat(faults).as("What the page did wrong").isEmpty();
        }
    }

    private static BrowserContext newContext(ExtensionContext test) {
        var running = test.getRoot()
                .getStore(Namespace.create(Browser.class))
                .computeIfAbsent(Running.class, key -> Running.start(), Running.class);
        return running.browser()
                .newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                        .setBaseURL("http://localhost:" + RestAssured.port)
                        .setLocale("en-GB")
                        .setTimezoneId("UTC")
                        .setReducedMotion(ReducedMotion.REDUCE)
                        .setViewportSize(DESKTOP, HEIGHTS.get(DESKTOP)));
    }

    /** The first tab. */
    Page page() {
        return page;
    }

    /** One more tab of the same profile. */
    Page newPage() {
        Page tab = context.newPage();
        tab.setDefaultTimeout(PATIENCE);
        tab.onConsoleMessage(this::hear);
        tab.onPageError(error -> faults.add("Exception: " + error));
        tab.onResponse(this::judge);
        return tab;
    }

    /** The profile: to go offline, to look at cookies. */
    BrowserContext context() {
        return context;
    }

    /** Opens an address of the app in the first tab. */
    Page open(String path) {
        page.navigate(path);
        return page;
    }

    /** Signs the person in, as the app does, and opens an address of the app. */
    Page openAs(Person person, String path) {
        var answer = context.request()
                .post(
                        "/auth/login",
                        RequestOptions.create()
                                .setHeader("X-Refresh-Cookie", "1")
                                .setData(Map.of("email", person.email(), "password", person.password())));
        assertThat(answer.status()).isEqualTo(200);
        page.navigate("/icon.svg");
        page.evaluate("localStorage.setItem('signed-in', '1')");
        return open(path);
    }

    /** The field with that label. */
    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /**
     * Takes the page's picture as it is now, in light and dark, on a phone and on a desktop:
     * target/screenshots/name-light-360.png and so on. Axe looks at it in light on the desktop and in dark on the phone:
     * what a colour or a width breaks, it breaks whatever the other. Text twice as large has to fit on the desktop.
     */
    void inspect(String name) {
        inspect(name, DESKTOP, PHONE);
    }

    /** The same at these widths only: what is open may close where there is no room for it. */
    void inspect(String name, int... widths) {
        for (int width : widths) {
            page.setViewportSize(width, HEIGHTS.get(width));
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                String shown = name + "-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + width;
                page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(shown + ".png")));
                if (scheme == schemeForAxe(width) || widths.length == 1) {
                    assertThat(violations()).as(shown).isEmpty();
                }
                assertFits(shown);
            }
            if (width == DESKTOP && widths.length > 1) {
                enlargeText(2);
                assertFits(name + " with text twice as large");
                enlargeText(1);
            }
        }
        page.setViewportSize(DESKTOP, HEIGHTS.get(DESKTOP));
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    private void assertFits(String what) {
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as(what + " fits its width")
                .isEqualTo(true);
    }

    /** As somebody does in the settings of their browser (WCAG 2.2, 1.4.4). */
    private void enlargeText(int times) {
        var sizes = new JsonObject();
        sizes.addProperty("standard", 16 * times);
        sizes.addProperty("fixed", 13 * times);
        var settings = new JsonObject();
        settings.add("fontSizes", sizes);
        context.newCDPSession(page).send("Page.setFontSizes", settings);
    }

    private static ColorScheme schemeForAxe(int width) {
        return width == DESKTOP ? ColorScheme.LIGHT : ColorScheme.DARK;
    }

    private List<String> violations() {
        // Without frames there is no need of the tab that its other mode opens each time.
        return new AxeBuilder(page)
                .setLegacyMode(true).withTags(RULES).analyze().getViolations().stream()
                        .map(Browser::told)
                        .toList();
    }

    private static String told(Rule violation) {
        return violation.getId() + " (" + violation.getImpact() + "): " + violation.getHelp() + " "
                + violation.getNodes().stream()
                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                        .toList();
    }

    private void hear(ConsoleMessage message) {
        // Chromium writes this for each answer that is an error; those that matter are judged below.
        if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
            faults.add("Console: " + message.text() + " " + message.location());
        }
    }

    private void judge(Response response) {
        if (response.status() >= 400 && FILES.contains(response.request().resourceType())) {
            faults.add("Missing: " + response.url() + " " + response.status());
        }
    }
}
