package dev.customrag.document.parsing;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
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

/** PDF, page by page. */
class PdfParser implements DocumentParser {

    private static final String PARAGRAPH = "\u2029";
    private static final Pattern PARAGRAPHS = Pattern.compile(PARAGRAPH);

    /** A word divided at the end of a line. */
    private static final Pattern DIVIDED_WORD = Pattern.compile("(?<![\\p{L}-])(\\p{L}+)-\n(?=\\p{Ll})");

    /** What has a hyphen already, or goes on in capitals, is a compound. */
    private static final Pattern DIVIDED_COMPOUND = Pattern.compile("(?<=\\p{L}-)\n(?=\\p{L})");

    /** A line shorter than this share of the page's longest was ended on purpose: a row, an address, a verse. */
    private static final double FULL_LINE = 0.6;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (PDDocument pdf = Loader.loadPDF(file.toFile(), IOUtils.createTempFileOnlyStreamCache())) {
            text.pages(pdf.getNumberOfPages());
            new Pages(text).writeText(pdf, new StringWriter());
        } catch (InvalidPasswordException e) {
            throw UnreadableDocument.passwordProtected();
        }
    }

    /** Collects the text of each page as the library finishes it. */
    private static final class Pages extends PDFTextStripper {

        private final TextCollector text;

        Pages(TextCollector text) {
            this.text = text;
            // The order of the content stream keeps columns apart, which sorting by position would interleave line by
            // line: ParsersTest shows both.
            setSortByPosition(false);
            setLineSeparator("\n");
            setParagraphEnd(PARAGRAPH);
            setPageEnd("");
            setArticleEnd(PARAGRAPH);
        }

        @Override
        protected void startPage(PDPage page) {
            text.page(getCurrentPageNo());
        }

        @Override
        protected void endPage(PDPage page) {
            StringBuffer written = ((StringWriter) output).getBuffer();
            String content = written.toString();
            written.setLength(0);
            int longest = content.lines().mapToInt(String::length).max().orElse(0);
            for (String paragraph : PARAGRAPHS.split(content)) {
                text.lines(unwrapped(paragraph.strip(), (int) (longest * FULL_LINE)));
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
