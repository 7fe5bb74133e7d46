package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PowerPoint presentations: ECMA-376, part 1, section 19. A page is a slide, its title the heading of a section; the
 * speaker's notes and comments follow. Hidden slides count, so that the numbers are those that PowerPoint shows.
 */
class PptxParser implements DocumentParser {

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (var parts = new XmlParts(file, text)) {
            List<String> slides = slides(parts, parts.main());
            text.pages(slides.size());
            for (int i = 0; i < slides.size(); i++) {
                text.page(i + 1);
                read(parts, slides.get(i), text);
            }
        }
    }

    private static List<String> slides(XmlParts parts, String main) throws IOException {
        Map<String, String> targets = new HashMap<>();
        parts.relationships(main).forEach(part -> targets.put(part.id(), part.target()));
        var slides = new ArrayList<String>();
        try (XmlReader xml = parts.open(main)) {
            while (xml.next()) {
                // Its other id is a number.
                if (xml.starts("sldId") && targets.containsKey(xml.relationshipId())) {
                    slides.add(targets.get(xml.relationshipId()));
                }
            }
        }
        return slides;
    }

    private static void read(XmlParts parts, String slide, TextCollector text) throws IOException {
        Drawing drawing = Drawing.read(parts, slide);
        text.section(null);
        text.heading(drawing.title());
        drawing.writeTo(text);
        for (var part : parts.relationships(slide)) {
            switch (part.kind()) {
                case "notesSlide" -> Drawing.read(parts, part.target()).writeTo(text);
                case "comments" -> readComments(parts, part.target(), text);
                default -> {}
            }
        }
    }

    /** Comments keep their words in {@code text}, those of PowerPoint since 2021 in {@code t}. */
    private static void readComments(XmlParts parts, String part, TextCollector text) throws IOException {
        try (XmlReader xml = parts.open(part)) {
            while (xml.next()) {
                if (xml.starts("text") || xml.starts("t")) {
                    text.lines(xml.words());
                }
            }
        }
    }
}
