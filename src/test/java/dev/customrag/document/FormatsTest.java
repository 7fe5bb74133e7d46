package dev.customrag.document;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.OfficeFiles;
import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file of each format on its way from upload to search, through HTTP. */
@QuarkusTest
class FormatsTest {

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("a.pdf", SampleFiles.pdf(List.of("The rent is 950 euros.")), 1, "rent is 950"),
                Arguments.of("a.docx", SampleFiles.docx(), null, "within five working days"),
                Arguments.of(
                        "a.xlsx",
                        OfficeFiles.xlsx(
                                "Prices", OfficeFiles.row("Article", "Price"), OfficeFiles.row("Walnut desk", 412d)),
                        null,
                        "Article: Walnut desk | Price: 412"),
                Arguments.of("a.pptx", OfficeFiles.pptx(), 2, "Dredging | 3 million"),
                Arguments.of(
                        "a.odt",
                        OfficeFiles.odt("<text:p>The boiler is replaced in May.</text:p>"),
                        null,
                        "boiler is replaced"),
                Arguments.of(
                        "a.ods",
                        OfficeFiles.ods("<table:table table:name=\"Garden\">" + OfficeFiles.odfRow("Post", "Amount")
                                + OfficeFiles.odfRow("Seeds", "250") + "</table:table>"),
                        null,
                        "Post: Seeds | Amount: 250"),
                Arguments.of(
                        "a.odp",
                        OfficeFiles.odp(
                                "<draw:page/><draw:page><draw:frame><draw:text-box>"
                                        + "<text:p>Swallows return in March.</text:p></draw:text-box></draw:frame></draw:page>"),
                        2,
                        "Swallows return"),
                Arguments.of(
                        "a.rtf",
                        OfficeFiles.rtf("\\pard The deposit is paid back in six weeks.\\par"),
                        null,
                        "deposit is paid back"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void whatStandsInAFileIsFoundWithItsPage(String name, byte[] file, Integer page, String words) {
        Person alice = Person.registered();
        String document = alice.uploaded(name, file);

        alice.json(Map.of("query", words, "limit", 1))
                .post("/search")
                .then()
                .statusCode(200)
                .body("passages[0].document_id", equalTo(document))
                .body("passages[0].page", equalTo(page))
                .body("passages[0].text", containsString(words));
    }
}
