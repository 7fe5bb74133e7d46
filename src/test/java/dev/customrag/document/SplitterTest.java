package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.customrag.document.Splitter.Part;
import dev.customrag.document.parsing.ParsedDocument;
import dev.customrag.document.parsing.ParsingConfig;
import dev.customrag.document.parsing.TextCollector;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.Settings;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@BesideOthers
class SplitterTest {

    private static final int TARGET = 300;
    private static final int OVERLAP = 80;

    private final Splitter splitter = new Splitter(Settings.with(
            DocumentsConfig.class,
            Map.of(
                    "documents.passages.target-characters", String.valueOf(TARGET),
                    "documents.passages.overlap-characters", String.valueOf(OVERLAP))));

    @Test
    void aShortDocumentIsOnePassage() {
        var text = collector();
        text.heading("Deliveries");
        text.paragraph("Goods are delivered within five days.");
        text.paragraph("Returns are free.");

        assertThat(splitter.split(text.finish()))
                .containsExactly(new Part(
                        null,
                        "Deliveries",
                        0,
                        68,
                        "Deliveries\n\nGoods are delivered within five days.\n\nReturns are free."));
    }

    @Test
    void aPassageReachesNeitherOverAHeadingNorOverAPage() {
        var text = collector();
        text.pages(2);
        text.page(1);
        text.paragraph("Before.");
        text.heading("One");
        text.paragraph("First of one.");
        text.page(2);
        text.paragraph("Second of one.");
        text.heading("Two");
        text.paragraph("First of two.");

        assertThat(splitter.split(text.finish()))
                .extracting(Part::page, Part::heading, Part::text)
                .containsExactly(
                        tuple(1, null, "Before."),
                        tuple(1, "One", "One\n\nFirst of one."),
                        tuple(2, "One", "Second of one."),
                        tuple(2, "Two", "Two\n\nFirst of two."));
    }

    @Test
    void sentencesStayWholeAndTheLastAreRepeated() {
        var text = collector();
        text.paragraph(IntStream.range(0, 40)
                .mapToObj(i -> "This is sentence number " + i + " of the text.")
                .collect(Collectors.joining(" ")));

        List<Part> parts = splitter.split(text.finish());

        assertThat(parts).hasSizeGreaterThan(4).allSatisfy(part -> assertThat(part.text())
                .startsWith("This is")
                .endsWith("of the text.")
                .hasSizeBetween(TARGET / 2, TARGET));
        for (int i = 1; i < parts.size(); i++) {
            assertThat(parts.get(i - 1).end() - parts.get(i).start()).isBetween(30, OVERLAP);
        }
    }

    @Test
    void aParagraphThatFitsIsNotTornApart() {
        String paragraph = "A sentence of some length stands here. Another one of some length follows it. "
                + "A third one ends the paragraph here.";
        var text = collector();
        for (int i = 0; i < 5; i++) {
            text.paragraph(paragraph);
        }

        assertThat(splitter.split(text.finish()))
                .allSatisfy(part -> assertThat(part.text()).endsWith("ends the paragraph here."));
    }

    @Test
    void laterPassagesOfASectionAreEmbeddedWithItsHeading() {
        var text = collector();
        text.heading("Termination");
        text.paragraph("A sentence that says something. ".repeat(20));

        List<Part> parts = splitter.split(text.finish());

        assertThat(parts.getFirst().embedded().text())
                .isEqualTo(parts.getFirst().text());
        assertThat(parts.get(1).embedded().text())
                .isEqualTo("Termination\n\n" + parts.get(1).text());
    }

    @Test
    void aTitleIsNotPutBeforeThePassageThatBeginsWithIt() {
        TextCollector text = collector();
        text.heading("x" + "😀".repeat(100_000));

        assertThat(splitter.split(text.finish()))
                .first()
                .satisfies(first -> assertThat(first.embedded().text()).isEqualTo(first.text()));
    }

    @Test
    void monstersAreCutBetweenLinesWordsOrCharacters() {
        var text = collector();
        text.lines(IntStream.range(0, 60).mapToObj(i -> "row " + i).collect(Collectors.joining("\n")));
        text.paragraph("word ".repeat(200));
        text.paragraph("😀".repeat(500));

        List<Part> parts = splitter.split(text.finish());

        assertThat(parts.getFirst().text()).startsWith("row 0\n").matches("(?s).*row \\d+");
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.text()).hasSizeLessThanOrEqualTo(TARGET);
            assertThat(Character.isLowSurrogate(part.text().charAt(0))).isFalse();
            assertThat(Character.isHighSurrogate(part.text().charAt(part.text().length() - 1)))
                    .isFalse();
        });
    }

    @Test
    @Timeout(30)
    void aFileOfOneLineCostsNoMoreThanItsLength() {
        var text = collector();
        text.paragraph("漢".repeat(9_000_000));

        assertThat(splitter.split(text.finish())).hasSize(9_000_000 / TARGET);
    }

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheTextNothingIsLostAndRangesAreExact(int seed) {
        ParsedDocument document = random(new Random(seed));

        List<Part> parts = splitter.split(document);

        var covered = new BitSet();
        int previousStart = -1;
        for (Part part : parts) {
            assertThat(part.text()).isEqualTo(document.text().substring(part.start(), part.end()));
            assertThat(part.text()).isEqualTo(part.text().strip()).isNotEmpty().hasSizeLessThanOrEqualTo(TARGET);
            assertThat(part.start()).isGreaterThan(previousStart);
            previousStart = part.start();
            covered.set(part.start(), part.end());
            assertThat(document.sections()).anySatisfy(section -> assertThat(section.blocks())
                    .filteredOn(block -> Objects.equals(block.page(), part.page()))
                    .anySatisfy(block -> assertThat(part.start()).isBetween(block.start(), block.end()))
                    .anySatisfy(block -> assertThat(part.end()).isBetween(block.start(), block.end())));
        }
        for (int i = 0; i < document.text().length(); i++) {
            assertThat(covered.get(i) || Character.isWhitespace(document.text().charAt(i)))
                    .isTrue();
        }
    }

    private static ParsedDocument random(Random random) {
        var text = collector();
        text.pages(100);
        int page = 0;
        text.paragraph("x");
        for (int i = 0; i < 1 + random.nextInt(30); i++) {
            switch (random.nextInt(6)) {
                case 0 -> text.heading(randomText(random, 10));
                case 1 -> text.page(++page);
                case 2 -> text.lines(randomText(random, 1500));
                default -> text.paragraph(randomText(random, 500));
            }
        }
        return text.finish();
    }

    private static String randomText(Random random, int length) {
        String alphabet = random.nextBoolean() ? "abc defg. Hij! k? \n\t" : "漢字。かな、😀é\u0301\u0000\uD800\u00AD .\u2029";
        var text = new StringBuilder();
        for (int i = random.nextInt(length); i >= 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static TextCollector collector() {
        return new TextCollector(Settings.defaults(ParsingConfig.class));
    }
}
