package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.detect;
import static dev.customrag.document.parsing.Reading.read;
import static dev.customrag.document.parsing.Reading.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.SampleFiles;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvParserTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void eachRowSaysTheNamesOfItsColumns(String delimiter) {
        String table = "Article;Price;Stock\nWalnut desk;412;3\nLamp;39;\n".replace(";", delimiter);

        assertThat(blocks(read(FileType.CSV, SampleFiles.text(table))))
                .containsExactly(
                        "Article | Price | Stock",
                        "Article: Walnut desk | Price: 412 | Stock: 3",
                        "Article: Lamp | Price: 39");
    }

    @Test
    void quotedCellsMayHoldDelimitersLineBreaksAndQuotationMarks() {
        assertThat(blocks(read(FileType.CSV, SampleFiles.text("""
                        Name,Note\r
                        "Lovelace, Ada","wrote
                        the first ""program\"""\r
                        Hopper,5" disks\r
                        """))))
                .containsExactly(
                        "Name | Note",
                        "Name: Lovelace, Ada | Note: wrote the first \"program\"",
                        "Name: Hopper | Note: 5\" disks");
    }

    @Test
    void raggedRowsKeepEveryCell() {
        assertThat(blocks(read(FileType.CSV, SampleFiles.text("City,,Country\nBonn\n\nParis,x,France,more\n,,\n"))))
                .containsExactly("City | Country", "City: Bonn", "City: Paris | x | Country: France | more");
    }

    @Test
    void aTableWithoutNamesOfColumnsIsReadAsItStands() {
        assertThat(blocks(read(FileType.CSV, SampleFiles.text("2024-01-05,Rent,950\n2024-02-05,Rent,950\n"))))
                .containsExactly("2024-01-05 | Rent | 950", "2024-02-05 | Rent | 950");
        assertThat(blocks(read(FileType.CSV, SampleFiles.text("a,a\nb,c\n")))).containsExactly("a | a", "b | c");
        assertThat(blocks(read(FileType.CSV, SampleFiles.text("Fruit\nApple\nPear"))))
                .containsExactly("Fruit", "Apple", "Pear");
    }

    @Test
    void whatStandsAboveTheNamesOfTheColumnsIsReadAsItStands() {
        assertThat(blocks(read(FileType.CSV, SampleFiles.text("""
                        Account;DE12 3456
                        Balance on 1 March

                        Date;Text;Amount;Currency
                        2024-02-05;Rent;-950,00;EUR;
                        2024-02-07;Wages;2000,00;EUR;
                        2024-02-09;Books;-39,90;EUR;
                        """))))
                .containsExactly(
                        "Account | DE12 3456",
                        "Balance on 1 March",
                        "Date | Text | Amount | Currency",
                        "Date: 2024-02-05 | Text: Rent | Amount: -950,00 | Currency: EUR",
                        "Date: 2024-02-07 | Text: Wages | Amount: 2000,00 | Currency: EUR",
                        "Date: 2024-02-09 | Text: Books | Amount: -39,90 | Currency: EUR");
    }

    @Test
    void aFileOfExcelIsReadWithItsDelimiterLineAndItsEncoding() {
        byte[] table = "sep=;\r\nStraße;Miete\r\nHafenstraße;950 €\r\n".getBytes(Charset.forName("windows-1252"));

        assertThat(blocks(read(FileType.CSV, table)))
                .containsExactly("Straße | Miete", "Straße: Hafenstraße | Miete: 950 €");
    }

    @Test
    void aTextWithCommasIsNoTable() {
        byte[] prose = SampleFiles.text("Dear Ada,\nthank you, again, for the book.\nIt is, I think, good.\n");
        byte[] table = SampleFiles.text("a,b,c\n".repeat(6));

        assertThat(detect(prose, "letter.txt")).isEqualTo(FileType.TEXT);
        assertThat(detect(SampleFiles.text("| a | b | c |\n".repeat(6)), "drawn.txt"))
                .isEqualTo(FileType.TEXT);
        assertThat(detect(table, "export.txt")).isEqualTo(FileType.CSV);
        assertThat(detect(SampleFiles.text("a\tb\n1\t2\n"), "x.tsv")).isEqualTo(FileType.CSV);
        assertThat(detect(SampleFiles.text("a,b\n1,2\n"), "x.CSV")).isEqualTo(FileType.CSV);
        assertThat(detect(SampleFiles.text("<!doctype html><table>"), "x.csv")).isEqualTo(FileType.HTML);
        assertThat(detect(SampleFiles.pdf(List.of("x")), "x.csv")).isEqualTo(FileType.PDF);
    }

    @Test
    void aMissingQuotationMarkTakesNoMoreThanItsRow() {
        unreadable(FileType.CSV, SampleFiles.text("a,b\n1,\"open\n" + "2,3\n".repeat(400_000)))
                .withMessageContaining("quotation mark");
        assertThat(read(FileType.CSV, SampleFiles.text("a,b\nx,\"broken o")).text())
                .contains("a: x | b: broken o");
        unreadable(FileType.CSV, SampleFiles.text(",,,\n,,,\n")).withMessageContaining("No readable text");
    }

    @Test
    void aMillionRowsAreReadOneByOne() throws IOException {
        Path file = folder.resolve("large.csv");
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write("id,n\n");
            for (int i = 0; i < 1_000_000; i++) {
                out.write(i + "," + i % 7 + "\n");
            }
        }

        ParsedDocument document = read(FileType.CSV, file, Map.of("documents.parsing.max-characters", "30000000"));

        assertThat(document.sections().getFirst().blocks()).hasSize(1_000_001);
        assertThat(document.text()).endsWith("id: 999999 | n: 0");
        unreadable(FileType.CSV, Files.readAllBytes(file), Map.of("documents.parsing.max-characters", "10000"))
                .withMessageContaining("10,000 characters");
    }
}
