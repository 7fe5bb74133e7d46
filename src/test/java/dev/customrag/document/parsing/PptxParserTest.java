package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocksWithPages;
import static dev.customrag.document.parsing.Reading.headings;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.OfficeFiles;
import dev.customrag.testing.SampleFiles;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PptxParserTest {

    private static final String FIRST_SLIDE = "ppt/slides/slide1.xml";

    @Test
    void aSlideIsAPageAndItsTitleAHeading() {
        ParsedDocument document = read(FileType.PPTX, OfficeFiles.pptx());

        assertThat(document.pageCount()).isEqualTo(3);
        assertThat(document.pagesWithoutText()).containsExactly(3);
        assertThat(headings(document)).containsExactly("Harbour extension", null);
        assertThat(blocksWithPages(document))
                .containsExactly(
                        "1 Harbour extension",
                        "1 The quay becomes ninety metres longer.\nWork begins in April.",
                        "1 Mention the fishermen's association.",
                        "2 Phase | Cost",
                        "2 Dredging | 3 million");
    }

    @Test
    void theTitleComesFirstAndWhatRepeatsOnEverySlideNotAtAll() {
        byte[] show = OfficeFiles.with(OfficeFiles.pptx(), FIRST_SLIDE, slide("""
                <p:sp><p:nvSpPr><p:cNvPr id="2" name="Box"/><p:nvPr/></p:nvSpPr>\
                <p:txBody><a:p><a:r><a:t>A box </a:t></a:r><a:r><a:t>drawn first</a:t></a:r><a:br/>\
                <a:r><a:t>of two lines</a:t></a:r></a:p></p:txBody></p:sp>\
                <p:grpSp><p:sp><p:nvSpPr><p:cNvPr id="3"/><p:nvPr/></p:nvSpPr>\
                <p:txBody><a:p><a:r><a:t>In a group</a:t></a:r></a:p></p:txBody></p:sp></p:grpSp>\
                <p:pic><p:nvPicPr><p:cNvPr id="4" descr="A crane at dawn"/></p:nvPicPr></p:pic>\
                <p:sp><p:nvSpPr><p:nvPr><p:ph type="sldNum"/></p:nvPr></p:nvSpPr>\
                <p:txBody><a:p><a:fld><a:t>17</a:t></a:fld></a:p></p:txBody></p:sp>\
                <p:sp><p:nvSpPr><p:nvPr><p:ph type="ctrTitle"/></p:nvPr></p:nvSpPr>\
                <p:txBody><a:p><a:r><a:t>The title</a:t></a:r></a:p><a:p><a:r><a:t>goes on</a:t></a:r></a:p>\
                </p:txBody></p:sp>\
                <mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">\
                <mc:Choice Requires="p14"><p:sp><p:txBody><a:p><a:r><a:t>Drawn once</a:t></a:r></a:p></p:txBody>\
                </p:sp></mc:Choice>\
                <mc:Fallback><p:sp><p:txBody><a:p><a:r><a:t>Drawn twice</a:t></a:r></a:p></p:txBody></p:sp>\
                </mc:Fallback></mc:AlternateContent>"""));

        assertThat(blocksWithPages(read(FileType.PPTX, show)))
                .startsWith(
                        "1 The title goes on",
                        "1 A box drawn first\nof two lines",
                        "1 In a group",
                        "1 A crane at dawn",
                        "1 Drawn once",
                        "1 Mention the fishermen's association.");
    }

    @Test
    void diagramsKeepTheirWordsInAPartOfTheirOwn() {
        byte[] show = OfficeFiles.with(OfficeFiles.pptx(), FIRST_SLIDE, slide("""
                <p:graphicFrame><a:graphic><a:graphicData><dgm:relIds \
                xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" r:dm="rId77"/></a:graphicData>\
                </a:graphic></p:graphicFrame>"""));
        String relations = OfficeFiles.part(show, "ppt/slides/_rels/slide1.xml.rels")
                .replace(
                        "</Relationships>",
                        "<Relationship Id=\"rId77\" Target=\"../diagrams/data1.xml\" Type=\"http://schemas.openxmlformats.org/"
                                + "officeDocument/2006/relationships/diagramData\"/></Relationships>");
        show = OfficeFiles.with(show, "ppt/slides/_rels/slide1.xml.rels", relations);
        show = OfficeFiles.with(show, "ppt/diagrams/data1.xml", """
                <dgm:dataModel xmlns:dgm="urn:d" xmlns:a="urn:a"><dgm:ptLst><dgm:pt><dgm:t><a:bodyPr/><a:p><a:r>\
                <a:t>Plan</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:t><a:bodyPr/><a:p><a:r><a:t>Build</a:t></a:r>\
                </a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>""");

        assertThat(blocksWithPages(read(FileType.PPTX, show))).startsWith("1 Plan\nBuild");
    }

    @Test
    void damagedAndHostilePresentationsAreRefused() {
        byte[] show = OfficeFiles.pptx();

        unreadable(FileType.PPTX, SampleFiles.truncated(show)).withMessageContaining("damaged");
        unreadable(FileType.PPTX, OfficeFiles.with(show, FIRST_SLIDE, "<p:sld")).withMessageContaining("damaged");
        unreadable(FileType.PPTX, OfficeFiles.with(show, "_rels/.rels", "<Relationships/>"))
                .withMessageContaining("damaged");
        unreadable(FileType.PPTX, show, Map.of("documents.parsing.max-pages", "2"))
                .withMessageContaining("more than 2 pages");
        unreadable(FileType.PPTX, show, Map.of("documents.parsing.max-xml-size", "1k"))
                .withMessageContaining("unpacks to more data");
    }

    private static String slide(String shapes) {
        return """
                <p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" \
                xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" \
                xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">\
                <p:cSld><p:spTree>%s</p:spTree></p:cSld></p:sld>""".formatted(shapes);
    }
}
