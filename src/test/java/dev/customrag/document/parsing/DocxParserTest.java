package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.headings;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.OfficeFiles;
import dev.customrag.testing.SampleFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;
import org.apache.poi.wp.usermodel.HeaderFooterType;
import org.apache.poi.xddf.usermodel.chart.XDDFDataSourcesFactory;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.junit.jupiter.api.Test;

class DocxParserTest {

    @Test
    void headersComeFirstAndNotesAndCommentsFollowTheirParagraph() throws IOException {
        byte[] docx;
        try (var document = new XWPFDocument()) {
            document.createHeader(HeaderFooterType.DEFAULT)
                    .createParagraph()
                    .createRun()
                    .setText("Our ref. 4711");
            document.createHeader(HeaderFooterType.FIRST)
                    .createParagraph()
                    .createRun()
                    .setText("Our ref. 4711");
            document.createFooter(HeaderFooterType.DEFAULT)
                    .createParagraph()
                    .createRun()
                    .setText("Harbour Ltd.");
            XWPFParagraph paragraph = document.createParagraph();
            paragraph.createRun().setText("Delivered within five days");
            document.createFootnotes();
            var footnote = document.createFootnote();
            footnote.createParagraph().createRun().setText("Working days only.");
            paragraph.addFootnoteReference(footnote);
            var comment = document.createComments().createComment(BigInteger.ZERO);
            comment.createParagraph().createRun().setText("Really always?");
            paragraph.getCTP().addNewR().addNewCommentReference().setId(BigInteger.ZERO);
            paragraph.createRun().setText(", always.");
            addChart(document);
            document.createParagraph().createRun().setText("Next.");
            var bytes = new ByteArrayOutputStream();
            document.write(bytes);
            docx = bytes.toByteArray();
        }

        assertThat(blocks(read(FileType.DOCX, docx)))
                .containsExactly(
                        "Our ref. 4711",
                        "Harbour Ltd.",
                        "Delivered within five days, always.",
                        "Working days only.",
                        "Really always?",
                        "Turnover by month\nRevenue | Jan: 5.0 | Feb: 7.0",
                        "Next.");
    }

    private static void addChart(XWPFDocument document) throws IOException {
        try {
            OfficeFiles.turnover(
                    document.createChart(1_000_000, 1_000_000),
                    XDDFDataSourcesFactory.fromArray(new String[] {"Jan", "Feb"}, "A1:A2"),
                    XDDFDataSourcesFactory.fromArray(new Double[] {5d, 7d}, "B1:B2"));
        } catch (InvalidFormatException e) {
            throw new IOException(e);
        }
    }

    @Test
    void whatIsShownIsReadAndWhatIsNotIsNot() {
        ParsedDocument document = read(FileType.DOCX, docx("""
                <w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs><w:outlineLvl w:val="0"/></w:pPr>\
                <w:r><w:t>By its level</w:t></w:r></w:p>\
                <w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>\
                <w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:ins><w:r><w:t xml:space="preserve"> added</w:t>\
                </w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r>\
                <w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:tab/><w:t>shown</w:t><w:br/><w:t>below</w:t></w:r>\
                <w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r>\
                <w:hyperlink><w:r><w:t> a link</w:t></w:r></w:hyperlink>\
                <w:r><w:t> e</w:t><w:noBreakHyphen/><w:t>mail</w:t></w:r></w:p>\
                <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr>\
                <w:r><w:t>An item</w:t></w:r></w:p>\
                <w:sdt><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"""));

        assertThat(headings(document)).containsExactly("By its level");
        assertThat(blocks(document))
                .containsExactly("By its level", "Kept added shown\nbelow a link e-mail", "- An item", "In a control");
    }

    @Test
    void textBoxesAreReadOnceAndTablesThatOnlyLayOutAPageAsThePage() {
        ParsedDocument document = read(FileType.DOCX, docx("""
                <w:p><w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><w:drawing><wp:docPr xmlns:wp="urn:wp" \
                descr="A crane"/><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:drawing>\
                </mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p>\
                </w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>around it</w:t></w:r></w:p>\
                <w:tbl><w:tr><w:tc><w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>Left</w:t></w:r></w:p>\
                <w:p><w:r><w:t>Text.</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Margin</w:t></w:r></w:p></w:tc></w:tr>\
                <w:tr><w:tc><w:p><w:r><w:t>Outer</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p>\
                </w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc>\
                <w:tc><w:p><w:r><w:t>Second</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"""));

        assertThat(blocks(document))
                .containsExactly("In a box", "A crane around it", "Left", "Text.", "Margin", "Outer a b | Second");
    }

    @Test
    void picturesAreNeverUnpacked() {
        byte[] docx = SampleFiles.docxWithLargeMedia("image1.png", new byte[] {1, 2, 3, 4});

        assertThat(read(FileType.DOCX, docx, Map.of("documents.parsing.max-xml-size", "1M"))
                        .text())
                .contains("Before any heading.");
    }

    @Test
    void charactersThatXmlEscapesAndDeepNestingAreReadByTheDefaultBounds() {
        String line = "<w:p><w:r><w:t>" + "&amp;".repeat(1_000) + "a &lt; b</w:t></w:r></w:p>";

        assertThat(read(FileType.DOCX, docx(line.repeat(200))).text().chars().filter(c -> c == '&'))
                .hasSize(200_000);
        assertThat(read(
                                FileType.DOCX,
                                docx("<w:sdt><w:sdtContent>".repeat(250)
                                        + line
                                        + "</w:sdtContent></w:sdt>".repeat(250)))
                        .text())
                .endsWith("a < b");
    }

    @Test
    void deepNestingAndBrokenTablesAreDamage() {
        unreadable(FileType.DOCX, docx("<w:sdt>".repeat(5_000))).withMessageContaining("damaged");
        unreadable(FileType.DOCX, docx("<w:tr><w:tc/></w:tr>")).withMessageContaining("damaged");
    }

    private static byte[] docx(String body) {
        return SampleFiles.docxWithXml(SampleFiles.text("""
                <w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body>\
                </w:document>""".formatted(body)));
    }
}
