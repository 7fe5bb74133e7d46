package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Word documents: ECMA-376, part 1, section 17. Pages exist only once Word has laid them out, so there are none here.
 * Headers and footers come first, once each; notes and comments follow the paragraph that refers to them. Deleted and
 * hidden text is left out.
 */
class DocxParser implements DocumentParser {

    /** The names behind the style ids are English whatever the language of Word. */
    private static final Pattern HEADING = Pattern.compile("title|heading [1-9]");

    private static final Pattern CONTENTS_ENTRY = Pattern.compile("toc [1-9]");

    private static final int BODY_TEXT_LEVEL = 9;
    private static final int MAX_STYLE_CHAIN = 20;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (var parts = new XmlParts(file, text)) {
            String main = parts.main();
            var story = new Story(new Styles(), new HashMap<>(), text);
            List<XmlParts.Relationship> related = parts.relationships(main);
            for (var part : related) {
                switch (part.kind()) {
                    case "styles" -> story.styles.read(parts, part.target());
                    case "footnotes" -> readNotes(parts, part.target(), "footnote", story.notes);
                    case "endnotes" -> readNotes(parts, part.target(), "endnote", story.notes);
                    case "comments" -> readNotes(parts, part.target(), "comment", story.notes);
                    case "chart" -> {
                        List<String> rows = Drawing.chartRows(parts, part.target()).stream()
                                .map(values -> String.join(" | ", values))
                                .toList();
                        story.notes.put("chart" + part.id(), String.join("\n", rows));
                    }
                    default -> {}
                }
            }
            Set<String> margins = new LinkedHashSet<>();
            for (var part : related) {
                if (part.kind().equals("header") || part.kind().equals("footer")) {
                    var margin = new Margin(story.styles, text);
                    try (XmlReader xml = parts.open(part.target())) {
                        margin.read(xml);
                    }
                    margins.add(margin.content.toString());
                }
            }
            margins.forEach(text::lines);
            try (XmlReader xml = parts.open(main)) {
                story.read(xml);
            }
        }
    }

    /** Adds the texts of notes by the kind of element that refers to them and their id. */
    private static void readNotes(XmlParts parts, String part, String element, Map<String, String> notes)
            throws IOException {
        try (XmlReader xml = parts.open(part)) {
            String id = null;
            var content = new StringBuilder();
            while (xml.next()) {
                if (xml.starts(element)) {
                    id = xml.attribute("id");
                    content.setLength(0);
                } else if (xml.ends(element)) {
                    notes.put(element + id, content.toString());
                } else if (xml.starts("t")) {
                    content.append(xml.words());
                } else if (xml.ends("p")) {
                    content.append('\n');
                } else if (xml.starts("tab")) {
                    content.append(' ');
                }
            }
        }
    }

    /** What is known of the styles of paragraphs. */
    private static final class Styles {

        private record Style(String name, String basedOn, Integer level) {}

        private final Map<String, Style> byId = new HashMap<>();

        void read(XmlParts parts, String part) throws IOException {
            try (XmlReader xml = parts.open(part)) {
                String id = null;
                String name = "";
                String basedOn = null;
                Integer level = null;
                while (xml.next()) {
                    if (xml.starts("style")) {
                        id = xml.attribute("styleId");
                        name = "";
                        basedOn = null;
                        level = null;
                    } else if (xml.ends("style") && id != null) {
                        byId.put(id, new Style(name, basedOn, level));
                        id = null;
                    } else if (id != null && xml.starts("name")) {
                        name = xml.attribute("val").toLowerCase(Locale.ROOT);
                    } else if (id != null && xml.starts("basedOn")) {
                        basedOn = xml.attribute("val");
                    } else if (id != null && xml.starts("outlineLvl")) {
                        level = xml.number("val", BODY_TEXT_LEVEL);
                    }
                }
            }
        }

        /** By the first style in the chain that says something. */
        boolean isHeading(String id) {
            Style style = byId.get(id);
            for (int depth = 0; style != null && depth < MAX_STYLE_CHAIN; depth++) {
                if (HEADING.matcher(style.name()).matches()) {
                    return true;
                }
                if (style.level() != null) {
                    return style.level() < BODY_TEXT_LEVEL;
                }
                style = byId.get(style.basedOn());
            }
            return false;
        }

        boolean isContentsEntry(String id) {
            Style style = byId.get(id);
            return style != null && CONTENTS_ENTRY.matcher(style.name()).matches();
        }
    }

    /** A paragraph that has begun. One in a text box begins and ends within another. */
    private static final class Paragraph {

        private final StringBuilder content = new StringBuilder();
        private final List<String> notes = new ArrayList<>();
        private String style;
        private Integer level;
        private boolean listItem;
    }

    private record Block(String content, boolean heading) {}

    /** A table that has begun; one within another only adds to the other's cell. */
    private static final class Table {

        private final List<List<Block>> row = new ArrayList<>();
    }

    /** One flow of text: the body, or a header. */
    private static class Story {

        private final Styles styles;
        private final Map<String, String> notes;
        private final TextCollector text;
        private final Deque<Paragraph> paragraphs = new ArrayDeque<>();
        private final Deque<Table> tables = new ArrayDeque<>();
        private boolean hidden;

        Story(Styles styles, Map<String, String> notes, TextCollector text) {
            this.styles = styles;
            this.notes = notes;
            this.text = text;
        }

        void read(XmlReader xml) throws IOException {
            while (xml.next()) {
                if (xml.isStart()) {
                    start(xml);
                } else if (xml.isEnd()) {
                    end(xml.name());
                }
            }
        }

        private void start(XmlReader xml) throws IOException {
            switch (xml.name()) {
                case "p" -> paragraphs.push(new Paragraph());
                case "tbl" -> tables.push(new Table());
                case "tr" -> currentRow().clear();
                case "tc" -> currentRow().add(new ArrayList<>());
                // The same drawn once more for programs before 2010; what was moved away; sound marks above characters;
                // what a paragraph looked like before a change.
                case "Fallback", "moveFrom", "rt", "pPrChange", "rPrChange", "sectPr" -> xml.skip();
                case "r" -> hidden = false;
                default -> {
                    if (!paragraphs.isEmpty()) {
                        startInParagraph(xml, paragraphs.peek());
                    }
                }
            }
        }

        private void startInParagraph(XmlReader xml, Paragraph paragraph) throws IOException {
            switch (xml.name()) {
                case "pStyle" -> paragraph.style = xml.attribute("val");
                case "outlineLvl" -> paragraph.level = xml.number("val", BODY_TEXT_LEVEL);
                case "numId" -> paragraph.listItem = xml.number("val", 0) > 0;
                case "vanish" -> hidden = isOn(xml.attribute("val"));
                case "t" -> {
                    String words = xml.words();
                    paragraph.content.append(hidden ? "" : words);
                }
                // In the properties of a paragraph tab is a position, in a run a character; either way no word goes on.
                case "tab", "ptab" -> paragraph.content.append(' ');
                case "br", "cr" -> paragraph.content.append('\n');
                case "noBreakHyphen" -> paragraph.content.append('-');
                case "docPr" -> append(paragraph, xml.attribute("descr"));
                case "chart" -> note(paragraph, "chart" + xml.relationshipId());
                case "footnoteReference" -> note(paragraph, "footnote" + xml.attribute("id"));
                case "endnoteReference" -> note(paragraph, "endnote" + xml.attribute("id"));
                case "commentReference" -> note(paragraph, "comment" + xml.attribute("id"));
                default -> {}
            }
        }

        private static boolean isOn(String value) {
            return value == null || !value.equals("0") && !value.equals("false") && !value.equals("off");
        }

        private static void append(Paragraph paragraph, String words) {
            if (words != null) {
                paragraph.content.append(' ').append(words).append(' ');
            }
        }

        private void note(Paragraph paragraph, String key) {
            // Once, however often it is referred to: or a few bytes could bring back all of it again and again.
            String note = notes.remove(key);
            if (note != null) {
                paragraph.notes.add(note);
            }
        }

        private void end(String name) {
            switch (name) {
                case "p" -> {
                    if (!paragraphs.isEmpty()) {
                        emit(paragraphs.pop());
                    }
                }
                case "tr" -> endRow();
                case "tbl" -> {
                    if (!tables.isEmpty()) {
                        tables.pop();
                    }
                }
                default -> {}
            }
        }

        private void emit(Paragraph paragraph) {
            if (styles.isContentsEntry(paragraph.style)) {
                return;
            }
            boolean heading =
                    paragraph.level == null ? styles.isHeading(paragraph.style) : paragraph.level < BODY_TEXT_LEVEL;
            String content = paragraph.content.toString();
            boolean bullet = paragraph.listItem && !heading && !content.isBlank();
            emit(new Block(bullet ? "- " + content : content, heading));
            paragraph.notes.forEach(note -> emit(new Block(note, false)));
        }

        private void emit(Block block) {
            if (tables.isEmpty()) {
                write(block);
            } else if (!currentRow().isEmpty()) {
                currentRow().getLast().add(block);
            }
        }

        void write(Block block) {
            if (block.heading()) {
                text.heading(block.content());
            } else {
                text.lines(block.content());
            }
        }

        /** A row with headings in it only serves to lay out the page. */
        private void endRow() {
            List<List<Block>> row = List.copyOf(currentRow());
            currentRow().clear();
            boolean layout =
                    tables.size() == 1 && row.stream().flatMap(List::stream).anyMatch(Block::heading);
            if (layout) {
                row.forEach(cell -> cell.forEach(this::write));
                return;
            }
            List<String> cells = row.stream().map(Story::joined).toList();
            if (tables.size() > 1) {
                Table inner = tables.pop();
                emit(new Block(String.join(" ", cells), false));
                tables.push(inner);
            } else {
                write(cells);
            }
        }

        void write(List<String> row) {
            text.row(row);
        }

        private List<List<Block>> currentRow() {
            if (tables.isEmpty()) {
                throw UnreadableDocument.damaged();
            }
            return tables.peek().row;
        }

        private static String joined(List<Block> cell) {
            return String.join(" ", cell.stream().map(Block::content).toList());
        }
    }

    /** A header or a footer, which may be there several times: for the first page, for even pages, for each section. */
    private static final class Margin extends Story {

        private final StringBuilder content = new StringBuilder();

        Margin(Styles styles, TextCollector text) {
            super(styles, new HashMap<>(), text);
        }

        @Override
        void write(Block block) {
            if (!block.content().isBlank()) {
                content.append(block.content()).append('\n');
            }
        }

        @Override
        void write(List<String> row) {
            content.append(String.join(" ", row)).append('\n');
        }
    }
}
