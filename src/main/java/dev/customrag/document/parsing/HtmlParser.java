package dev.customrag.document.parsing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** HTML: what a reader of the page would see, without its navigation. */
class HtmlParser implements DocumentParser {

    /** What no reader sees, and what is about the site and not of the page. */
    private static final String UNREAD =
            "script, style, noscript, template, nav, svg, math annotation, iframe, object, select, button, [hidden], "
                    + "[aria-hidden=true], [role=navigation], [style~=(?i)(display\\s*:\\s*none|visibility\\s*:\\s*hidden)]";

    private static final int UNNUMBERED = Integer.MIN_VALUE;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        long limit = text.limits().maxMarkupSize().asLongValue();
        if (Files.size(file) > limit) {
            throw UnreadableDocument.tooMuchMarkup(limit);
        }
        Document page = load(Files.readAllBytes(file));
        if (page.selectFirst("h1") == null) {
            text.heading(page.title());
        }
        readBody(page, text);
    }

    /** Hands what a reader of a page sees to the collector, without its title. */
    static void readBody(Document page, TextCollector text) {
        page.body().filter(new Reader(text));
    }

    /** A page without what nobody sees of it. */
    static Document load(String html) {
        return seen(Jsoup.parse(html));
    }

    /** The same from its bytes. What they prove goes before what the page declares, and that before a guess. */
    static Document load(byte[] bytes) throws IOException {
        Charset charset = TextEncoding.of(bytes);
        boolean guessed = !TextEncoding.isProven(charset);
        Document page = Jsoup.parse(new ByteArrayInputStream(bytes), guessed ? null : charset.name(), "");
        if (guessed && page.charset().equals(StandardCharsets.UTF_8)) {
            return seen(Jsoup.parse(new ByteArrayInputStream(bytes), charset.name(), ""));
        }
        return seen(page);
    }

    private static Document seen(Document page) {
        page.select(UNREAD).remove();
        return page;
    }

    /** Walks the page without recursion, which nested elements could exhaust. */
    private static final class Reader implements NodeFilter {

        private final TextCollector text;
        private final StringBuilder paragraph = new StringBuilder();

        /** What the paragraph begins with if it is that of an item; else empty. */
        private String bullet = "";

        /** The number of the last item of each open list, or {@link #UNNUMBERED}. */
        private final Deque<Integer> lists = new ArrayDeque<>();

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
            boolean definition = element.nameIs("dd") && isTerm(element.previousElementSibling());
            if (!definition && (element.isBlock() || element.nameIs("br") || element.nameIs("tr"))) {
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
                case "ul", "menu" -> {
                    lists.push(UNNUMBERED);
                    return FilterResult.CONTINUE;
                }
                case "ol" -> {
                    lists.push(firstNumber(element) - 1);
                    return FilterResult.CONTINUE;
                }
                case "li" -> {
                    bullet = bullet();
                    paragraph.append(bullet);
                    return FilterResult.CONTINUE;
                }
                case "dd" -> {
                    paragraph.append(definition ? ": " : "");
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
            if (!(node instanceof Element element)) {
                return FilterResult.CONTINUE;
            }
            if (element.nameIs("dt") && isDefinition(element.nextElementSibling())) {
                return FilterResult.CONTINUE;
            }
            if (element.isBlock() || element.nameIs("td") || element.nameIs("th")) {
                flush();
            }
            if (element.nameIs("ul") || element.nameIs("menu") || element.nameIs("ol")) {
                lists.pop();
            }
            return FilterResult.CONTINUE;
        }

        private static boolean isTerm(Element element) {
            return element != null && element.nameIs("dt");
        }

        private static boolean isDefinition(Element element) {
            return element != null && element.nameIs("dd");
        }

        private String bullet() {
            if (lists.isEmpty() || lists.peek() == UNNUMBERED) {
                return "- ";
            }
            int number = lists.pop() + 1;
            lists.push(number);
            return number + ". ";
        }

        private static int firstNumber(Element list) {
            try {
                return Integer.parseInt(list.attr("start"));
            } catch (NumberFormatException e) {
                return 1;
            }
        }

        private static List<String> cells(Element row) {
            return row.children().stream().map(Element::text).toList();
        }

        private void flush() {
            String content = paragraph.toString();
            paragraph.setLength(0);
            if (bullet.isEmpty() || !content.strip().equals(bullet.strip())) {
                text.paragraph(content);
            }
            bullet = "";
        }
    }
}
