package dev.customrag.bench;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.RequestOptions;
import dev.customrag.testing.Chromium;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the web app weighs, how soon it can be used, and how a conversation of 1,000 messages scrolls: the packaged service's
 * bundle in Chromium on loopback, without a cache, the processor four times as slow.
 */
final class WebBench {

    private static final int ROUNDS = 5;
    private static final int SLOWER = 4;
    private static final int QUESTIONS = 500;
    private static final Set<String> PROGRAM = Set.of("Script", "Stylesheet");

    /** Scrolls a window's height in half a second, up to the first message; gives the milliseconds of each frame. */
    private static final String SCROLL = """
            async () => {
                const place = [...document.querySelectorAll('*')].find(
                    (each) => each.scrollHeight > each.clientHeight * 3
                        && ['auto', 'scroll'].includes(getComputedStyle(each).overflowY));
                const frames = [];
                let before = await new Promise(requestAnimationFrame);
                for (let i = 0; i < 600 && !(place.scrollTop === 0 && i > 60); i++) {
                    place.scrollBy(0, -place.clientHeight / 30);
                    const now = await new Promise(requestAnimationFrame);
                    frames.push(now - before);
                    before = now;
                }
                return frames;
            }""";

    private final RunningService service;
    private final RunningService.Account account;
    private final Browser browser;

    private WebBench(RunningService service, RunningService.Account account, Browser browser) {
        this.service = service;
        this.account = account;
        this.browser = browser;
    }

    static void run() throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("--disable-gpu"));
        if (Chromium.isRunByRoot()) {
            arguments.add("--no-sandbox");
        }
        var options = new BrowserType.LaunchOptions()
                .setExecutablePath(Chromium.findOrInstall())
                .setArgs(arguments);
        try (RunningService service = RunningService.start(Map.of());
                Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright.chromium().launch(options)) {
            var bench = new WebBench(service, service.register(), browser);
            bench.firstLoad("sign-in", "/", "input[name=email]", false);
            bench.firstLoad("chat", "/chat", "cra-chat textarea", true);
            bench.longConversation();
        }
    }

    private void firstLoad(String name, String path, String usable, boolean signedIn) {
        var times = new double[ROUNDS];
        Weights weights = null;
        for (int round = 0; round < ROUNDS; round++) {
            try (BrowserContext context = context(signedIn)) {
                Page page = context.newPage();
                weights = new Weights(page);
                times[round] = untilThereIs(page, path, usable);
            }
        }
        System.out.printf(
                "  %s: %s; usable after %.0f ms, the longest of %d %.0f ms (goal < 1000)%n",
                name, weights, IdentityBench.median(times), ROUNDS, max(times));
    }

    private void longConversation() throws IOException, InterruptedException {
        service.ingest(account, "facts.txt", Texts.paragraphs(1, 60).getBytes(StandardCharsets.UTF_8));
        String session = service.send("/sessions", account, Map.of()).get("id").asText();
        var random = new java.util.Random(5);
        for (int i = 0; i < QUESTIONS; i++) {
            service.send("/sessions/" + session + "/messages", account, Map.of("content", Texts.sentence(random)));
        }
        for (int slower : new int[] {1, SLOWER}) {
            try (BrowserContext context = context(true)) {
                Page page = context.newPage();
                slow(page, slower);
                double usable = untilThereIs(page, "/chat/" + session, "cra-message:last-of-type cra-answer");
                page.waitForTimeout(3000);
                double[] frames = ((List<?>) page.evaluate(SCROLL))
                        .stream()
                                .mapToDouble(frame -> ((Number) frame).doubleValue())
                                .sorted()
                                .toArray();
                System.out.printf(
                        "  %d messages, processor %dx slower: the last is there after %.0f ms; scrolling up, %d frames,"
                                + " median %.0f ms, p95 %.0f ms, longest %.0f ms%n",
                        2 * QUESTIONS,
                        slower,
                        usable,
                        frames.length,
                        frames[frames.length / 2],
                        frames[frames.length * 95 / 100],
                        frames[frames.length - 1]);
            }
        }
    }

    private BrowserContext context(boolean signedIn) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL("http://localhost:" + service.port())
                .setLocale("en-GB")
                .setViewportSize(1280, 800));
        if (signedIn) {
            context.request()
                    .post(
                            "/auth/login",
                            RequestOptions.create()
                                    .setHeader("X-Refresh-Cookie", "1")
                                    .setHeader("Content-Type", "application/json")
                                    .setData(account.loginBody()));
            context.addInitScript("localStorage.setItem('signed-in', '1')");
        }
        return context;
    }

    /** Milliseconds from the beginning of the navigation to the frame in which such an element is there. */
    private static double untilThereIs(Page page, String path, String selector) {
        page.navigate(
                path,
                new Page.NavigateOptions()
                        .setWaitUntil(com.microsoft.playwright.options.WaitUntilState.COMMIT)
                        .setTimeout(60_000));
        return ((Number) page.waitForFunction(
                                "selector => document.querySelector(selector) && performance.now()", selector)
                        .jsonValue())
                .doubleValue();
    }

    private static void slow(Page page, int slower) {
        var rate = new JsonObject();
        rate.addProperty("rate", slower);
        page.context().newCDPSession(page).send("Emulation.setCPUThrottlingRate", rate);
    }

    private static double max(double[] values) {
        return java.util.Arrays.stream(values).max().orElseThrow();
    }

    /** Bytes on the wire of what a page loads, by kind. */
    private static final class Weights {

        private final Map<String, String> kinds = new HashMap<>();
        private final Map<String, Long> bytes = new HashMap<>();
        private int files;

        Weights(Page page) {
            slow(page, SLOWER);
            CDPSession session = page.context().newCDPSession(page);
            session.on(
                    "Network.responseReceived",
                    event -> kinds.put(
                            event.get("requestId").getAsString(),
                            event.get("type").getAsString()));
            session.on("Network.loadingFinished", event -> {
                String kind = kinds.getOrDefault(event.get("requestId").getAsString(), "Other");
                if (PROGRAM.contains(kind)) {
                    files++;
                    bytes.merge(kind, event.get("encodedDataLength").getAsLong(), Long::sum);
                }
            });
            session.send("Network.enable");
        }

        @Override
        public String toString() {
            return "%.1f KB script, %.1f KB style in %d files"
                    .formatted(kilobytes("Script"), kilobytes("Stylesheet"), files);
        }

        private double kilobytes(String kind) {
            return bytes.getOrDefault(kind, 0L) / 1024.0;
        }
    }
}
