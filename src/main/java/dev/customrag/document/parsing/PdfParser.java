package dev.customrag.document.parsing;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.apache.pdfbox.util.Matrix;

/**
 * PDF, page by page: what is written on it, then what is filled into its forms and remarked on it. Headings are the
 * entries of the outline or, where there is none, lines in larger letters.
 */
class PdfParser implements DocumentParser {

    private static final char PARAGRAPH = '\u2029';

    /** A word divided at the end of a line. */
    private static final Pattern DIVIDED_WORD = Pattern.compile("(?<![\\p{L}-])(\\p{L}+)-\n(?=\\p{Ll})");

    /** What has a hyphen already, or goes on in capitals, is a compound. */
    private static final Pattern DIVIDED_COMPOUND = Pattern.compile("(?<=\\p{L}-)\n(?=\\p{L})");

    /** A line shorter than this share of the page's longest was ended on purpose: a row, an address, a verse. */
    private static final double FULL_LINE = 0.6;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (PDDocument pdf = Loader.loadPDF(file.toFile(), IOUtils.createTempFileOnlyStreamCache())) {
            text.pages(pagesOf(pdf));
            new Pages(pdf, text).writeText(pdf, new StringWriter());
        } catch (InvalidPasswordException e) {
            throw UnreadableDocument.passwordProtected();
        }
    }

    /** Points between texts whose directions differ by a degree. */
    private static final double APART = 100;

    /** Some of the page's text as it was written, by its place in there, and the average size of its letters. */
    private record Run(int start, int end, double size) {}

    /** Counted, as the number that a file gives may be any. */
    private static int pagesOf(PDDocument pdf) {
        int count = 0;
        var pages = pdf.getPages().iterator();
        for (; pages.hasNext(); pages.next()) {
            count++;
        }
        return count;
    }

    /** Collects the text of each page as the library finishes it. */
    private static final class Pages extends PDFTextStripper {

        private final TextCollector text;
        private final PdfHeadings headings;
        private final PdfForms forms;
        private final List<Run> runs = new ArrayList<>();

        Pages(PDDocument pdf, TextCollector text) {
            this.text = text;
            headings = new PdfHeadings(pdf, text);
            forms = new PdfForms(pdf, text);
            // The order of the content stream keeps columns apart, which sorting by position would interleave line by
            // line: ParsersTest shows both.
            setSortByPosition(false);
            setLineSeparator("\n");
            setParagraphEnd(String.valueOf(PARAGRAPH));
            setPageEnd("");
            setArticleEnd(String.valueOf(PARAGRAPH));
        }

        @Override
        protected void startPage(PDPage page) {
            text.page(getCurrentPageNo());
        }

        @Override
        protected void processTextPosition(TextPosition character) {
            super.processTextPosition(level(character));
        }

        /**
         * The library takes all text for level, and breaks up what is not. Turned text is turned back here, whatever the
         * angle, and put away from text of other directions.
         */
        private static TextPosition level(TextPosition character) {
            Matrix matrix = character.getTextMatrix();
            double angle = Math.atan2(matrix.getShearY(), matrix.getScaleX());
            int degrees = Math.floorMod(Math.round(Math.toDegrees(angle)), 360);
            if (degrees == 0 && character.getRotation() == 0) {
                return character;
            }
            double x = matrix.getTranslateX() * Math.cos(angle) + matrix.getTranslateY() * Math.sin(angle);
            double y = matrix.getTranslateY() * Math.cos(angle) - matrix.getTranslateX() * Math.sin(angle);
            float down = (float) (y - APART * degrees);
            float width = (float) Math.hypot(
                    character.getEndX() - matrix.getTranslateX(), character.getEndY() - matrix.getTranslateY());
            return new TextPosition(
                    0,
                    character.getPageWidth(),
                    character.getPageHeight(),
                    new Matrix(character.getXScale(), 0, 0, character.getYScale(), (float) x, down),
                    (float) x + width,
                    down,
                    character.getHeight(),
                    width,
                    character.getWidthOfSpace(),
                    character.getUnicode(),
                    character.getCharacterCodes(),
                    character.getFont(),
                    character.getFontSize(),
                    (int) character.getFontSizeInPt());
        }

        @Override
        protected void writeString(String string, List<TextPosition> positions) throws IOException {
            StringBuffer written = ((StringWriter) output).getBuffer();
            int start = written.length();
            super.writeString(string, positions);
            double size = positions.stream()
                    .mapToDouble(TextPosition::getYScale)
                    .average()
                    .orElse(0);
            runs.add(new Run(start, written.length(), size));
        }

        @Override
        protected void endPage(PDPage page) {
            StringBuffer written = ((StringWriter) output).getBuffer();
            String content = written.toString();
            written.setLength(0);
            List<List<PdfLine>> paragraphs = paragraphs(content);
            runs.clear();
            write(headings.mark(getCurrentPageNo(), paragraphs));
            forms.write(page);
        }

        /** The lines of each paragraph, with the size of their letters. */
        private List<List<PdfLine>> paragraphs(String content) {
            var paragraphs = new ArrayList<List<PdfLine>>();
            var lines = new ArrayList<PdfLine>();
            int run = 0;
            int start = 0;
            for (int i = 0; i <= content.length(); i++) {
                char c = i == content.length() ? PARAGRAPH : content.charAt(i);
                if (c != PARAGRAPH && c != '\n') {
                    continue;
                }
                String line = content.substring(start, i).strip();
                double size = 0;
                int letters = 0;
                for (; run < runs.size() && runs.get(run).start() < i; run++) {
                    int length = runs.get(run).end() - runs.get(run).start();
                    size += runs.get(run).size() * length;
                    letters += length;
                }
                if (!line.isEmpty()) {
                    lines.add(new PdfLine(line, letters == 0 ? 0 : size / letters));
                }
                if (c == PARAGRAPH && !lines.isEmpty()) {
                    paragraphs.add(List.copyOf(lines));
                    lines.clear();
                }
                start = i + 1;
            }
            return paragraphs;
        }

        private void write(List<List<PdfLine>> paragraphs) {
            int longest = paragraphs.stream()
                    .flatMap(List::stream)
                    .mapToInt(line -> line.text().length())
                    .max()
                    .orElse(0);
            for (List<PdfLine> paragraph : paragraphs) {
                int start = 0;
                for (int i = 1; i <= paragraph.size(); i++) {
                    boolean heading = paragraph.get(start).heading();
                    String next = paragraph.get(i - 1).next();
                    if (i == paragraph.size() || paragraph.get(i).heading() != heading || next != null) {
                        List<PdfLine> lines = paragraph.subList(start, i);
                        String joined = String.join(
                                "\n", lines.stream().map(PdfLine::text).toList());
                        if (heading) {
                            text.heading(unwrapped(joined, 0));
                        } else {
                            text.lines(unwrapped(joined, (int) (longest * FULL_LINE)));
                        }
                        if (next != null) {
                            text.section(next);
                        }
                        start = i;
                    }
                }
            }
        }

        /** Some pages never end by themselves, such as a form that draws itself. */
        @Override
        protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
            text.checkTime();
            super.processOperator(operator, operands);
        }
    }

    private static String unwrapped(String paragraph, int fullLine) {
        String words = DIVIDED_WORD.matcher(paragraph).replaceAll("$1");
        String compounds = DIVIDED_COMPOUND.matcher(words).replaceAll("");
        var joined = new StringBuilder();
        String previous = "";
        for (String line : compounds.split("\n")) {
            if (!joined.isEmpty()) {
                joined.append(previous.length() >= fullLine ? ' ' : '\n');
            }
            joined.append(line);
            previous = line;
        }
        return joined.toString();
    }
}
