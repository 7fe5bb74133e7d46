package dev.customrag.document;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of text, from its upload to the search that finds it. */
@QuarkusTest
class TextFormatsTest {

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of(
                        "prices.csv",
                        "text/csv",
                        SampleFiles.text("Article;Price\nWalnut desk;412 euros\nLamp;39 euros\n"),
                        "What does the walnut desk cost?",
                        "Article: Walnut desk | Price: 412 euros"),
                Arguments.of(
                        "mail.eml",
                        "message/rfc822",
                        SampleFiles.text("From: Ada <ada@example.org>\nDate: Mon, 3 Mar 2025 10:00:00 +0100\n"
                                + "Subject: The boiler\n\nThe boiler is repaired on Friday."),
                        "When is the boiler repaired?",
                        "The boiler is repaired on Friday."),
                Arguments.of(
                        "book.epub",
                        "application/epub+zip",
                        SampleFiles.zip(SampleFiles.EPUB),
                        "Who had not slept for three nights?",
                        "The keeper had not slept for three nights."),
                Arguments.of(
                        "order.json",
                        "application/json",
                        SampleFiles.text("{\"order\": {\"number\": 7, \"delivery\": {\"city\": \"Bonn\"}}}"),
                        "To which city is the order delivered?",
                        "order.delivery.city: Bonn"),
                Arguments.of(
                        "lease.txt",
                        "text/plain",
                        "Арендная плата составляет тридцать тысяч рублей в месяц и вносится до пятого числа."
                                .getBytes(Charset.forName("windows-1251")),
                        "Арендная плата",
                        "Арендная плата составляет тридцать тысяч рублей"),
                Arguments.of(
                        "guide.md",
                        "text/markdown",
                        SampleFiles.text("Guide\n=====\n\n1. Turn the wheel to the left.\n"),
                        "Where is the wheel turned?",
                        "1. Turn the wheel to the left."),
                Arguments.of(
                        "terms.html",
                        "text/html",
                        SampleFiles.text("<!doctype html><dl><dt>Notice period</dt><dd>three months</dd></dl>"),
                        "How long is the notice period?",
                        "Notice period: three months"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void anUploadedFileIsFound(String name, String mediaType, byte[] bytes, String question, String words) {
        Person person = Person.registered();

        String document = person.uploaded(name, bytes);

        person.request().get("/documents/{id}", document).then().body("media_type", equalTo(mediaType));
        person.json(Map.of("query", question, "limit", 1, "document_ids", List.of(document)))
                .post("/search")
                .then()
                .statusCode(200)
                .body("passages[0].text", containsString(words));
    }
}
