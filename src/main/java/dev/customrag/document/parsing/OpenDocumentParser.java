package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * OpenDocument 1.3 (ISO/IEC 26300): texts, whose pages exist only once they are laid out; spreadsheets, a section to a
 * sheet; presentations, a page to a slide. Values of cells are written in the file as they are shown. Headers and footers
 * of a text come first, once each; notes and comments follow their paragraph; deleted text and tables of contents are
 * left out.
 */
class OpenDocumentParser implements DocumentParser {

    private static final String CONTENT = "content.xml";
    private static final String STYLES = "styles.xml";
    private static final String MANIFEST = "META-INF/manifest.xml";

    /** Headers and footers, of which the first page and left ones may have their own. */
    private static final Set<String> MARGINS =
            Set.of("header", "footer", "header-left", "footer-left", "header-first", "footer-first");

    /** The bound of the format's programs. */
    private static final int MAX_COLUMNS = 16_384;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (var parts = new XmlParts(file, text)) {
            if (isEncrypted(parts)) {
                throw UnreadableDocument.passwordProtected();
            }
            String kind = kind(parts);
            if (kind.equals("text")) {
                // Every sheet and slide has some by default, which say no more than "Page 1".
                margins(parts, text).forEach(text::lines);
            }
            try (XmlReader xml = parts.open(CONTENT)) {
                new Content(text, kind).read(xml);
            }
        }
    }

    private static boolean isEncrypted(XmlParts parts) throws IOException {
        if (!parts.has(MANIFEST)) {
            return false;
        }
        try (XmlReader xml = parts.open(MANIFEST)) {
            while (xml.next()) {
                if (xml.starts("encryption-data")) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What a document is: the name of the element within its body. Styles have elements of the same names. */
    private static String kind(XmlParts parts) throws IOException {
        try (XmlReader xml = parts.open(CONTENT)) {
            boolean inside = false;
            while (xml.next()) {
                if (xml.isStart()) {
                    if (inside) {
                        return xml.name();
                    }
                    inside = xml.name().equals("body");
                }
            }
            return "";
        }
    }

    private static Set<String> margins(XmlParts parts, TextCollector text) throws IOException {
        var margins = new LinkedHashSet<String>();
        if (!parts.has(STYLES)) {
            return margins;
        }
        try (XmlReader xml = parts.open(STYLES)) {
            StringBuilder margin = null;
            while (xml.next()) {
                if (xml.isStart()) {
                    switch (xml.name()) {
                        case "page-number", "page-count" -> xml.skip();
                        case "tab", "s" -> append(margin, " ");
                        default -> margin = MARGINS.contains(xml.name()) ? new StringBuilder() : margin;
                    }
                } else if (xml.isText() && margin != null) {
                    append(margin, xml.text());
                } else if (xml.ends("p")) {
                    append(margin, "\n");
                } else if (xml.isEnd() && margin != null && MARGINS.contains(xml.name())) {
                    margins.add(margin.toString());
                    margin = null;
                }
            }
        }
        return margins;
    }

    private static void append(StringBuilder words, String more) {
        if (words != null) {
            words.append(more);
        }
    }

    /** A paragraph or heading that has begun. One in a text box, a note or a comment is within another. */
    private static final class Paragraph {

        private final StringBuilder content = new StringBuilder();
        private final List<String> notes = new ArrayList<>();
        private boolean heading;
    }

    private record Block(String content, boolean heading) {}

    /** A cell that has begun, and how often it is there. */
    private record Cell(int times, boolean words, List<Block> blocks) {

        String joined() {
            return String.join(" ", blocks.stream().map(Block::content).toList())
                    .strip();
        }
    }

    private static final class Content {

        private final TextCollector text;
        private final boolean spreadsheet;
        private final boolean presentation;
        private final Deque<Paragraph> paragraphs = new ArrayDeque<>();
        private final Deque<List<Cell>> rows = new ArrayDeque<>();
        private StringBuilder note;
        private StringBuilder title;
        private boolean listItemBegins;
        private SheetRows sheet;
        private long rowNumber;
        private int rowTimes;
        private int page;

        Content(TextCollector text, String kind) {
            this.text = text;
            this.spreadsheet = kind.equals("spreadsheet");
            this.presentation = kind.equals("presentation");
        }

        void read(XmlReader xml) throws IOException {
            while (xml.next()) {
                if (xml.isStart()) {
                    start(xml);
                } else if (xml.isEnd()) {
                    end(xml.name());
                } else if (!paragraphs.isEmpty()) {
                    paragraphs.peek().content.append(xml.text());
                }
            }
        }

        /** A slide. Texts have elements of the name that say how their pages are laid out. */
        private void startPage() {
            if (presentation) {
                text.page(++page);
                text.section(null);
            }
        }

        private void start(XmlReader xml) throws IOException {
            switch (xml.name()) {
                case "tracked-changes", "table-of-content", "automatic-styles", "font-face-decls", "forms", "creator" ->
                    xml.skip();
                case "date", "sender-initials", "meta-date-string", "note-citation", "ruby-text" ->
                    skipUnlessShown(xml);
                case "page" -> startPage();
                case "frame" -> title = "title".equals(xml.attribute("class")) ? new StringBuilder() : null;
                case "h", "p" -> startParagraph(xml.name().equals("h"));
                case "list-item" -> listItemBegins = true;
                case "note", "annotation" -> note = new StringBuilder();
                case "table" -> startTable(xml.attribute("name"));
                case "table-row" -> {
                    rowTimes = xml.number("number-rows-repeated", 1);
                    if (!rows.isEmpty()) {
                        rows.peek().clear();
                    }
                }
                case "table-cell", "covered-table-cell" -> startCell(xml);
                default -> {
                    if (!paragraphs.isEmpty()) {
                        startInParagraph(xml);
                    } else if (xml.name().equals("title") || xml.name().equals("desc")) {
                        // What is drawn on a slide or a sheet stands in no paragraph.
                        endFrame();
                        write(new Block(xml.words(), false));
                    }
                }
            }
        }

        /** In a comment dates and initials are about it; in a paragraph a date is a field. */
        private void skipUnlessShown(XmlReader xml) throws IOException {
            if (paragraphs.isEmpty() || note != null || !xml.name().equals("date")) {
                xml.skip();
            }
        }

        private void startParagraph(boolean heading) {
            var paragraph = new Paragraph();
            paragraph.heading = heading;
            if (listItemBegins) {
                paragraph.content.append("- ");
                listItemBegins = false;
            }
            paragraphs.push(paragraph);
        }

        private void startInParagraph(XmlReader xml) throws IOException {
            StringBuilder content = paragraphs.peek().content;
            switch (xml.name()) {
                case "s", "tab" -> content.append(' ');
                case "line-break" -> content.append('\n');
                case "title", "desc" -> content.append(' ').append(xml.words()).append(' ');
                default -> {}
            }
        }

        private void startTable(String name) {
            if (spreadsheet && rows.isEmpty()) {
                text.section(null);
                text.heading(name == null ? "" : name);
                sheet = new SheetRows(text);
                rowNumber = 0;
            }
            rows.push(new ArrayList<>());
        }

        private void startCell(XmlReader xml) {
            String type = xml.attribute("value-type");
            boolean words = type == null || type.equals("string");
            int times = xml.number("number-columns-repeated", 1);
            if (!rows.isEmpty()) {
                rows.peek().add(new Cell(times, words, new ArrayList<>()));
            }
        }

        private void end(String name) {
            switch (name) {
                case "h", "p" -> {
                    if (!paragraphs.isEmpty()) {
                        endParagraph(paragraphs.pop());
                    }
                }
                case "list-item" -> listItemBegins = false;
                case "note", "annotation" -> endNote();
                case "frame" -> endFrame();
                case "table-row" -> endRow();
                case "table" -> {
                    if (!rows.isEmpty()) {
                        rows.pop();
                    }
                    if (rows.isEmpty() && sheet != null) {
                        sheet.end();
                        sheet = null;
                    }
                }
                default -> {}
            }
        }

        private void endParagraph(Paragraph paragraph) {
            String content = paragraph.content.toString();
            if (note != null) {
                note.append(content).append('\n');
                return;
            }
            if (title != null) {
                title.append(content).append(' ');
                return;
            }
            write(new Block(content.equals("- ") ? "" : content, paragraph.heading));
            paragraph.notes.forEach(words -> write(new Block(words, false)));
        }

        private void endNote() {
            if (note == null) {
                return;
            }
            String words = note.toString();
            note = null;
            if (paragraphs.isEmpty()) {
                write(new Block(words, false));
            } else {
                paragraphs.peek().notes.add(words);
            }
        }

        private void endFrame() {
            if (title != null) {
                text.heading(title.toString());
                title = null;
            }
        }

        private void write(Block block) {
            // What is drawn on a sheet comes before its first row.
            if (!rows.isEmpty() && !rows.peek().isEmpty()) {
                rows.peek().getLast().blocks().add(block);
            } else if (block.heading()) {
                text.heading(block.content());
            } else {
                text.lines(block.content());
            }
        }

        private void endRow() {
            if (rows.isEmpty()) {
                throw UnreadableDocument.damaged();
            }
            List<Cell> row = List.copyOf(rows.peek());
            rows.peek().clear();
            if (rows.size() > 1) {
                // A table within a cell adds to the cell.
                List<Cell> inner = rows.pop();
                write(new Block(String.join(" ", row.stream().map(Cell::joined).toList()), false));
                rows.push(inner);
            } else if (sheet != null) {
                rowNumber++;
                sheet.row(rowNumber, sheetCells(row));
                rowNumber += rowTimes - 1;
            } else {
                writeRow(row);
            }
        }

        /** A row that has ended. One with headings in it only serves to lay out the page. */
        private void writeRow(List<Cell> row) {
            List<Block> blocks =
                    row.stream().flatMap(cell -> cell.blocks().stream()).toList();
            if (blocks.stream().anyMatch(Block::heading)) {
                blocks.forEach(this::write);
            } else {
                text.row(row.stream().map(Cell::joined).toList());
            }
        }

        /** Rows and cells that are there many times are empty ones for the most part. */
        private static List<SheetRows.Cell> sheetCells(List<Cell> row) {
            var cells = new ArrayList<SheetRows.Cell>();
            int column = 0;
            for (Cell cell : row) {
                String shown = cell.joined();
                int end = (int) Math.min((long) column + cell.times(), MAX_COLUMNS);
                for (; !shown.isEmpty() && column < end; column++) {
                    cells.add(new SheetRows.Cell(column, shown, cell.words()));
                }
                column = end;
            }
            return cells;
        }
    }
}
