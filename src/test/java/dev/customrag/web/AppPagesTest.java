package dev.customrag.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the app comes to a browser: its page at every screen's address, its files, and nothing in place of the API. */
@QuarkusTest
class AppPagesTest {

    /** What browsers send when they go somewhere. */
    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static final Pattern FILES = Pattern.compile("(?:src|href)=\"(/static/bundle/[^\"]+)\"");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/sign-in",
                "/register",
                "/verify-email",
                "/reset-password",
                "/forgot-password",
                "/chat",
                "/chat/0192f0c1-0000-7000-8000-000000000000",
                "/documents",
                "/assistants/new",
                "/account",
                "/account/security",
                "/admin/people"
            })
    void everyScreenHasThePage(String path) {
        given().accept(BROWSER)
                .get(path)
                .then()
                .statusCode(200)
                .contentType(startsWith("text/html"))
                .header("Cache-Control", equalTo("no-cache"))
                .header("Vary", containsString("Accept"))
                .header("Content-Security-Policy", containsString("script-src 'self';"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("Content-Security-Policy", not(containsString("unsafe")))
                .body(containsString("<cra-app>"));
    }

    @Test
    void programsGetTheApiAtTheSameAddress() {
        given().get("/documents").then().statusCode(401).contentType("application/problem+json");
        given().accept("application/json").get("/assistants").then().statusCode(401);
        Person.registered().request().get("/documents").then().statusCode(200).body("items.size()", equalTo(0));
        given().accept(BROWSER).post("/documents").then().statusCode(not(equalTo(200)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/auth/nothing",
                "/sessions/nothing/nothing",
                "/admin/users/nothing/nothing",
                "/v1/nothing",
                "/static/bundle/gone.js",
                "/static/pdfjs-dist/gone.mjs"
            })
    void whatIsNotThereIsAProblem(String path) {
        given().accept(BROWSER)
                .get(path)
                .then()
                .statusCode(not(equalTo(200)))
                .contentType(containsString("json"))
                .header("Cache-Control", not(containsString("immutable")));
    }

    @Test
    void filesAreKeptForGoodAndCompressed() {
        String page = given().accept(BROWSER).get("/").asString();
        List<String> files =
                FILES.matcher(page).results().map(found -> found.group(1)).toList();

        assertThat(files).anyMatch(file -> file.endsWith(".js")).anyMatch(file -> file.endsWith(".css"));
        for (String file : files) {
            assertThat(file).matches(".*-[A-Z0-9]{8}\\.(js|css)");
            Response answer = given().header("Accept-Encoding", "gzip").get(file);
            answer.then()
                    .statusCode(200)
                    .header("Cache-Control", equalTo("public, max-age=31536000, immutable"))
                    .header("Content-Encoding", equalTo("gzip"));
        }
    }

    @Test
    void whatDrawsPagesHasItsWorkerAndFonts() throws IOException {
        String files;
        try (var versions = Files.list(Path.of("target/pdfjs/META-INF/resources/static/pdfjs-dist"))) {
            files = "/static/pdfjs-dist/" + versions.findFirst().orElseThrow().getFileName() + "/";
        }

        given().header("Accept-Encoding", "gzip")
                .get(files + "build/pdf.worker.min.mjs")
                .then()
                .statusCode(200)
                .contentType("text/javascript")
                .header("Cache-Control", equalTo("public, max-age=31536000, immutable"))
                .header("Content-Encoding", equalTo("gzip"))
                .header("Content-Security-Policy", containsString("script-src 'self';"));
        given().get(files + "standard_fonts/FoxitSymbol.pfb").then().statusCode(200);
        given().get(files + "cmaps/UniGB-UCS2-H.bcmap").then().statusCode(200);
        given().get(files + "web/pdf_viewer.mjs").then().statusCode(404);
    }

    @Test
    void thePageHasNoScriptsAndStylesOfItsOwn() {
        String page = given().accept(BROWSER).get("/").asString();

        assertThat(page).doesNotContain("<style", "style=", "onload=", "http:", "https:");
        assertThat(Pattern.compile("<script(?![^>]* src=)").matcher(page).find())
                .isFalse();
    }

    /** A name each would be without an end, and beyond a hundred Micrometer measures none. */
    @Test
    void metricsNameScreensAndFilesTogether() {
        String id = UUID.randomUUID().toString();
        for (String screen : List.of("/chat/", "/assistants/", "/documents/")) {
            given().accept(BROWSER).get(screen + id).then().statusCode(200);
        }
        Matcher file = FILES.matcher(given().accept(BROWSER).get("/").asString());
        assertThat(file.find()).isTrue();
        given().get(file.group(1)).then().statusCode(200);

        await().untilAsserted(() -> assertThat(given().get("/q/metrics").asString())
                .contains("uri=\"/{screen}\"", "uri=\"/static/{file}\"")
                .doesNotContain(id, file.group(1)));
    }

    @Test
    void thePagesOfTheExtensionsStay() {
        given().get("/q/swagger-ui/")
                .then()
                .statusCode(200)
                .header("Content-Security-Policy", equalTo(null))
                .header("X-Frame-Options", equalTo("DENY"));
    }
}
