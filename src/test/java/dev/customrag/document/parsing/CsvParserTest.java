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
                        Name,Note,Born\r
                        "Lovelace, Ada","wrote
                        the first ""program\""",1815\r
                        Hopper,5" disks,1906\r
                        """))))
                .containsExactly(
                        "Name | Note | Born",
                        "Name: Lovelace, Ada | Note: wrote the first \"program\" | Born: 1815",
                        "Name: Hopper | Note: 5\" disks | Born: 1906");
    }

    @Test
    void raggedRowsKeepEveryCell() {
        assertThat(blocks(read(FileType.CSV, SampleFiles.text("City,,People\nBonn\n\nParis,x,2100000,more\n,,\n"))))
                .containsExactly("City | People", "City: Bonn", "City: Paris | x | People: 2100000 | more");
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
    void yearsMayNameColumns() {
        assertThat(blocks(read(FileType.CSV, SampleFiles.text("Region,2023,2024\nNorth,10,12\n"))))
                .containsExactly("Region | 2023 | 2024", "Region: North | 2023: 10 | 2024: 12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Abandon;verlassen\nAbility;Fähigkeit\nAble;fähig\n",
                "Abandon;verlassen;verb\nAbility;Fähigkeit;noun\nAbolish;abschaffen;verb\n",
                "2024-01-05T10:15:30Z\tINFO\tstarted\n2024-01-05T10:15:31Z\tWARN\tslow\n",
                "Jan  5 10:15:30\tharbour\tstarted\nJan  5 10:15:31\tquay\tslow\n",
                "harbour\tINFO\tstarted\nharbour\tWARN\tslow\n",
                "9f86d081884c7d65;desk.txt;new\n60303ae22b998861;lamp.txt;old\n",
                "INV-00123;Ada;paid\nINV-00124;Grace;open\n",
                "Like a Virgin;1984;pop\nA Night at the Opera;1975;rock\n"
            })
    void aFirstRowOfValuesNamesNothing(String table) {
        assertThat(blocks(read(FileType.CSV, SampleFiles.text(table))))
                .containsExactlyElementsOf(table.replaceAll(" +", " ")
                        .replaceAll("[;\t]", " | ")
                        .lines()
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-05T10:15:30.5+01:00",
                "9f86d081884c7d65",
                "INV-00123",
                "0xff",
                "3.5 kg",
                "412 euros",
                "true"
            })
    void valuesProveTheNamesAboveThem(String value) {
        assertThat(blocks(read(FileType.CSV, SampleFiles.text("Mark;Word\n" + value + ";Desk\n"))))
                .containsExactly("Mark | Word", "Mark: " + value + " | Word: Desk");
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
        assertThat(read(FileType.CSV, SampleFiles.text("a,b\n1,\"broken o")).text())
                .contains("a: 1 | b: broken o");
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
