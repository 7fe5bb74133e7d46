package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.headings;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.OfficeFiles;
import dev.customrag.testing.SampleFiles;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RtfParserTest {

    @Test
    void headingsTablesListsAndNotesAreReadWhatIsForProgramsIsNot() {
        ParsedDocument document = read(FileType.RTF, OfficeFiles.rtf("""
                {\\header Our ref. 4711\\par}
                {\\*\\generator A program;}{\\*\\unheardof words of another program}
                \\pard Before any {\\b heading}.\\line Second line.\\par
                \\pard\\s1 Deliveries\\par
                \\pard Within five days{\\footnote\\pard Working days only.\\par}, \
                {\\v hidden }{\\deleted gone }{\\field{\\*\\fldinst HYPERLINK "https://example.org"}{\\fldrslt see here}}.\\par
                {\\pard{\\listtext\\'b7\\tab}first\\par}
                {\\pard{\\pntext 2.\\tab}second\\par}
                {\\pict\\pngblip 89504e47}
                \\pard\\s1 Prices\\par
                \\trowd\\cellx100\\cellx200\\pard\\intbl Article\\cell Price\\cell\\row
                \\trowd\\cellx100\\cellx200\\pard\\intbl Walnut\\par desk\\cell 412\\cell\\row
                \\pard Prices include tax.\\par
                {\\shp{\\*\\shpinst{\\sp{\\sn text}{\\sv 1}}{\\shptxt\\pard In a box\\par}}{\\shprslt again}}Last words
                """));

        assertThat(document.pageCount()).isNull();
        assertThat(headings(document)).containsExactly(null, "Deliveries", "Prices");
        assertThat(blocks(document))
                .containsExactly(
                        "Our ref. 4711",
                        "Before any heading.\nSecond line.",
                        "Deliveries",
                        "Within five days, see here.",
                        "Working days only.",
                        "- first",
                        "2. second",
                        "Prices",
                        "Article | Price",
                        "Walnut desk | 412",
                        "Prices include tax.",
                        "Last words",
                        "In a box");
    }

    @Test
    void charactersComeInManyWays() {
        assertThat(read(
                                FileType.RTF,
                                OfficeFiles.rtf("\\pard Gr\\'fc\\'dfe, 5 \\u8364\\'80, \\uc0\\u26085 \\u-24716 , "
                                        + "a\\~b, c\\_d, \\{x\\\\y\\}, \\ldblquote q\\rdblquote \\emdash\\par"))
                        .text())
                .isEqualTo("Grüße, 5 €, 日齴, a b, c-d, {x\\y}, “q”—");
        assertThat(read(
                                FileType.RTF,
                                "{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2\\par}"
                                        .getBytes(StandardCharsets.US_ASCII))
                        .text())
                .isEqualTo("Привет");
        assertThat(read(
                                FileType.RTF,
                                "{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}}\\f1 \\'cf\\f0  x}"
                                        .getBytes(StandardCharsets.US_ASCII))
                        .text())
                .isEqualTo("П x");
        assertThat(read(
                                FileType.RTF,
                                "{\\rtf1\\ansi\\ansicpg932 \\'93\\'fa\\'96\\'7b raw: %s\\par}"
                                        .formatted("日")
                                        .getBytes(Charset.forName("windows-31j")))
                        .text())
                .isEqualTo("日本 raw: 日");
        assertThat(read(FileType.RTF, "{\\rtf1\\ansi\\ansicpg99999 Words\\par}".getBytes(StandardCharsets.US_ASCII))
                        .text())
                .isEqualTo("Words");
    }

    @Test
    void zerosAfterTheEndAreNoDamage() {
        assertThat(read(FileType.RTF, SampleFiles.text("{\\rtf1 Words\\par}\u0000\u0000}"))
                        .text())
                .isEqualTo("Words");
    }

    @Test
    void damagedAndHostileFilesAreRefused() {
        byte[] rtf = OfficeFiles.rtf("\\pard Words\\par");

        unreadable(FileType.RTF, SampleFiles.truncated(rtf)).withMessageContaining("damaged");
        unreadable(FileType.RTF, SampleFiles.text("{\\rtf1 " + "{".repeat(20_000)))
                .withMessageContaining("damaged");
        unreadable(FileType.RTF, SampleFiles.text("{\\rtf1\\bin2000000000 x}")).withMessageContaining("damaged");
        unreadable(FileType.RTF, SampleFiles.text("{\\rtf1 {\\pict 00}}")).withMessageStartingWith("No readable text");
    }
}
