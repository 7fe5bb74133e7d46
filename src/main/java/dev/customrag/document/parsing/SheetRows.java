package dev.customrag.document.parsing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes the rows of one sheet, or of another table, readable alone: below a row of names each value goes with the name
 * of its column, as in {@code Article: Desk | Price: 412}. A passage begins anywhere in a sheet, and a figure without its
 * column answers no question; the names cost some text, but once a row.
 *
 * <p>A row is taken for names if it begins a block of rows, has two cells or more that are all different and short, words
 * or years, and the rows below prove it: under one of its cells stand only values, or it begins the sheet and has three
 * columns or more. A word that stands again in its column, and a year above years, disprove it. A form of labels and
 * values is left as it is. Names hold beyond an empty row only while the rows look like the table's.
 */
final class SheetRows {

    /** Rows looked at before a row counts as names. */
    private static final int LOOKAHEAD = 8;

    private static final int LONGEST_NAME = 100;

    /** What is longer is not looked at. */
    private static final int LONGEST_VALUE = 200;

    private static final int COLUMNS_OF_A_TABLE = 3;
    private static final Pattern YEAR = Pattern.compile("(19|20)\\d\\d");

    /** What stands in a table, and above a column at most as a year. */
    private static final Pattern VALUE = Pattern.compile(String.join(
            "|",
            "(?i:true|false)",
            // Figures, dates, telephone numbers; with a unit.
            "[\\d\\s.,:/+%€$£'()-]*\\d[\\d\\s.,:/+%€$£'()-]*(?: \\p{L}{1,10})?",
            // A time: ISO 8601 with its date, or to the second in a log.
            "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d\\S*(?: \\S{1,6})?",
            ".*\\b\\d\\d?:\\d\\d:\\d\\d\\b.*",
            // Hexadecimal numbers, UUIDs (RFC 9562) among them.
            "0x[\\da-fA-F]+|(?=\\D*\\d)[\\da-fA-F-]{8,}",
            // Numbers of invoices and the like; a column may be called FY2024.
            "\\p{L}{1,6}[-_/#]?(?!(?:19|20)\\d\\d$)\\d{3,}(?:[-_/.]\\d+)*",
            "\\S+@\\S+\\.\\S+",
            "https?://\\S+"));

    private final TextCollector text;
    private final List<List<Cell>> pending = new ArrayList<>();
    private Map<Integer, String> names = Map.of();

    /** The columns of the table that hold values only. */
    private Set<Integer> valueColumns = Set.of();

    private boolean afterGap;
    private List<Cell> candidate;
    private boolean blockBegins = true;
    private boolean tableSeen;
    private long lastRow = -1;

    SheetRows(TextCollector text) {
        this.text = text;
    }

    /**
     * A cell that is not empty.
     *
     * @param column from 0
     * @param text as a person sees it
     * @param words whether it is text, not a number, a date or the like
     */
    record Cell(int column, String text, boolean words) {

        private boolean isValue() {
            return !words
                    || text.length() <= LONGEST_VALUE && VALUE.matcher(text).matches();
        }

        private boolean isYear() {
            return YEAR.matcher(text).matches();
        }
    }

    /**
     * Takes the next row.
     *
     * @param number growing from row to row; a gap is an empty row
     * @param cells in the order of their columns
     */
    void row(long number, List<Cell> cells) {
        if (cells.isEmpty()) {
            return;
        }
        if (number > lastRow + 1) {
            decide();
            blockBegins = true;
            afterGap = true;
        }
        lastRow = number;
        if (candidate != null) {
            pending.add(cells);
            if (pending.size() == LOOKAHEAD) {
                decide();
            }
        } else if (blockBegins && mayBeNames(cells)) {
            candidate = cells;
        } else {
            write(cells);
        }
    }

    /** The sheet ends. */
    void end() {
        decide();
    }

    private static boolean mayBeNames(List<Cell> cells) {
        Set<String> different = new HashSet<>();
        boolean plausible = cells.size() >= 2
                && cells.stream()
                        .allMatch(cell -> cell.text().length() <= LONGEST_NAME
                                && !cell.text().endsWith(":")
                                && (!cell.isValue() || cell.isYear())
                                && different.add(cell.text()));
        return plausible && cells.stream().anyMatch(cell -> !cell.isValue());
    }

    private void decide() {
        if (candidate == null) {
            return;
        }
        List<Cell> first = candidate;
        candidate = null;
        Set<Integer> values = valueColumns(first);
        boolean proven = !values.isEmpty() || !tableSeen && first.size() >= COLUMNS_OF_A_TABLE;
        if (!pending.isEmpty() && proven && first.stream().noneMatch(this::isOneOfItsColumn)) {
            writePlain(first);
            names = new HashMap<>();
            first.forEach(cell -> names.put(cell.column(), cell.text()));
            valueColumns = values;
            afterGap = false;
        } else {
            write(first);
        }
        List<List<Cell>> rows = List.copyOf(pending);
        pending.clear();
        rows.forEach(this::write);
    }

    private Set<Integer> valueColumns(List<Cell> first) {
        return first.stream()
                .filter(name -> {
                    List<Cell> below = below(name);
                    return !below.isEmpty() && below.stream().allMatch(Cell::isValue);
                })
                .map(Cell::column)
                .collect(Collectors.toSet());
    }

    /** Whether what would be a name is a value like those below it. */
    private boolean isOneOfItsColumn(Cell name) {
        List<Cell> below = below(name);
        return name.isYear()
                ? !below.isEmpty() && below.stream().allMatch(Cell::isYear)
                : below.stream().anyMatch(cell -> cell.text().equals(name.text()));
    }

    private List<Cell> below(Cell name) {
        return pending.stream()
                .flatMap(List::stream)
                .filter(cell -> cell.column() == name.column())
                .toList();
    }

    private void write(List<Cell> cells) {
        if (afterGap && !looksLikeTheTable(cells)) {
            names = Map.of();
        }
        afterGap = false;
        boolean inTable = cells.stream().anyMatch(cell -> names.containsKey(cell.column()));
        if (!inTable) {
            writePlain(cells);
            return;
        }
        endBlockBeginning(cells);
        text.row(cells.stream()
                .map(cell ->
                        names.containsKey(cell.column()) ? names.get(cell.column()) + ": " + cell.text() : cell.text())
                .toList());
    }

    private boolean looksLikeTheTable(List<Cell> cells) {
        List<Cell> values = cells.stream()
                .filter(cell -> valueColumns.contains(cell.column()))
                .toList();
        return cells.size() >= 2
                && values.stream().allMatch(Cell::isValue)
                && (valueColumns.isEmpty() || !values.isEmpty());
    }

    private void writePlain(List<Cell> cells) {
        endBlockBeginning(cells);
        text.row(cells.stream().map(Cell::text).toList());
    }

    /** A title above a table fills one cell. */
    private void endBlockBeginning(List<Cell> cells) {
        if (cells.size() >= 2) {
            blockBegins = false;
            tableSeen = true;
        }
    }
}
