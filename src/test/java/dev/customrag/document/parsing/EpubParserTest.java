package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.detect;
import static dev.customrag.document.parsing.Reading.headings;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.SampleFiles;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EpubParserTest {

    private final Map<String, String> book = new LinkedHashMap<>(SampleFiles.EPUB);

    @Test
    void theChaptersAreReadInTheOrderOfTheSpineUnderTheirTitles() {
        ParsedDocument document = read(FileType.EPUB, SampleFiles.zip(book));

        assertThat(detect(SampleFiles.zip(book), "x.zip")).isEqualTo(FileType.EPUB);
        assertThat(document.pageCount()).isNull();
        assertThat(headings(document)).containsExactly("The Harbour", "Arrival", "The Lighthouse");
        assertThat(blocks(document))
                .containsExactly(
                        "The Harbour",
                        "Ada Lovelace, Grace Hopper",
                        "Arrival",
                        "The ship came in at dawn.",
                        "The Lighthouse",
                        "The keeper had not slept for three nights.");
    }

    @Test
    void theTableOfContentsOfEpub2NamesChaptersToo() {
        book.remove("OEBPS/nav.xhtml");
        book.computeIfPresent(
                "OEBPS/content.opf",
                (name, opf) -> opf.replaceFirst(
                        "<item id=\"nav\"[^>]*>",
                        "<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>"));
        book.put("OEBPS/toc.ncx", """
                <ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Landfall</text></navLabel>
                <content src="text/chapter%201.xhtml#start"/></navPoint></navMap></ncx>""");

        assertThat(headings(read(FileType.EPUB, SampleFiles.zip(book))))
                .containsExactly("The Harbour", "Landfall", "The Lighthouse");
    }

    @Test
    void protectedBooksSayThatTheyAreButScrambledFontsAreNoProtection() {
        String encryption = """
                <encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
                <enc:EncryptedData><enc:EncryptionMethod Algorithm="ALGORITHM"/><enc:CipherData>
                <enc:CipherReference URI="OEBPS/x"/></enc:CipherData></enc:EncryptedData></encryption>""";

        book.put(
                "META-INF/encryption.xml",
                encryption.replace("ALGORITHM", "http://www.w3.org/2001/04/xmlenc#aes128-cbc"));
        unreadable(FileType.EPUB, SampleFiles.zip(book)).withMessageContaining("protected against copying");

        book.put("META-INF/encryption.xml", encryption.replace("ALGORITHM", "http://www.idpf.org/2008/embedding"));
        assertThat(read(FileType.EPUB, SampleFiles.zip(book)).text()).contains("at dawn");
    }

    @Test
    void damagedBooksSaySo() {
        unreadable(FileType.EPUB, SampleFiles.truncated(SampleFiles.zip(book))).withMessageContaining("damaged");
        assertThat(detect(SampleFiles.truncated(SampleFiles.zip(book)), "x.epub"))
                .isEqualTo(FileType.EPUB);

        book.put("OEBPS/content.opf", "<package><spine><itemref idref=\"gone\"/></spine></package>");
        unreadable(FileType.EPUB, SampleFiles.zip(book)).withMessageContaining("No readable text");
        book.remove("OEBPS/content.opf");
        unreadable(FileType.EPUB, SampleFiles.zip(book)).withMessageContaining("damaged");
    }

    @Test
    void hostileBooksStayWithinTheirBounds() {
        book.put("OEBPS/text/chapter 1.xhtml", "<html><body><p>" + " ".repeat(3_000_000) + "</p></body></html>");
        unreadable(FileType.EPUB, SampleFiles.zip(book), Map.of("documents.parsing.max-xml-size", "2M"))
                .withMessageContaining("unpacks to more data");
        unreadable(FileType.EPUB, SampleFiles.zip(book), Map.of("documents.parsing.max-markup-size", "2M"))
                .withMessageContaining("larger than 2 MB");

        book.put("OEBPS/text/chapter 1.xhtml", """
                <!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
                <html><body><p>Entities &b; &x; stay closed.</p></body></html>""");
        book.computeIfPresent(
                "OEBPS/content.opf",
                (name, opf) -> opf.replace("<itemref idref=\"c1\"/>", "<itemref idref=\"c1\"/>".repeat(10_000)));
        assertThat(read(FileType.EPUB, SampleFiles.zip(book)).text())
                .contains("stay closed.")
                .doesNotContain("root:")
                .hasSizeLessThan(500);

        book.computeIfPresent("OEBPS/content.opf", (name, opf) -> opf.replace("text/two.xhtml", "../../../etc/passwd"));
        assertThat(read(FileType.EPUB, SampleFiles.zip(book)).text()).doesNotContain("root:");
    }
}
