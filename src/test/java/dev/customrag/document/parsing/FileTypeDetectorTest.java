package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.detect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.customrag.testing.OfficeFiles;
import dev.customrag.testing.SampleFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

class FileTypeDetectorTest {

    @Test
    void theBytesDecideWhateverTheNameSays() {
        byte[] pdf = SampleFiles.pdf(List.of("Text"));

        assertThat(detect(pdf, "notes.txt")).isEqualTo(FileType.PDF);
        assertThat(detect(SampleFiles.docx(), "report.pdf")).isEqualTo(FileType.DOCX);
        assertThat(detect(SampleFiles.text("Plain words."), "report.pdf")).isEqualTo(FileType.TEXT);
        assertThat(detect(SampleFiles.text("<!DOCTYPE html><p>x</p>"), "page.md"))
                .isEqualTo(FileType.HTML);
    }

    @Test
    void aPdfMayHaveRubbishBeforeItsHeader() {
        var bytes = new byte[1000 + 1200];
        byte[] pdf = SampleFiles.pdf(List.of("Text"));
        System.arraycopy(pdf, 0, bytes, 1000, Math.min(pdf.length, 1200));

        assertThat(detect(bytes, "a.pdf")).isEqualTo(FileType.PDF);
        assertThat(detect(SampleFiles.text("A file that begins with %PDF- is a PDF."), "a.txt"))
                .isEqualTo(FileType.TEXT);
    }

    @Test
    void theNameOnlyTellsMarkdownFromOtherText() {
        byte[] text = SampleFiles.text("# A title\n\nwith words");

        assertThat(detect(text, "README.md")).isEqualTo(FileType.MARKDOWN);
        assertThat(detect(text, "README.MARKDOWN")).isEqualTo(FileType.MARKDOWN);
        assertThat(detect(text, "README")).isEqualTo(FileType.TEXT);
        assertThat(detect(text, "README.docx")).isEqualTo(FileType.TEXT);
    }

    @Test
    void htmlIsKnownByHowItBegins() {
        assertThat(detect(SampleFiles.text("\uFEFF \n<!-- c --><?xml version='1.0'?>\n<HTML><body>x"), "x"))
                .isEqualTo(FileType.HTML);
        assertThat(detect(SampleFiles.text("<div>A fragment</div>"), "x.txt")).isEqualTo(FileType.HTML);
        assertThat(detect(SampleFiles.text("<div align=center>A readme</div>"), "x.md"))
                .isEqualTo(FileType.MARKDOWN);
        assertThat(detect(SampleFiles.text("About <html> tags."), "x.txt")).isEqualTo(FileType.TEXT);
    }

    @Test
    void sourceCodeThatBeginsWithAScriptOrAStyleIsNoPage() {
        for (String beginning :
                List.of("<script setup>\nlet a;\n</script>", "<style>a {}</style>", "<style xmlns='c'/>")) {
            byte[] file = SampleFiles.text("<!-- c -->\n" + beginning + "\n<p>Words</p>");

            for (String name : List.of("Shop.vue", "Shop.svelte", "apa.csl", "x")) {
                assertThat(detect(file, name)).isEqualTo(FileType.TEXT);
            }
            assertThat(detect(file, "page.htm")).isEqualTo(FileType.HTML);
            assertThat(detect(file, "page.HTML")).isEqualTo(FileType.HTML);
        }
    }

