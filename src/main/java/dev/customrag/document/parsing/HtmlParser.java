package dev.customrag.document.parsing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** HTML: what a reader of the page would see, without its navigation. */
class HtmlParser implements DocumentParser {

    private static final String UNREAD =
            "script, style, noscript, template, nav, svg, math annotation, iframe, object, select, button, [hidden]";

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        Document page = load(Files.readAllBytes(file));
        page.select(UNREAD).remove();
        if (page.selectFirst("h1") == null) {
            text.heading(page.title());
        }
        page.body().filter(new Reader(text));
    }

    /** What the bytes prove goes before what the page declares, and that before a guess. */
    private static Document load(byte[] bytes) throws IOException {
        Charset proven = TextEncoding.of(bytes);
        boolean guessed = proven.equals(TextEncoding.FALLBACK);
        Document page = Jsoup.parse(new ByteArrayInputStream(bytes), guessed ? null : proven.name(), "");
        if (guessed && page.charset().equals(StandardCharsets.UTF_8)) {
            return Jsoup.parse(new ByteArrayInputStream(bytes), proven.name(), "");
        }
        return page;
    }

    /** Walks the page without recursion, which nested elements could exhaust. */
    private static final class Reader implements NodeFilter {

        private final TextCollector text;
        private final StringBuilder paragraph = new StringBuilder();

        Reader(TextCollector text) {
            this.text = text;
        }

        @Override
        public FilterResult head(Node node, int depth) {
            text.checkTime();
            if (node instanceof TextNode words) {
                paragraph.append(words.getWholeText());
                return FilterResult.CONTINUE;
            }
            if (!(node instanceof Element element)) {
                return FilterResult.CONTINUE;
            }
            if (element.isBlock() || element.nameIs("br") || element.nameIs("tr")) {
                flush();
            }
            switch (element.normalName()) {
                case "h1", "h2", "h3", "h4", "h5", "h6" -> text.heading(element.text());
                case "pre", "textarea" -> text.lines(element.wholeText());
                case "tr" -> {
                    if (element.selectFirst("table, h1, h2, h3, h4, h5, h6") != null) {
                        return FilterResult.CONTINUE;
                    }
                    text.row(cells(element));
                }
                case "li" -> {
                    paragraph.append("- ");
                    return FilterResult.CONTINUE;
                }
                case "img" -> {
                    paragraph.append(' ').append(element.attr("alt")).append(' ');
                    return FilterResult.CONTINUE;
                }
                default -> {
                    return FilterResult.CONTINUE;
                }
            }
            return FilterResult.SKIP_ENTIRELY;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element && (element.isBlock() || element.nameIs("td"))) {
                flush();
            }
            return FilterResult.CONTINUE;
        }

        private static List<String> cells(Element row) {
            return row.children().stream().map(Element::text).toList();
        }

        private void flush() {
            String content = paragraph.toString();
            paragraph.setLength(0);
            if (!content.strip().equals("-")) {
                text.paragraph(content);
            }
        }
    }
}
