package dev.customrag.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** Made-up prose, the same for the same seed. */
final class Texts {

    /** Words that carry no meaning, as frequent here as in English; full-text search leaves them out. */
    private static final String[] COMMON = ("the of and to in a is that for it as was with be by on not he his but at"
                    + " are this have from or had an they which one you were all her she there would their we him been"
                    + " has when who will no more if out so up what than some could into them then only")
            .split(" ");

    private static final String[] SYLLABLES = "ka le mo ri tu ba ne so vi da pe lo ga mi ru fe ta no ze hu".split(" ");

    private static final int VOCABULARY = 20_000;

    private Texts() {}

    /** A word by Zipf's law, as natural language has them: half of a text are its hundred most frequent words. */
    static String word(Random random) {
        int rank = (int) Math.exp(random.nextDouble() * Math.log(VOCABULARY)) - 1;
        return rank < COMMON.length ? COMMON[rank] : spelled(rank);
    }

    /** One of the words that few texts have. */
    static String rareWord(Random random) {
        return spelled(VOCABULARY / 20 + random.nextInt(VOCABULARY - VOCABULARY / 20));
    }

    private static String spelled(int rank) {
        var word = new StringBuilder();
        for (int left = rank; left > 0; left /= SYLLABLES.length) {
            word.append(SYLLABLES[left % SYLLABLES.length]);
        }
        return word.append('n').toString();
    }

    static String sentence(Random random) {
        String words = IntStream.range(0, 8 + random.nextInt(12))
                .mapToObj(i -> word(random))
                .collect(Collectors.joining(" "));
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    /** Paragraphs of about 1,000 characters, each its own passage. */
    static String paragraphs(long seed, int count) {
        var random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i ->
                        IntStream.range(0, 15).mapToObj(j -> sentence(random)).collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n\n"));
    }

    /** Pages of 40 lines, about 250 words each. */
    static byte[] pdf(long seed, int pages) {
        var random = new Random(seed);
        try (var document = new PDDocument();
                var bytes = new ByteArrayOutputStream()) {
            var font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
            for (int page = 0; page < pages; page++) {
                var sheet = new PDPage();
                document.addPage(sheet);
                try (var content = new PDPageContentStream(document, sheet)) {
                    content.beginText();
                    content.setFont(font, 10);
                    content.setLeading(16);
                    content.newLineAtOffset(50, 730);
                    for (int line = 0; line < 20; line++) {
                        content.showText(sentence(random));
                        content.newLine();
                    }
                    content.endText();
                }
            }
            document.save(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
