package dev.customrag.document.parsing;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Tells how a table of text is written: RFC 4180, or with another delimiter, as spreadsheets do it. */
final class CsvFormats {

    /** As many columns in as many rows as no other kind of text has by chance. */
    private static final int CERTAIN_ROWS = 5;

    private static final int CERTAIN_COLUMNS = 3;

    private static final int SAMPLE_ROWS = 200;

    /** Of two that are as likely the first: a comma may be a decimal one. */
    private static final char[] DELIMITERS = {';', '\t', ',', '|'};

    private CsvFormats() {}

    /**
     * How the beginning of a table is written.
     *
     * @param rows complete ones, at most 200
     * @param columns of most of them
     * @param share of the rows that have that many
     */
    record Sniffed(CSVFormat format, List<List<String>> rows, int columns, double share) {

        /** Prose has a comma in most lines, yet rarely as many in each. */
        private double likelihood() {
            return share * share * (columns - 1);
        }

        /** Whether this is a table, by itself and whatever its name says. */
        boolean isCertain() {
            return columns >= CERTAIN_COLUMNS
                    && rows.size() >= CERTAIN_ROWS
                    && share == 1
                    // Tables drawn in text begin and end their rows with it.
                    && !format.getDelimiterString().equals("|");
        }
    }

    /**
     * The likeliest format of a table.
     *
     * @param beginning of the file, of which the last row may be cut off
     * @param whole whether that is all of it
     */
    static Sniffed sniff(String beginning, boolean whole) {
        Sniffed best = null;
        for (char delimiter : DELIMITERS) {
            Sniffed candidate = read(beginning, whole, format(delimiter));
            if (best == null || candidate.likelihood() > best.likelihood()) {
                best = candidate;
            }
        }
        return best;
    }

    /** A quotation mark in the wrong place is taken for what it is, as spreadsheets do. */
    private static CSVFormat format(char delimiter) {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(true)
                .setTrailingData(true)
                .setLenientEof(true)
                .get();
    }

    private static Sniffed read(String beginning, boolean whole, CSVFormat format) {
        var rows = new ArrayList<List<String>>();
        try (Reader in = new StringReader(beginning);
                CSVParser parser = CSVParser.parse(in, format)) {
            for (CSVRecord row : parser) {
                rows.add(row.toList());
                if (rows.size() > SAMPLE_ROWS) {
                    break;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (rows.size() > 1 && (!whole || rows.size() > SAMPLE_ROWS)) {
            rows.removeLast();
        }
        Map<Integer, Integer> counts = new HashMap<>();
        rows.forEach(row -> counts.merge(row.size(), 1, Integer::sum));
        int columns = 0;
        int most = 0;
        for (var count : counts.entrySet()) {
            if (count.getValue() > most || count.getValue() == most && count.getKey() > columns) {
                columns = count.getKey();
                most = count.getValue();
            }
        }
        return new Sniffed(format, rows, columns, rows.isEmpty() ? 0 : (double) most / rows.size());
    }
}