    @Test
    void textMayBeInSeveralEncodings() {
        String text = "Grüße aus Köln – schön";

        assertThat(detect(text.getBytes(StandardCharsets.UTF_8), "a.txt")).isEqualTo(FileType.TEXT);
        assertThat(detect(text.getBytes(StandardCharsets.UTF_16), "a.txt")).isEqualTo(FileType.TEXT);
        assertThat(detect(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE), "a.txt"))
                .isEqualTo(FileType.TEXT);
        assertThat(detect(SampleFiles.windows1252(text), "a.txt")).isEqualTo(FileType.TEXT);
    }

    @Test
    void whatCannotBeReadIsRefusedWithWordsThatSayWhatCan() {
        refused(SampleFiles.png(), "picture.pdf")
                .withMessageContaining("PDF, Word (DOCX), Excel (XLSX), PowerPoint (PPTX), OpenDocument");
        refused(SampleFiles.ole2(), "old.doc").withMessageContaining("save it as DOCX");
        refused(new byte[] {'P', 'K', 3, 4, 0, 0}, "a.docx").withMessageContaining("Word (DOCX)");
        refused(SampleFiles.text("%!PS-Adobe-3.0 words"), "a.txt");
        refused(SampleFiles.text("ELF\u0000\u0001"), "a.txt");
        refused(random(100_000), "a.txt");
    }

    @Test
    void officeFilesSayThemselvesWhatTheyAre() {
        byte[] xlsx = OfficeFiles.xlsx("Sheet", OfficeFiles.row("x"));

        assertThat(detect(xlsx, "a.docx")).isEqualTo(FileType.XLSX);
        assertThat(detect(OfficeFiles.pptx(), "a.zip")).isEqualTo(FileType.PPTX);
        assertThat(detect(OfficeFiles.odt(""), "a.txt")).isEqualTo(FileType.ODT);
        assertThat(detect(OfficeFiles.ods(""), "a.xlsx")).isEqualTo(FileType.ODS);
        assertThat(detect(OfficeFiles.odp(""), "a")).isEqualTo(FileType.ODP);
        assertThat(detect(OfficeFiles.openDocument("text-template", "", Map.of()), "a.ott"))
                .isEqualTo(FileType.ODT);
        assertThat(detect(OfficeFiles.rtf("words"), "a.txt")).isEqualTo(FileType.RTF);
        assertThat(detect(OfficeFiles.withTypes(xlsx, "ms-excel.sheet.macroEnabled.main+xml"), "a.xlsm"))
                .isEqualTo(FileType.XLSX);
        assertThat(detect(OfficeFiles.withTypes(xlsx, "ms-powerpoint.slideshow.macroEnabled.main+xml"), "a.ppsm"))
                .isEqualTo(FileType.PPTX);
        assertThat(detect(OfficeFiles.withTypes(xlsx, "ms-word.document.macroEnabled.main+xml"), "a.docm"))
                .isEqualTo(FileType.DOCX);
        refused(OfficeFiles.withTypes(xlsx, "ms-excel.sheet.binary.macroEnabled.main"), "a.xlsb");
        refused(OfficeFiles.encrypted(xlsx), "a.xlsx").withMessageContaining("protected with a password");
        refused(OfficeFiles.openDocument("graphics", "", Map.of()), "a.odg");
    }

    @Test
    void officeFilesThatBrokeOffAreStillWhatTheyWere() {
        byte[] xlsx = OfficeFiles.xlsx("Sheet", OfficeFiles.row("x"));

        assertThat(detect(SampleFiles.truncated(xlsx), "a")).isEqualTo(FileType.XLSX);
        assertThat(detect(SampleFiles.truncated(OfficeFiles.odt("")), "a")).isEqualTo(FileType.ODT);
    }

    @Test
    void aWordDocumentThatBrokeOffIsOneStill() {
        assertThat(detect(SampleFiles.truncated(SampleFiles.docx()), "a.docx")).isEqualTo(FileType.DOCX);
    }

    @Test
    void deepOrLongBeginningsDoNotExhaustTheStack() {
        assertThat(detect(SampleFiles.text("<!---->".repeat(9_000) + "<html>"), "a"))
                .isEqualTo(FileType.HTML);
        assertThat(detect(SampleFiles.text(" \n".repeat(30_000) + "<html>"), "a"))
                .isEqualTo(FileType.HTML);
    }

    private ThrowableAssertAlternative<UnsupportedFile> refused(byte[] bytes, String name) {
        return assertThatExceptionOfType(UnsupportedFile.class)
                .isThrownBy(() -> detect(bytes, name))
                .satisfies(problem -> assertThat(problem.status()).isEqualTo(415));
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
