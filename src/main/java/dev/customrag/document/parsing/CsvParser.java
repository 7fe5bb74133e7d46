package dev.customrag.document.parsing;

import dev.customrag.document.parsing.CsvFormats.Sniffed;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Tables of text, read row by row. A passage holds some rows from the middle of a table, so each row says the names of
 * its columns itself: "Article: Desk | Price: 412" is understood by the model, and by who reads it quoted, where
 * "Desk | 412" is not. Empty cells say nothing.
 */
class CsvParser implements DocumentParser {

    /** Enough for a spreadsheet's longest row: it has cells of 32,767 characters at most. */
    private static final int LONGEST_ROW = 1_000_000;

    private static final int SAMPLE = 64 * 1024;

    /** How Excel names the delimiter in a line before the table. */
    private static final Pattern DELIMITER_LINE = Pattern.compile("\\A\"?sep=[^\\r\\n]\"?(\\r\\n?|\\n)");

    /** Figures, dates, addresses: what stands in a table and never above a column. */
    private static final Pattern VALUE =
            Pattern.compile("[\\d\\s.,:/+%€$£'()-]*\\d[\\d\\s.,:/+%€$£'()-]*|\\S+@\\S+\\.\\S+|https?://\\S+");

    private static final int LONGEST_NAME = 100;

    /** The share of rows with as many cells as most, from which on this is a table. */
    private static final double REGULAR = 0.5;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (BufferedReader characters = TextEncoding.open(file, text)) {
            char[] buffer = new char[SAMPLE];
            characters.mark(SAMPLE);
            int length = 0;
            for (int n; length < SAMPLE && (n = characters.read(buffer, length, SAMPLE - length)) >= 0; ) {
                length += n;
            }
            String beginning = new String(buffer, 0, length);
            characters.reset();
            Matcher delimiterLine = DELIMITER_LINE.matcher(beginning);
            if (delimiterLine.lookingAt()) {
                characters.readLine();
                beginning = beginning.substring(delimiterLine.end());
            }
            Sniffed sniffed = CsvFormats.sniff(beginning, length < SAMPLE);
            read(characters, sniffed, text);
        }
    }

    private static void read(BufferedReader characters, Sniffed sniffed, TextCollector text) throws IOException {
        var rows = new RowReader(characters, LONGEST_ROW);
        int header = header(sniffed);
        List<String> names = header < 0 ? List.of() : sniffed.rows().get(header);
        try (CSVParser parser = CSVParser.parse(rows, sniffed.format())) {
            for (CSVRecord row : parser) {
                rows.begin();
                text.checkTime();
                boolean isBelowHeader = row.getRecordNumber() - 1 > header;
                text.row(labelled(row.toList(), isBelowHeader ? names : List.of()));
            }
        }
    }

    private static List<String> labelled(List<String> cells, List<String> names) {
        var labelled = new ArrayList<String>(cells.size());
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (!cell.isBlank()) {
                boolean named = i < names.size() && !names.get(i).isBlank();
                labelled.add(named ? names.get(i).strip() + ": " + cell : cell);
            }
        }
        return labelled;
    }

    /** The row, from 0, that names the columns; -1 without one. Exports of banks have an address and a balance before it. */
    private static int header(Sniffed sniffed) {
        // Lines of prose that are called a table say nothing about each other.
        if (sniffed.columns() < 2 || sniffed.share() < REGULAR) {
            return -1;
        }
        for (int row = 0; row < sniffed.rows().size(); row++) {
            // The rows of some programs have a delimiter at their end, and the names have none.
            if (sniffed.rows().get(row).size() >= Math.max(2, sniffed.columns() - 1)) {
                return areNames(sniffed.rows().get(row)) ? row : -1;
            }
        }
        return -1;
    }

    private static boolean areNames(List<String> row) {
        var seen = new HashSet<String>();
        int named = 0;
        for (String cell : row) {
            String name = cell.strip();
            if (name.isEmpty()) {
                continue;
            }
            named++;
            if (name.length() > LONGEST_NAME || VALUE.matcher(name).matches() || !seen.add(name)) {
                return false;
            }
        }
        return named * 2 > row.size();
    }
}
