package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.headings;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static dev.customrag.testing.OfficeFiles.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.OfficeFiles;
import dev.customrag.testing.OfficeFiles.Formatted;
import dev.customrag.testing.OfficeFiles.Formula;
import dev.customrag.testing.SampleFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.poi.ss.util.CellRangeAddress;
import org.apache.poi.xddf.usermodel.chart.XDDFDataSourcesFactory;
import org.apache.poi.xssf.usermodel.XSSFClientAnchor;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;

class XlsxParserTest {

    @Test
    void eachRowIsReadableAloneByTheNamesOfItsColumns() {
        ParsedDocument document = read(
                FileType.XLSX,
                OfficeFiles.xlsx(
                        "Prices",
                        row("Price list"),
                        row(),
                        row("Article", "Price", "In stock", "Since"),
                        row("Walnut desk", new Formatted(1412.5, "#,##0.00 \"€\""), true, LocalDate.of(2024, 3, 5)),
                        row("Brass lamp", new Formatted(0.19, "0%"), false, null),
                        row(null, new Formula("B4+B5", 1412.69))));

        assertThat(document.pageCount()).isNull();
        assertThat(headings(document)).containsExactly("Prices");
        assertThat(blocks(document))
                .containsExactly(
                        "Prices",
                        "Price list",
                        "Article | Price | In stock | Since",
                        "Article: Walnut desk | Price: 1,412.50 € | In stock: TRUE | Since: 2024-03-05",
                        "Article: Brass lamp | Price: 19% | In stock: FALSE",
                        "Price: 1412.69");
    }

    @Test
    void whatIsNoTableStaysAsItIs() {
        assertThat(blocks(read(
                        FileType.XLSX,
                        OfficeFiles.xlsx("Form", row("Name:", "Ada"), row("Age:", 36d), row("Town:", "London")))))
                .containsExactly("Form", "Name: | Ada", "Age: | 36", "Town: | London");
        assertThat(blocks(read(
                        FileType.XLSX,
                        OfficeFiles.xlsx("Words", row("Name", "Ada"), row("Street", "Harbour"), row("Age", 36d)))))
                .containsExactly("Words", "Name | Ada", "Street | Harbour", "Age | 36");
        assertThat(blocks(read(FileType.XLSX, OfficeFiles.xlsx("Figures", row(1d, 2d), row(3d, 4d)))))
                .containsExactly("Figures", "1 | 2", "3 | 4");
    }

    @Test
    void yearsMayNameColumnsAndASecondTableHasItsOwn() {
        ParsedDocument document = read(
                FileType.XLSX,
                OfficeFiles.xlsx(
                        "Turnover",
                        row("Region", 2023d, 2024d),
                        row("North", 10d, 12d),
                        row(),
                        row("South", 7d, 8d),
                        row(),
                        row("Month", "Visitors"),
                        row("May", 300d)));

        assertThat(blocks(document))
                .containsExactly(
                        "Turnover",
                        "Region | 2023 | 2024",
                        "Region: North | 2023: 10 | 2024: 12",
                        "Region: South | 2023: 7 | 2024: 8",
                        "Month | Visitors",
                        "Month: May | Visitors: 300");
    }

    @Test
    void whatStandsBelowATableIsNotOfIt() {
        assertThat(blocks(read(
                        FileType.XLSX,
                        OfficeFiles.xlsx(
                                "Prices",
                                row("Article", "Price"),
                                row("Desk", 412d),
                                row(),
                                row("Total", 412d),
                                row(),
                                row("Prepared by Ada"),
                                row("Checked by Grace")))))
                .containsExactly(
                        "Prices",
                        "Article | Price",
                        "Article: Desk | Price: 412",
                        "Article: Total | Price: 412",
                        "Prepared by Ada",
                        "Checked by Grace");
        assertThat(blocks(read(
                        FileType.XLSX,
                        OfficeFiles.xlsx(
                                "Prices",
                                row("Article", "Price"),
                                row("Desk", 412d),
                                row(),
                                row("Prepared by", "Ada"),
                                row("Checked by", "Grace")))))
                .endsWith("Prepared by | Ada", "Checked by | Grace");
    }

    @Test
    void everySheetIsASectionAndWhatIsDrawnOrRemarkedOnItFollows() throws IOException {
        ParsedDocument document = read(FileType.XLSX, workbookWithExtras());

        assertThat(headings(document)).containsExactly("Data", "Empty", "Remarks");
        assertThat(blocks(document))
                .containsSubsequence("Data", "Turnover by month", "Empty", "Remarks", "Only here")
                .contains("A box beside the cells", "A1: Ask Ada about this", "Revenue | Jan: 5.0 | Feb: 7.0");
    }

