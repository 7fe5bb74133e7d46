package dev.customrag.document.parsing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The words of a slide or of what is drawn on a sheet: DrawingML, ECMA-376, part 1, sections 19 to 21. Shapes come in
 * the order of the file, which is the one that screen readers follow, and the title first.
 */
final class Drawing {

    /** Placeholders that say the same on every slide. */
    private static final Set<String> REPEATED = Set.of("dt", "ftr", "hdr", "sldNum", "sldImg");

    private static final Set<String> TITLES = Set.of("title", "ctrTitle");

    private final XmlParts parts;
    private final List<Item> items = new ArrayList<>();
    private final StringBuilder title = new StringBuilder();
    private final StringBuilder shape = new StringBuilder();
    private List<String> row;
    private String placeholder = "";
    private boolean insideText;

    /** What a shape says, or a row of a table. */
    private record Item(String lines, List<String> row) {}

    private Drawing(XmlParts parts) {
        this.parts = parts;
    }

    static Drawing read(XmlParts parts, String part) throws IOException {
        var drawing = new Drawing(parts);
        List<XmlParts.Relationship> related = parts.relationships(part);
        try (XmlReader xml = parts.open(part)) {
            while (xml.next()) {
                if (xml.isStart()) {
                    drawing.start(xml, related);
                } else if (xml.isEnd()) {
                    drawing.end(xml.name());
                } else if (drawing.insideText) {
                    drawing.shape.append(xml.text());
                }
            }
        }
        return drawing;
    }

    /** Empty where there is none. */
    String title() {
        return title.toString();
    }

    /** Hands over everything but the title. */
    void writeTo(TextCollector text) {
        for (Item item : items) {
            if (item.row() == null) {
                text.lines(item.lines());
            } else {
                text.row(item.row());
            }
        }
    }

    private void start(XmlReader xml, List<XmlParts.Relationship> related) throws IOException {
        switch (xml.name()) {
            // The same drawn once more for programs that lack a feature.
            case "Fallback" -> xml.skip();
            case "sp", "pic", "cxnSp", "graphicFrame" -> {
                shape.setLength(0);
                placeholder = "";
            }
            case "cNvPr" -> describe(xml.attribute("descr"));
            case "ph" -> placeholder = xml.attribute("type") == null ? "" : xml.attribute("type");
            case "t" -> insideText = true;
            case "br" -> shape.append('\n');
            case "tr" -> row = new ArrayList<>();
            case "tc" -> shape.setLength(0);
            case "chart" -> chart(target(related, xml.relationshipId()));
            case "relIds" -> diagram(target(related, xml.attribute("dm")));
            default -> {}
        }
    }

    private void end(String name) {
        switch (name) {
            case "t" -> insideText = false;
            case "p" -> shape.append('\n');
            case "tc" -> {
                if (row != null) {
                    row.add(shape.toString());
                }
                shape.setLength(0);
            }
            case "tr" -> {
                items.add(new Item(null, row == null ? List.of() : row));
                row = null;
            }
            case "sp", "pic", "cxnSp", "graphicFrame" -> endShape();
            default -> {}
        }
    }

    private void endShape() {
        if (TITLES.contains(placeholder)) {
            title.append(shape).append(' ');
        } else if (!REPEATED.contains(placeholder)) {
            items.add(new Item(shape.toString(), null));
        }
        shape.setLength(0);
    }

    private void describe(String alternativeText) {
        if (alternativeText != null) {
            shape.append(alternativeText).append('\n');
        }
    }

    private static String target(List<XmlParts.Relationship> related, String id) {
        return related.stream()
                .filter(relationship -> relationship.id().equals(id))
                .map(XmlParts.Relationship::target)
                .findFirst()
                .orElse(null);
    }

    private void chart(String part) throws IOException {
        if (part != null) {
            chartRows(parts, part).forEach(values -> items.add(new Item(null, values)));
        }
    }

    /** A diagram keeps its words in a part of its own. */
    private void diagram(String part) throws IOException {
        if (part == null) {
            return;
        }
        try (XmlReader xml = parts.open(part)) {
            var words = new StringBuilder();
            boolean inside = false;
            while (xml.next()) {
                if (xml.starts("t")) {
                    inside = true;
                } else if (xml.ends("t")) {
                    inside = false;
                } else if (xml.ends("p")) {
                    words.append('\n');
                } else if (inside && xml.isText()) {
                    words.append(xml.text());
                }
            }
            items.add(new Item(words.toString(), null));
        }
    }

    /** A chart's title as a row, then one for each series: its name, then each value with its category. */
    static List<List<String>> chartRows(XmlParts parts, String part) throws IOException {
        var rows = new ArrayList<List<String>>();
        var title = new StringBuilder();
        var name = new StringBuilder();
        var categories = new ArrayList<String>();
        var values = new ArrayList<String>();
        boolean series = false;
        String role = "";
        try (XmlReader xml = parts.open(part)) {
            while (xml.next()) {
                if (xml.isStart()) {
                    switch (xml.name()) {
                        case "ser" -> {
                            series = true;
                            name.setLength(0);
                            categories.clear();
                            values.clear();
                        }
                        case "tx", "cat", "val", "xVal", "yVal" -> role = xml.name();
                        case "t", "v" -> {
                            String words = xml.words();
                            switch (series ? role : "title") {
                                case "title" -> title.append(words).append(' ');
                                case "tx" -> name.append(words).append(' ');
                                case "cat", "xVal" -> categories.add(words);
                                default -> values.add(words);
                            }
                        }
                        default -> {}
                    }
                } else if (xml.ends("ser")) {
                    series = false;
                    rows.add(series(name.toString(), categories, values));
                }
            }
        }
        rows.addFirst(List.of(title.toString()));
        return rows;
    }

    private static List<String> series(String name, List<String> categories, List<String> values) {
        var row = new ArrayList<String>();
        row.add(name);
        for (int i = 0; i < values.size(); i++) {
            row.add(i < categories.size() ? categories.get(i) + ": " + values.get(i) : values.get(i));
        }
        return row;
    }
}
