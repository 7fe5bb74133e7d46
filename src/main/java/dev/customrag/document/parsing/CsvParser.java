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
 * Tables of text, read row by row. A passage holds some rows from the middle of a table, so each says the names of its
 * columns itself: "Article: Desk | Price: 412" is found by a question for the price of the desk, and understood by the
 * model, where "Desk | 412" is neither. Empty cells say nothing.
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
        List<String> names = hasHeader(sniffed.rows()) ? sniffed.rows().getFirst() : List.of();
        try (CSVParser parser = CSVParser.parse(rows, sniffed.format())) {
            for (CSVRecord row : parser) {
                rows.begin();
                text.checkTime();
                boolean isHeader = row.getRecordNumber() == 1 && !names.isEmpty();
                text.row(labelled(row.toList(), isHeader ? List.of() : names));
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

    /** The first row names the columns, unless something in it can be no name. */
    private static boolean hasHeader(List<List<String>> rows) {
        if (rows.isEmpty()) {
            return false;
        }
        List<String> first = rows.getFirst().stream().map(String::strip).toList();
        var seen = new HashSet<String>();
        int named = 0;
        for (String name : first) {
            if (name.isEmpty()) {
                continue;
            }
            named++;
            if (name.length() > LONGEST_NAME || VALUE.matcher(name).matches() || !seen.add(name)) {
                return false;
            }
        }
        return named * 2 > first.size();
    }
}
