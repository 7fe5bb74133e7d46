package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.poi.ss.usermodel.BuiltinFormats;
import org.apache.poi.ss.usermodel.DataFormatter;

/**
 * Excel workbooks: ECMA-376, part 1, section 18. Each sheet is a section; its values are read as they are shown,
 * formulas as they last came out, row by row. What is drawn on a sheet, and comments, follow its rows.
 */
class XlsxParser implements DocumentParser {

    /** The bounds of Excel: columns of a sheet, formats of a workbook, characters of a format. */
    private static final int MAX_COLUMNS = 16_384;

    private static final int MAX_FORMATS = 65_490;
    private static final int LONGEST_FORMAT = 255;

    /** The formats that are shown as the reader's own computer writes dates: ECMA-376, part 1, section 18.8.30. */
    private static final int LOCAL_DATE = 14;

    private static final int LOCAL_DATE_AND_TIME = 22;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (var parts = new XmlParts(file, text)) {
            var workbook = new Workbook(parts, text);
            for (Sheet sheet : workbook.sheets) {
                text.section(null);
                text.heading(sheet.name());
                workbook.read(sheet);
            }
        }
    }

    private record Sheet(String name, String part) {}

    private static final class Workbook {

        private final XmlParts parts;
        private final TextCollector text;
        private final List<Sheet> sheets = new ArrayList<>();
        private final List<String> strings = new ArrayList<>();
        private final Map<Integer, String> ownFormats = new HashMap<>();
        private final List<Integer> formatOfStyle = new ArrayList<>();
        private final DataFormatter formatter = new DataFormatter(Locale.ENGLISH);
        private boolean from1904;

        Workbook(XmlParts parts, TextCollector text) throws IOException {
            this.parts = parts;
            this.text = text;
            String main = parts.main();
            Map<String, String> worksheets = new HashMap<>();
            for (var part : parts.relationships(main)) {
                switch (part.kind()) {
                    case "worksheet" -> worksheets.put(part.id(), part.target());
                    case "sharedStrings" -> readStrings(part.target());
                    case "styles" -> readStyles(part.target());
                    default -> {}
                }
            }
            try (XmlReader xml = parts.open(main)) {
                while (xml.next()) {
                    if (xml.starts("workbookPr")) {
                        from1904 = isOn(xml.attribute("date1904"));
                    } else if (xml.starts("sheet") && worksheets.containsKey(xml.relationshipId())) {
                        sheets.add(new Sheet(xml.attribute("name"), worksheets.get(xml.relationshipId())));
                    }
                }
            }
        }

        private static boolean isOn(String value) {
            return "1".equals(value) || "true".equals(value);
        }

        private void readStrings(String part) throws IOException {
            try (XmlReader xml = parts.open(part)) {
                while (xml.next()) {
                    if (xml.starts("si")) {
                        strings.add(richText(xml, "si"));
                        if (strings.size() > text.limits().maxCharacters()) {
                            throw UnreadableDocument.tooMuchText(text.limits().maxCharacters());
                        }
                    }
                }
            }
        }

        /** The runs of a text, without what tells how to pronounce it. */
        private static String richText(XmlReader xml, String element) throws IOException {
            var words = new StringBuilder();
            boolean inside = false;
            while (xml.next() && !xml.ends(element)) {
                if (xml.starts("rPh")) {
                    xml.skip();
                } else if (xml.starts("t")) {
                    inside = true;
                } else if (xml.ends("t")) {
                    inside = false;
                } else if (inside && xml.isText()) {
                    words.append(xml.text());
                }
            }
            return words.toString();
        }

        private void readStyles(String part) throws IOException {
            try (XmlReader xml = parts.open(part)) {
                boolean ofCells = false;
                while (xml.next()) {
                    if (xml.starts("numFmt")) {
                        String code = xml.attribute("formatCode");
                        if (code != null && code.length() <= LONGEST_FORMAT && ownFormats.size() < MAX_FORMATS) {
                            ownFormats.put(xml.number("numFmtId", 0), code);
                        }
                    } else if (xml.starts("cellXfs")) {
                        ofCells = true;
                    } else if (xml.ends("cellXfs")) {
                        ofCells = false;
                    } else if (ofCells && xml.starts("xf") && formatOfStyle.size() < MAX_FORMATS) {
                        formatOfStyle.add(xml.number("numFmtId", 0));
                    }
                }
            }
        }

        void read(Sheet sheet) throws IOException {
            var rows = new SheetRows(text);
            try (XmlReader xml = parts.open(sheet.part())) {
                long number = 0;
                var cells = new TreeMap<Integer, SheetRows.Cell>();
                int column = -1;
                while (xml.next()) {
                    if (xml.starts("row")) {
                        number = xml.number("r", (int) Math.min(number + 1, Integer.MAX_VALUE));
                        column = -1;
                        cells.clear();
                    } else if (xml.starts("c")) {
                        column = column(xml.attribute("r"), column + 1);
                        SheetRows.Cell cell = cell(xml, column);
                        if (!cell.text().isBlank()) {
                            cells.put(column, cell);
                        }
                    } else if (xml.ends("row")) {
                        rows.row(number, List.copyOf(cells.values()));
                    }
                }
            }
            rows.end();
            readSurroundings(sheet.part());
        }

        private SheetRows.Cell cell(XmlReader xml, int column) throws IOException {
            String type = xml.attribute("t") == null ? "n" : xml.attribute("t");
            int style = xml.number("s", 0);
            String value = "";
            while (xml.next() && !xml.ends("c")) {
                if (xml.starts("v")) {
                    value = xml.words();
                } else if (xml.starts("is")) {
                    value = richText(xml, "is");
                }
            }
            return switch (type) {
                case "s" -> new SheetRows.Cell(column, shared(value), true);
                case "n" -> new SheetRows.Cell(column, shown(value, style), false);
                case "b" -> new SheetRows.Cell(column, isOn(value) ? "TRUE" : value.isEmpty() ? "" : "FALSE", false);
                case "e", "d" -> new SheetRows.Cell(column, value, false);
                default -> new SheetRows.Cell(column, value, true);
            };
        }

        private String shared(String index) {
            try {
                return strings.get(Integer.parseInt(index.strip()));
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                return "";
            }
        }

        /** Dates whose form depends on the reader's computer are written in the one form that is read alike everywhere. */
        private String shown(String value, int style) {
            if (value.isBlank()) {
                return "";
            }
            int format = style < formatOfStyle.size() ? formatOfStyle.get(style) : 0;
            String code =
                    switch (format) {
                        case LOCAL_DATE -> "yyyy-mm-dd";
                        case LOCAL_DATE_AND_TIME -> "yyyy-mm-dd hh:mm";
                        default -> ownFormats.getOrDefault(format, BuiltinFormats.getBuiltinFormat(format));
                    };
            try {
                String shown = formatter.formatRawCellContents(
                        Double.parseDouble(value), format, code == null ? "General" : code, from1904);
                // What Excel shows for a date before its first.
                return shown.startsWith("###") ? value : shown;
            } catch (IllegalArgumentException e) {
                // No number, or a format that the library does not know.
                return value;
            }
        }

        /** The column of a reference such as BC12, which may be left out. */
        private static int column(String reference, int next) {
            int column = 0;
            for (int i = 0;
                    reference != null && i < reference.length() && Character.isLetter(reference.charAt(i));
                    i++) {
                column = column * 26 + Character.toUpperCase(reference.charAt(i)) - 'A' + 1;
                if (column > MAX_COLUMNS) {
                    throw UnreadableDocument.damaged();
                }
            }
            int found = column == 0 ? next : column - 1;
            if (found < 0 || found >= MAX_COLUMNS) {
                throw UnreadableDocument.damaged();
            }
            return found;
        }

        private void readSurroundings(String sheet) throws IOException {
            List<XmlParts.Relationship> related = parts.relationships(sheet);
            for (var part : related) {
                if (part.kind().equals("drawing")) {
                    Drawing.read(parts, part.target()).writeTo(text);
                }
            }
            Optional<String> comments =
                    XmlParts.first(related, "threadedComment").or(() -> XmlParts.first(related, "comments"));
            if (comments.isPresent()) {
                readComments(comments.get());
            }
        }

        /** Comments, and the newer threads of them, which repeat in the older form for older programs. */
        private void readComments(String part) throws IOException {
            try (XmlReader xml = parts.open(part)) {
                String cell = "";
                while (xml.next()) {
                    if (xml.starts("comment") || xml.starts("threadedComment")) {
                        cell = xml.attribute("ref");
                    } else if (xml.starts("text")) {
                        text.lines(cell + ": " + comment(xml));
                    }
                }
            }
        }

        private static String comment(XmlReader xml) throws IOException {
            var words = new StringBuilder();
            while (xml.next() && !xml.ends("text")) {
                if (xml.starts("rPh")) {
                    xml.skip();
                } else if (xml.isText()) {
                    words.append(xml.text());
                }
            }
            return words.toString();
        }
    }
}
