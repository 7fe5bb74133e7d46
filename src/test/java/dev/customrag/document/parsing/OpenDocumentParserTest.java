package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.blocksWithPages;
import static dev.customrag.document.parsing.Reading.headings;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static dev.customrag.testing.OfficeFiles.odfRow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.OfficeFiles;
import dev.customrag.testing.SampleFiles;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenDocumentParserTest {

    @Test
    void aTextKeepsItsHeadingsListsTablesAndNotes() {
        ParsedDocument document =
                read(FileType.ODT, OfficeFiles.odt("""
                <text:tracked-changes><text:changed-region><text:deletion><text:p>Deleted words</text:p></text:deletion>\
                </text:changed-region></text:tracked-changes>\
                <text:table-of-content><text:index-body><text:p>Contents 1</text:p></text:index-body>\
                </text:table-of-content>\
                <text:p>Before<text:s text:c="3"/>any<text:tab/>heading,<text:line-break/>on \
                <text:span>two <text:a>lines</text:a></text:span>.</text:p>\
                <text:h text:outline-level="1">Deliveries</text:h>\
                <text:p>Within five days<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>\
                <text:note-body><text:p>Working days only.</text:p></text:note-body></text:note>, \
                always<office:annotation><dc:creator>Ada</dc:creator><dc:date>2024-01-01</dc:date>\
                <text:p>Really always?</text:p></office:annotation>.</text:p>\
                <text:list><text:list-item><text:p>first</text:p><text:list><text:list-item><text:p>inner</text:p>\
                </text:list-item></text:list></text:list-item></text:list>\
                <text:h>Prices</text:h>\
                <table:table table:name="T">%s%s</table:table>\
                <text:p><draw:frame><draw:text-box><text:p>In a box</text:p></draw:text-box></draw:frame>Around it</text:p>
                """.formatted(odfRow("Article", "Price"), odfRow("Desk", "412"))));

        assertThat(document.pageCount()).isNull();
        assertThat(headings(document)).containsExactly(null, "Deliveries", "Prices");
        assertThat(blocks(document))
                .containsExactly(
                        "Before any heading,\non two lines.",
                        "Deliveries",
                        "Within five days, always.",
                        "Working days only.",
                        "Really always?",
                        "- first",
                        "- inner",
                        "Prices",
                        "Article | Price",
                        "Desk | 412",
                        "In a box",
                        "Around it");
    }

    @Test
    void headersAndFootersAreReadOnce() {
        String styles = OfficeFiles.openDocumentXml("document-styles", """
                <office:master-styles><style:master-page><style:header><text:p>Our ref. 4711</text:p></style:header>\
                <style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>\
                </style:master-page><style:master-page><style:header><text:p>Our ref. 4711</text:p></style:header>\
                </style:master-page></office:master-styles>""");

        assertThat(blocks(read(
                        FileType.ODT,
                        OfficeFiles.openDocument(
                                "text",
                                "<office:text><text:p>Body</text:p></office:text>",
                                Map.of("styles.xml", styles)))))
                .containsExactly("Our ref. 4711", "Page", "Body");
    }

    @Test
    void whatEverySheetHasInItsMarginsByDefaultIsNotText() {
        String styles = OfficeFiles.openDocumentXml("document-styles", """
                <office:master-styles><style:master-page><style:header><text:p><text:sheet-name>???</text:sheet-name></text:p>\
                </style:header><style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>\
                </style:master-page></office:master-styles>""");
        byte[] ods = OfficeFiles.ods("<table:table table:name=\"Prices\">" + odfRow("Desk") + "</table:table>");

        assertThat(blocks(read(FileType.ODS, OfficeFiles.with(ods, "styles.xml", styles))))
                .containsExactly("Prices", "Desk");
    }

    @Test
    void aSheetIsASectionAndItsRowsNameTheirColumns() {
        ParsedDocument document = read(
                FileType.ODS, OfficeFiles.ods("""
                <table:table table:name="Prices">%s%s<table:table-row table:number-rows-repeated="1048570">\
                <table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>\
                <table:table table:name="Zeros"><table:table-row><table:table-cell office:value-type="float" \
                table:number-columns-repeated="3"><text:p>0</text:p></table:table-cell></table:table-row></table:table>""".formatted(odfRow("Article", "Price"), odfRow("Desk", "412.00 €"))));

        assertThat(headings(document)).containsExactly("Prices", "Zeros");
        assertThat(blocks(document))
                .containsExactly("Prices", "Article | Price", "Article: Desk | Price: 412.00 €", "Zeros", "0 | 0 | 0");
    }

    @Test
    void aSlideIsAPage() {
        ParsedDocument document = read(FileType.ODP, OfficeFiles.odp("""
                <draw:page draw:name="p1"><draw:frame presentation:class="title"><draw:text-box><text:p>Swallows</text:p>\
                </draw:text-box></draw:frame><draw:frame presentation:class="outline"><draw:text-box><text:list>\
                <text:list-item><text:p>They return in March.</text:p></text:list-item></text:list></draw:text-box>\
                </draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>Show the map.</text:p>\
                </draw:text-box></draw:frame></presentation:notes></draw:page>\
                <draw:page draw:name="p2"/>\
                <draw:page draw:name="p3"><draw:frame><draw:text-box><text:p>No title here.</text:p></draw:text-box>\
                </draw:frame></draw:page>"""));

        assertThat(document.pageCount()).isEqualTo(3);
        assertThat(document.pagesWithoutText()).containsExactly(2);
        assertThat(headings(document)).containsExactly("Swallows", null);
        assertThat(blocksWithPages(document))
                .containsExactly("1 Swallows", "1 - They return in March.", "1 Show the map.", "3 No title here.");
    }

    @Test
    void slidesAreCountedWhateverTheStylesBeforeThemAreCalled() {
        byte[] odp = OfficeFiles.odp("<draw:page><draw:frame><draw:text-box><text:p>One</text:p></draw:text-box>"
                + "</draw:frame></draw:page><draw:page><draw:frame><draw:text-box><text:p>Two</text:p></draw:text-box>"
                + "</draw:frame></draw:page>");
        String content = OfficeFiles.part(odp, "content.xml");
        String styled = content.replaceFirst(
                "<office:body>",
                "<office:automatic-styles><number:text xmlns:number=\"urn:number\">.</number:text>"
                        + "</office:automatic-styles><office:body>");

        ParsedDocument document = read(FileType.ODP, OfficeFiles.with(odp, "content.xml", styled));

        assertThat(styled).isNotEqualTo(content);
        assertThat(document.pageCount()).isEqualTo(2);
        assertThat(blocksWithPages(document)).containsExactly("1 One", "2 Two");
    }

    @Test
    void theLayoutOfPagesMakesATextNoPresentation() {
        ParsedDocument document = read(
                FileType.ODT,
                OfficeFiles.odt(
                        "<text:page-sequence><text:page/><text:page/></text:page-sequence><text:p>Body</text:p>"));

        assertThat(document.pageCount()).isNull();
        assertThat(blocksWithPages(document)).containsExactly("null Body");
    }

    @Test
    void whatIsSaidOfPicturesOnSlidesAndSheetsIsText() {
        String picture = "<draw:frame><draw:image/><svg:title xmlns:svg=\"urn:svg\">Plan</svg:title>"
                + "<svg:desc xmlns:svg=\"urn:svg\">The harbour from above</svg:desc></draw:frame>";
        String title =
                "<draw:frame presentation:class=\"title\"><draw:text-box><text:p>Harbour</text:p></draw:text-box>"
                        + "<svg:desc xmlns:svg=\"urn:svg\">Set in blue</svg:desc></draw:frame>";

        assertThat(blocks(read(FileType.ODP, OfficeFiles.odp("<draw:page>" + title + picture + "</draw:page>"))))
                .containsExactly("Harbour", "Set in blue", "Plan", "The harbour from above");
        assertThat(blocks(read(
                        FileType.ODS,
                        OfficeFiles.ods("<table:table table:name=\"Plans\"><table:shapes>" + picture
                                + "<draw:custom-shape><text:p>In a box</text:p></draw:custom-shape></table:shapes>"
                                + odfRow("Quay", "North") + "</table:table>"))))
                .containsExactly("Plans", "Plan", "The harbour from above", "In a box", "Quay | North");
    }

    @Test
    void encryptedDamagedAndHostileFilesAreRefused() {
        byte[] odt = OfficeFiles.odt("<text:p>Words</text:p>");
        String manifest =
                "<m:manifest xmlns:m=\"urn:m\"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
        String entity = "<!DOCTYPE x [<!ENTITY file SYSTEM \"file:///etc/hostname\">]><x><p>&file;</p></x>";

        unreadable(FileType.ODT, OfficeFiles.with(odt, "META-INF/manifest.xml", manifest))
                .withMessage("The file is protected with a password. Remove the password and upload it again.");
        unreadable(FileType.ODT, SampleFiles.truncated(odt)).withMessageContaining("damaged");
        unreadable(FileType.ODT, OfficeFiles.with(odt, "content.xml", entity)).withMessageContaining("damaged");
        unreadable(FileType.ODT, OfficeFiles.odt("<text:span>".repeat(2_000))).withMessageContaining("damaged");
        unreadable(FileType.ODT, OfficeFiles.odt("")).withMessageStartingWith("No readable text");
        unreadable(FileType.ODS, odt, Map.of("documents.parsing.max-xml-size", "100"))
                .withMessageContaining("unpacks to more data");
        unreadable(FileType.ODT, odt, Map.of("documents.parsing.time-limit", "0s"))
                .withMessageContaining("too long");
    }
}
