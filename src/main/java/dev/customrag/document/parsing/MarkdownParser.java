package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/** Markdown: CommonMark with the tables of GitHub. */
class MarkdownParser implements DocumentParser {

    /** Bounds the recursion of the library and of the visitors here. */
    private static final int MAX_NESTING = 100;

    /** Addresses and mark-up may take as much room as the words. */
    private static final int MARKUP = 2;

    /** Keys and values before the document. A line across the page looks the same, and prose follows it. */
    private static final Pattern FRONT_MATTER =
            Pattern.compile("\\A---[ \\t]*\\R([\\w.-]+:(?=\\s).*?)\\R---[ \\t]*(?:\\R|\\z)", Pattern.DOTALL);

    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .maxOpenBlockParsers(MAX_NESTING)
            .build();

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        int limit = (int) Math.min((long) MARKUP * text.limits().maxCharacters(), Integer.MAX_VALUE);
        String source = TextEncoding.read(file, limit, text);
        var frontMatter = FRONT_MATTER.matcher(source);
        if (frontMatter.find()) {
            text.lines(frontMatter.group(1));
            source = source.substring(frontMatter.end());
        }
        PARSER.parse(source).accept(new Blocks(text));
    }

    private static final class Blocks extends AbstractVisitor {

        private final TextCollector text;
        private final Map<OrderedList, Integer> numbers = new IdentityHashMap<>();
        private String bullet = "";

        Blocks(TextCollector text) {
            this.text = text;
        }

        @Override
        public void visit(Heading heading) {
            text.heading(inline(heading));
        }

        @Override
        public void visit(Paragraph paragraph) {
            text.lines(bullet + inline(paragraph));
            bullet = "";
        }

        @Override
        public void visit(ListItem item) {
            bullet = item.getParent() instanceof OrderedList list ? number(list, item) + ". " : "- ";
            visitChildren(item);
            bullet = "";
        }

        /** Each item looks at the one before it only. */
        private int number(OrderedList list, ListItem item) {
            Integer first = list.getMarkerStartNumber();
            int number = item.getPrevious() == null ? first == null ? 1 : first : numbers.get(list) + 1;
            numbers.put(list, number);
            return number;
        }

        @Override
        public void visit(FencedCodeBlock code) {
            text.lines(code.getLiteral());
        }

        @Override
        public void visit(IndentedCodeBlock code) {
            text.lines(code.getLiteral());
        }

        @Override
        public void visit(HtmlBlock html) {
            HtmlParser.readBody(HtmlParser.load(html.getLiteral()), text);
        }

        @Override
        public void visit(CustomNode node) {
            if (!(node instanceof TableRow row)) {
                visitChildren(node);
                return;
            }
            var cells = new ArrayList<String>();
            for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
                if (cell instanceof TableCell) {
                    cells.add(inline(cell));
                }
            }
            text.row(cells);
        }
    }

    private static String inline(Node block) {
        var words = new Words();
        words.visitInside(block);
        return words.text.toString();
    }

    /** The words of one block, without what marks them up. Raw HTML is mark-up. */
    private static final class Words extends AbstractVisitor {

        private final StringBuilder text = new StringBuilder();

        void visitInside(Node block) {
            visitChildren(block);
        }

        @Override
        public void visit(Text words) {
            text.append(words.getLiteral());
        }

        @Override
        public void visit(Code code) {
            text.append(code.getLiteral());
        }

        @Override
        public void visit(SoftLineBreak lineBreak) {
            text.append(' ');
        }

        @Override
        public void visit(HardLineBreak lineBreak) {
            text.append('\n');
        }
    }
}
