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

    private static final String[] WORDS = ("the a of to in and that for with on as by at from into over under between"
                    + " harbour lease tenant winter pump boiler letter engine garden council report survey river bridge"
                    + " contract notice deposit window cellar market station harvest orchard museum archive signal"
                    + " carries holds repairs returns measures promises delivers opens closes describes requires"
                    + " quiet narrow ancient heavy early wooden careful distant annual local northern public")
            .split(" ");

    private Texts() {}

    static String sentence(Random random) {
        String words = IntStream.range(0, 8 + random.nextInt(12))
                .mapToObj(i -> WORDS[random.nextInt(WORDS.length)])
                .collect(Collectors.joining(" "));
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    /** Paragraphs of about 1,000 characters, each its own passage. */
    static String paragraphs(long seed, int count) {
        var random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i ->
                        IntStream.range(0, 11).mapToObj(j -> sentence(random)).collect(Collectors.joining(" ")))
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
