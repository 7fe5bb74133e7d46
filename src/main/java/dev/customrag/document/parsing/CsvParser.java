package dev.customrag.document.parsing;

import dev.customrag.document.parsing.CsvFormats.Sniffed;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Tables of text, read row by row. A passage holds some rows from the middle of a table, so each row says the names of
 * its columns itself: "Article: Desk | Price: 412" is understood by the model, and by who reads it quoted, where
 * "Desk | 412" is not: {@link SheetRows} tells the names. Empty cells say nothing.
 */
class CsvParser implements DocumentParser {

    /** Enough for a spreadsheet's longest row: it has cells of 32,767 characters at most. */
    private static final int LONGEST_ROW = 1_000_000;

    private static final int SAMPLE = 64 * 1024;

    /** How Excel names the delimiter in a line before the table. */
    private static final Pattern DELIMITER_LINE = Pattern.compile("\\A\"?sep=[^\\r\\n]\"?(\\r\\n?|\\n)");

    /** The share of rows with as many cells as most, from which on this is a table. */
    private static final double REGULAR = 0.5;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (BufferedReader characters = TextEncoding.open(file, text)) {
            String beginning = TextEncoding.beginning(characters, SAMPLE);
            boolean whole = beginning.length() < SAMPLE;
            Matcher delimiterLine = DELIMITER_LINE.matcher(beginning);
            if (delimiterLine.lookingAt()) {
                characters.readLine();
                beginning = beginning.substring(delimiterLine.end());
            }
            Sniffed sniffed = CsvFormats.sniff(beginning, whole);
            read(characters, sniffed, text);
        }
    }

    /** Exports of banks have an address and a balance before their table: it begins with the first row of its width. */
    private static void read(BufferedReader characters, Sniffed sniffed, TextCollector text) throws IOException {
        var rows = new RowReader(characters, LONGEST_ROW, () -> UnreadableDocument.rowTooLong(LONGEST_ROW));
        var table = new SheetRows(text);
        // Lines of prose that are called a table say nothing about each other.
        boolean isTable = sniffed.columns() >= 2 && sniffed.share() >= REGULAR;
        // The rows of some programs have a delimiter at their end, and the names have none.
        int width = Math.max(2, sniffed.columns() - 1);
        boolean begun = false;
        try (CSVParser parser = CSVParser.parse(rows, sniffed.format())) {
            for (CSVRecord row : parser) {
                rows.begin();
                text.checkTime();
                begun |= isTable && row.size() >= width;
                List<SheetRows.Cell> cells = cells(row);
                if (begun) {
                    table.row(row.getRecordNumber(), cells);
                } else {
                    text.row(cells.stream().map(SheetRows.Cell::text).toList());
                }
            }
        }
        table.end();
    }

    private static List<SheetRows.Cell> cells(CSVRecord row) {
        var cells = new ArrayList<SheetRows.Cell>(row.size());
        for (int i = 0; i < row.size(); i++) {
            if (!row.get(i).isBlank()) {
                cells.add(new SheetRows.Cell(i, row.get(i).strip(), true));
            }
        }
        return cells;
    }
}