    @Test
    void datesCountFromTheYearTheWorkbookSays() {
        byte[] workbook = OfficeFiles.xlsx("Days", row("On", LocalDate.of(2024, 3, 5)));
        String xml = OfficeFiles.part(workbook, "xl/workbook.xml");
        byte[] from1904 = OfficeFiles.with(
                workbook, "xl/workbook.xml", xml.replaceFirst("<workbookPr[^>]*/>", "<workbookPr date1904=\"1\"/>"));

        assertThat(read(FileType.XLSX, from1904).text()).contains("2028-03-06");
    }

    @Test
    void sheetsMayLeaveOutWhatIsImplied() {
        byte[] workbook = OfficeFiles.xlsx("S", row("x"));
        String sheet = """
                <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>\
                <row><c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>sound</t></rPh></is></c>\
                <c t="e"><v>#DIV/0!</v></c><c t="str"><f>A1</f><v>text of a formula</v></c><c s="999"><v>5</v></c>\
                <c><v>no number</v></c><c t="s"><v>77</v></c></row>\
                </sheetData></worksheet>""";

        assertThat(blocks(read(FileType.XLSX, OfficeFiles.with(workbook, "xl/worksheets/sheet1.xml", sheet))))
                .containsExactly("S", "inline | #DIV/0! | text of a formula | 5 | no number");
    }

    @Test
    void damagedAndHostileWorkbooksAreRefused() {
        byte[] workbook = OfficeFiles.xlsx("S", row("x"));
        String far = "<worksheet><sheetData><row><c r=\"ZZZZ1\"><v>1</v></c></row></sheetData></worksheet>";

        unreadable(FileType.XLSX, SampleFiles.truncated(workbook)).withMessageContaining("damaged");
        unreadable(FileType.XLSX, OfficeFiles.with(workbook, "xl/worksheets/sheet1.xml", "<worksheet><sheetData>"))
                .withMessageContaining("damaged");
        unreadable(FileType.XLSX, OfficeFiles.with(workbook, "xl/worksheets/sheet1.xml", far))
                .withMessageContaining("damaged");
        unreadable(FileType.XLSX, OfficeFiles.with(workbook, "xl/worksheets/sheet1.xml", "<a>".repeat(2_000)))
                .withMessageContaining("damaged");
        unreadable(FileType.XLSX, OfficeFiles.xlsx("-", row(" "))).withMessageStartingWith("No readable text");
        unreadable(FileType.XLSX, workbook, Map.of("documents.parsing.max-xml-size", "1k"))
                .withMessageContaining("unpacks to more data");
        unreadable(
                        FileType.XLSX,
                        OfficeFiles.xlsx("S", row("x".repeat(200))),
                        Map.of("documents.parsing.max-characters", "100"))
                .withMessageContaining("100 characters");
    }

    @Test
    void entitiesAreNotResolved() {
        byte[] workbook = OfficeFiles.xlsx("S", row("x"));
        String bomb = """
                <!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">\
                <!ENTITY file SYSTEM "file:///etc/hostname">]>
                <worksheet><sheetData><row><c t="inlineStr"><is><t>%s</t></is></c></row></sheetData></worksheet>""";

        for (String entity : List.of("&b;", "&file;")) {
            unreadable(FileType.XLSX, OfficeFiles.with(workbook, "xl/worksheets/sheet1.xml", bomb.formatted(entity)))
                    .withMessageContaining("damaged");
        }
    }

    private static byte[] workbookWithExtras() throws IOException {
        try (var workbook = new XSSFWorkbook()) {
            var data = workbook.createSheet("Data");
            data.createRow(0).createCell(0).setCellValue("Jan");
            data.getRow(0).createCell(1).setCellValue(5);
            data.createRow(1).createCell(0).setCellValue("Feb");
            data.getRow(1).createCell(1).setCellValue(7);
            var drawing = data.createDrawingPatriarch();
            drawing.createTextbox(new XSSFClientAnchor(0, 0, 0, 0, 4, 4, 6, 6)).setText("A box beside the cells");
            var comment = drawing.createCellComment(new XSSFClientAnchor());
            comment.setString("Ask Ada about this");
            data.getRow(0).getCell(0).setCellComment(comment);
            OfficeFiles.turnover(
                    drawing.createChart(new XSSFClientAnchor(0, 0, 0, 0, 8, 8, 12, 12)),
                    XDDFDataSourcesFactory.fromStringCellRange(data, new CellRangeAddress(0, 1, 0, 0)),
                    XDDFDataSourcesFactory.fromNumericCellRange(data, new CellRangeAddress(0, 1, 1, 1)));
            workbook.createSheet("Empty");
            workbook.createSheet("Remarks").createRow(3).createCell(2).setCellValue("Only here");
            var bytes = new ByteArrayOutputStream();
            workbook.write(bytes);
            return bytes.toByteArray();
        }
    }
}
