package dev.customrag.document.parsing;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineNode;

/**
 * Finds the headings of a PDF, which has none of its own. An outline is taken at its word: its entries are looked for
 * among the lines of the pages they lead to, and one whose words are not there begins its section after the entry before
 * it, or at the top of the page. Without an outline, lines in letters clearly larger than most of the document so far
 * are headings.
 */
final class PdfHeadings {

    /** Books have hundreds of entries. */
    private static final int MAX_ENTRIES = 10_000;

    /** Headings are set at least this much larger than running text; small capitals and emphasis stay below it. */
    private static final double LARGER = 1.15;

    private static final int LONGEST_HEADING = 200;
    private static final int MAX_LINES = 3;

    /** More of a page than this in large letters is a poster or a cover, not a heading. */
    private static final double MOST_OF_PAGE = 0.4;

    private static final Pattern NOT_TOLD_APART = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern NUMBER_BEFORE = Pattern.compile("^\\p{N}+(?=\\p{L})");
    private static final Pattern WORD = Pattern.compile("\\p{L}{2}");

    private final TextCollector text;

    /** Titles by the number of their page, from 1. */
    private final Map<Integer, List<String>> outline = new HashMap<>();

    /** How many characters were written in each size, in half points. */
    private final Map<Long, Long> sizes = new TreeMap<>();

    PdfHeadings(PDDocument pdf, TextCollector text) {
        this.text = text;
        PDOutlineNode root = pdf.getDocumentCatalog().getDocumentOutline();
        if (root != null) {
            readOutline(pdf, root);
        }
    }

    private void readOutline(PDDocument pdf, PDOutlineNode root) {
        Map<COSBase, Integer> pages = new HashMap<>();
        for (PDPage page : pdf.getPages()) {
            text.checkTime();
            pages.put(page.getCOSObject(), pages.size() + 1);
        }
        // Entries may lead back to one another.
        Set<COSBase> seen = new HashSet<>();
        Deque<PDOutlineItem> open = new ArrayDeque<>();
        push(open, root.getFirstChild());
        while (!open.isEmpty() && seen.size() < MAX_ENTRIES) {
            text.checkTime();
            PDOutlineItem entry = open.pop();
            if (!seen.add(entry.getCOSObject())) {
                continue;
            }
            push(open, entry.getNextSibling());
            push(open, entry.getFirstChild());
            Integer number = page(pdf, entry, pages);
            if (number != null
                    && entry.getTitle() != null
                    && !key(entry.getTitle()).isEmpty()) {
                outline.computeIfAbsent(number, any -> new ArrayList<>()).add(entry.getTitle());
            }
        }
    }

    /** Null where an entry leads nowhere, or to what is no place: no reason to read nothing. */
    private static Integer page(PDDocument pdf, PDOutlineItem entry, Map<COSBase, Integer> pages) {
        try {
            PDPage page = entry.findDestinationPage(pdf);
            return page == null ? null : pages.get(page.getCOSObject());
        } catch (IOException e) {
            return null;
        }
    }

    private static void push(Deque<PDOutlineItem> open, PDOutlineItem entry) {
        if (entry != null) {
            open.push(entry);
        }
    }

    /** The paragraphs of the next page with their headings marked. Begins the section of what stands at its top. */
    List<List<PdfLine>> mark(int page, List<List<PdfLine>> paragraphs) {
        return outline.isEmpty() ? markLarger(paragraphs) : markOutline(page, paragraphs);
    }

    private List<List<PdfLine>> markOutline(int page, List<List<PdfLine>> paragraphs) {
        List<String> titles = outline.getOrDefault(page, List.of());
        if (titles.isEmpty()) {
            return paragraphs;
        }
        List<List<PdfLine>> marked =
                new ArrayList<>(paragraphs.stream().map(ArrayList::new).toList());
        List<PdfLine> paragraphBefore = List.of();
        int lineBefore = -1;
        for (String title : titles) {
            text.checkTime();
            int line = -1;
            for (var left = marked.iterator(); line < 0 && left.hasNext(); ) {
                List<PdfLine> paragraph = left.next();
                line = markTitle(key(title), paragraph);
                if (line >= 0) {
                    paragraphBefore = paragraph;
                    lineBefore = line;
                }
            }
            if (line < 0 && lineBefore < 0) {
                text.section(title);
            } else if (line < 0) {
                paragraphBefore.set(lineBefore, paragraphBefore.get(lineBefore).before(title));
            }
        }
        return marked;
    }

    /** The last line of a title, which may be set in several; -1 if it does not stand there. */
    private static int markTitle(String title, List<PdfLine> paragraph) {
        for (int first = 0; first < paragraph.size(); first++) {
            var words = new StringBuilder();
            for (int last = first; last < Math.min(first + MAX_LINES, paragraph.size()); last++) {
                words.append(paragraph.get(last).text()).append(' ');
                if (!paragraph.get(last).heading() && key(words.toString()).equals(title)) {
                    for (int line = first; line <= last; line++) {
                        paragraph.set(line, paragraph.get(line).asHeading());
                    }
                    return last;
                }
            }
        }
        return -1;
    }

    /** What is left of a title when punctuation and the number before it are gone, which differ. */
    private static String key(String title) {
        String words = NOT_TOLD_APART.matcher(title).replaceAll("").toLowerCase(Locale.ROOT);
        return NUMBER_BEFORE.matcher(words).replaceFirst("");
    }

    private List<List<PdfLine>> markLarger(List<List<PdfLine>> paragraphs) {
        for (List<PdfLine> paragraph : paragraphs) {
            for (PdfLine line : paragraph) {
                sizes.merge(halfPoints(line), (long) line.text().length(), Long::sum);
            }
        }
        double usual = sizes.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(0L)
                / 2.0;
        List<List<PdfLine>> marked = paragraphs.stream()
                .map(paragraph -> markLarger(paragraph, usual))
                .toList();
        return length(marked, true) > MOST_OF_PAGE * (length(marked, true) + length(marked, false))
                ? paragraphs
                : marked;
    }

    private static List<PdfLine> markLarger(List<PdfLine> paragraph, double usual) {
        var marked = new ArrayList<PdfLine>();
        for (int start = 0, end; start < paragraph.size(); start = end) {
            boolean larger = isLarger(paragraph.get(start), usual);
            end = start + 1;
            while (end < paragraph.size() && isLarger(paragraph.get(end), usual) == larger) {
                end++;
            }
            List<PdfLine> lines = paragraph.subList(start, end);
            int length = lines.stream().mapToInt(line -> line.text().length()).sum();
            boolean heading = larger
                    && lines.size() <= MAX_LINES
                    && length <= LONGEST_HEADING
                    && lines.stream().anyMatch(line -> WORD.matcher(line.text()).find());
            lines.forEach(line -> marked.add(heading ? line.asHeading() : line));
        }
        return marked;
    }

    private static boolean isLarger(PdfLine line, double usual) {
        return line.size() >= LARGER * usual;
    }

    private static long halfPoints(PdfLine line) {
        return Math.round(line.size() * 2);
    }

    private static int length(List<List<PdfLine>> paragraphs, boolean heading) {
        return paragraphs.stream()
                .flatMap(List::stream)
                .filter(line -> line.heading() == heading)
                .mapToInt(line -> line.text().length())
                .sum();
    }
}
