package dev.customrag.document.parsing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes the rows of one sheet readable alone: below a row of names each value goes with the name of its column, as in
 * {@code Article: Desk | Price: 412}. A passage begins anywhere in a sheet, and a figure without its column answers no
 * question; the names cost some text, but once a row.
 *
 * <p>A row is taken for names if it begins a block of rows, has two cells or more that are all different and short, words
 * or years, and the rows below prove it: under one of its words stand only numbers or dates, or it begins the sheet and
 * has three columns or more. A form of labels and values is left as it is.
 */
final class SheetRows {

    /** Rows looked at before a row counts as names. */
    private static final int LOOKAHEAD = 8;

    private static final int LONGEST_NAME = 60;
    private static final int COLUMNS_OF_A_TABLE = 3;
    private static final Pattern YEAR = Pattern.compile("(19|20)\\d\\d");

    private final TextCollector text;
    private final List<List<Cell>> pending = new ArrayList<>();
    private Map<Integer, String> names = Map.of();
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
    record Cell(int column, String text, boolean words) {}

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
                                && (cell.words() || YEAR.matcher(cell.text()).matches())
                                && different.add(cell.text()));
        return plausible && cells.stream().anyMatch(Cell::words);
    }

    private void decide() {
        if (candidate == null) {
            return;
        }
        List<Cell> first = candidate;
        candidate = null;
        if (!pending.isEmpty() && (numbersBelow(first) || !tableSeen && first.size() >= COLUMNS_OF_A_TABLE)) {
            writePlain(first);
            names = new HashMap<>();
            first.forEach(cell -> names.put(cell.column(), cell.text()));
        } else {
            write(first);
        }
        List<List<Cell>> rows = List.copyOf(pending);
        pending.clear();
        rows.forEach(this::write);
    }

    private boolean numbersBelow(List<Cell> first) {
        return first.stream().anyMatch(name -> {
            List<Cell> below = pending.stream()
                    .flatMap(List::stream)
                    .filter(cell -> cell.column() == name.column())
                    .toList();
            return !below.isEmpty() && below.stream().noneMatch(Cell::words);
        });
    }

    private void write(List<Cell> cells) {
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
