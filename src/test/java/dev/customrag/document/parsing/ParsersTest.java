package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocksWithPages;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.document.parsing.ParsedDocument.Section;
import dev.customrag.testing.SampleFiles;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParsersTest {

    @TempDir
    Path folder;

    @Test
    void everyWordOfAPdfKeepsItsPage() {
        ParsedDocument document = read(
                FileType.PDF,
                SampleFiles.pdf(
                        List.of("The first page is about apples.", "It has a second paragraph."),
                        List.of(),
                        List.of("The third page is about pears.")));

        assertThat(document.pageCount()).isEqualTo(3);
        assertThat(document.pagesWithoutText()).containsExactly(2);
        assertThat(blocksWithPages(document))
                .containsExactly(
                        "1 The first page is about apples.",
                        "1 It has a second paragraph.",
                        "3 The third page is about pears.");
    }

    @Test
    void linesOfAPdfAreJoinedWhereTheyRunOnAndKeptWhereTheyDoNot() {
        ParsedDocument document = read(
                FileType.PDF,
                SampleFiles.pdf(List.of(
                        "A line as wide as the column is followed by the rest of its senten-\n"
                                + "ce, and a compound keeps its hyphens wherever it ends, as in state-of-the-\n"
                                + "art.",
                        "Name  Price\nDesk  412\nLamp  39")));

        assertThat(blocksWithPages(document))
                .containsExactly(
                        "1 A line as wide as the column is followed by the rest of its sentence, and a compound "
                                + "keeps its hyphens wherever it ends, as in state-of-the-art.",
                        "1 Name Price\nDesk 412\nLamp 39");
    }

    @Test
    void columnsOfAPdfAreReadOneAfterTheOther() throws IOException {
        byte[] pdf = SampleFiles.pdfWithColumns("The left one begins\nand goes on.", "The right one begins\nand ends.");

        assertThat(read(FileType.PDF, pdf).text())
                .containsSubsequence("The left one begins", "and goes on.", "The right one begins", "and ends.");

        var sorted = new PDFTextStripper();
        sorted.setSortByPosition(true);
        try (var loaded = Loader.loadPDF(pdf)) {
            assertThat(sorted.getText(loaded)).contains("The left one begins The right one begins");
        }
    }

    @Test
    void aPdfThatCannotBeReadSaysWhatToDo() {
        byte[] pdf = SampleFiles.pdf(List.of("A page that will break off in its middle."));

        unreadable(FileType.PDF, SampleFiles.scannedPdf())
                .withMessageStartingWith("No readable text was found")
                .withMessageContaining("scanned")
                .withMessageContaining("Run text recognition (OCR)");
        unreadable(FileType.PDF, SampleFiles.encryptedPdf())
                .withMessage("The file is protected with a password. Remove the password and upload it again.");
        unreadable(FileType.PDF, SampleFiles.truncated(pdf)).withMessageContaining("damaged");
        unreadable(FileType.PDF, SampleFiles.text("%PDF-1.7\nnothing")).withMessageContaining("damaged");
    }

    @Test
    void limitsEndTheReading() {
        unreadable(
                        FileType.PDF,
                        SampleFiles.pdf(List.of("a"), List.of("b")),
                        Map.of("documents.parsing.max-pages", "1"))
                .withMessageContaining("more than 1 pages");
        unreadable(FileType.TEXT, SampleFiles.text("x".repeat(100)), Map.of("documents.parsing.max-characters", "100"))
                .withMessageContaining("100 characters");
        unreadable(FileType.PDF, SampleFiles.pdf(List.of("a")), Map.of("documents.parsing.time-limit", "0s"))
                .withMessageContaining("too long");
    }

    @Test
    void headingsOfAWordDocumentAreKnownByTheirStylesAndTablesReadRowByRow() {
        ParsedDocument document = read(FileType.DOCX, SampleFiles.docx());

        assertThat(document.pageCount()).isNull();
        assertThat(document.sections()).extracting(Section::heading).containsExactly(null, "Deliveries", "Prices");
        assertThat(blocksWithPages(document))
                .containsExactly(
                        "null Before any heading.",
                        "null Deliveries",
                        "null Goods are delivered within five working days.",
                        "null Prices",
                        "null Article | Price",
                        "null Walnut desk | 412 euros",
                        "null Prices include tax.");
    }

    @Test
    void hostileWordDocumentsAreRefusedBeforeTheyCost() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "the secret of the machine");

        unreadable(FileType.DOCX, SampleFiles.zipBomb()).withMessageContaining("unpacks to more data");
        unreadable(
                FileType.DOCX, SampleFiles.docxWithExternalEntity(secret.toUri().toString()));
        unreadable(FileType.DOCX, SampleFiles.truncated(SampleFiles.docx())).withMessageContaining("damaged");
    }

    @Test
    void ofAPageOfHtmlWhatItsReaderSeesIsKept() {
        ParsedDocument document = read(FileType.HTML, SampleFiles.text("""
                <html><head><title>Shop</title><style>p { color: red }</style></head><body>
                <nav>Home | About</nav><script>alert(1)</script>
                <p>Welcome to
                   the <b>shop</b>.<br>We are open.</p>
                <h2>Prices</h2>
                <table><tr><th>Article</th><th>Price</th></tr><tr><td>Desk</td><td>412</td></tr></table>
                <ul><li>First</li><li>Second <i>thing</i></li></ul>
                <pre>int a;
                int b;</pre>
                </body></html>
                """));

        assertThat(document.sections()).extracting(Section::heading).containsExactly("Shop", "Prices");
        assertThat(blocksWithPages(document))
                .containsExactly(
                        "null Shop",
                        "null Welcome to the shop.",
                        "null We are open.",
                        "null Prices",
                        "null Article | Price",
                        "null Desk | 412",
                        "null - First",
                        "null - Second thing",
                        "null int a;\nint b;");
    }

    @Test
    void aBodyMarkedUpAsAHeadingIsTextAndItsBeginningTheTitle() {
        String body = "x" + "😀".repeat(100_000);

        ParsedDocument document = read(FileType.HTML, SampleFiles.text("<h1>" + body + "</h1><p>After.</p>"));

        assertThat(document.text()).isEqualTo(body + "\n\nAfter.");
        assertThat(document.sections()).extracting(Section::heading).containsExactly("x" + "😀".repeat(99));
    }

    @Test
    void htmlIsReadInTheEncodingItDeclares() {
        String page = "<html><head>%s</head><body><p>Grüße, Čeština</p></body></html>";
        byte[] declared = page.formatted("<meta charset=iso-8859-2>").getBytes(Charset.forName("iso-8859-2"));

        assertThat(read(FileType.HTML, declared).text()).isEqualTo("Grüße, Čeština");
        assertThat(read(FileType.HTML, SampleFiles.windows1252("<p>Grüße</p>")).text())
                .isEqualTo("Grüße");
        assertThat(read(FileType.HTML, page.formatted("").getBytes(StandardCharsets.UTF_16))
                        .text())
                .isEqualTo("Grüße, Čeština");
    }

    @Test
    void markdownKeepsItsHeadingsCodeAndTables() {
        ParsedDocument document = read(FileType.MARKDOWN, SampleFiles.text("""
                ---
                author: Ada
                ---
                # Guide

                ## Setup

                Run the *program*
                with [care](https://example.org) and `sudo`.

                - one
                - two

                ```sh
                make
                make install
                ```

                ## Prices

                | Article | Price |
                |---------|-------|
                | Desk    | **412** |
                """));

        assertThat(document.sections()).extracting(Section::heading).containsExactly(null, "Setup", "Prices");
        assertThat(blocksWithPages(document))
                .containsExactly(
                        "null author: Ada",
                        "null Guide",
                        "null Setup",
                        "null Run the program with care and sudo.",
                        "null - one",
                        "null - two",
                        "null make\nmake install",
                        "null Prices",
                        "null Article | Price",
                        "null Desk | 412");
    }

    @Test
    void nestingDoesNotExhaustTheStack() {
        assertThat(read(FileType.MARKDOWN, SampleFiles.text(">".repeat(20_000) + " deep"))
                        .text())
                .contains("deep");
        assertThat(read(FileType.MARKDOWN, SampleFiles.text("[".repeat(20_000) + " deep"))
                        .text())
                .contains("deep");
        assertThat(read(FileType.HTML, SampleFiles.text("<html>" + "<div>".repeat(20_000) + " deep"))
                        .text())
                .contains("deep");
    }

    @Test
    void plainTextKeepsItsLinesAndLosesWhatCannotBeStored() {
        ParsedDocument document = read(
                FileType.TEXT,
                SampleFiles.text("\uFEFFRoses\u00A0are  red,\r\n\tviolets\u0000 are blue.\r\n \r\nNext."));

        assertThat(blocksWithPages(document)).containsExactly("null Roses are red,\nviolets are blue.", "null Next.");
        assertThat(read(FileType.TEXT, SampleFiles.windows1252("Größe: 5 €")).text())
                .isEqualTo("Größe: 5 €");
        assertThat(read(FileType.TEXT, "Größe".getBytes(StandardCharsets.UTF_16))
                        .text())
                .isEqualTo("Größe");
        unreadable(FileType.TEXT, SampleFiles.text(" \n--\n ")).withMessageStartingWith("No readable text");
    }
}
