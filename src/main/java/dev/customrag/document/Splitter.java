package dev.customrag.document;

import dev.customrag.document.parsing.ParsedDocument;
import dev.customrag.document.parsing.ParsedDocument.Block;
import dev.customrag.document.parsing.ParsedDocument.Section;
import dev.customrag.knowledge.EmbeddedText;
import jakarta.enterprise.context.ApplicationScoped;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Cuts a document into passages: whole sentences, whole paragraphs where they fit, up to the target size. A passage
 * never reaches over a heading, so that it is about one thing, nor over a page, so that the page of a citation is right
 * for every word of it. A sentence that runs over the end of a page is the price.
 */
@ApplicationScoped
class Splitter {

    /** A paragraph that does not fit any more is begun in the next passage once this share of the target is used. */
    private static final double FULL_ENOUGH = 0.5;

    private final int target;
    private final int overlap;

    Splitter(DocumentsConfig config) {
        target = config.passages().targetCharacters();
        overlap = Math.min(config.passages().overlapCharacters(), target / 3);
    }

    /**
     * A part of a document's text.
     *
     * @param page the page it is on, from 1; null where the format has no pages
     * @param heading the title of its section, null without one
     * @param start where it begins in the document's text, in UTF-16 code units
     * @param end where it ends there, exclusive
     * @param text exactly the document's text from {@code start} to {@code end}
     */
    record Part(Integer page, String heading, int start, int end, String text) {

        /** What to make the vector from. */
        EmbeddedText embedded() {
            return EmbeddedText.of(heading, text);
        }
    }

    /** One sentence, or a piece of one that is too long. */
    private record Sentence(int start, int end, Block block) {}

    /** The passages of a document, in order. */
    List<Part> split(ParsedDocument document) {
        var parts = new ArrayList<Part>();
        for (Section section : document.sections()) {
            for (List<Block> onOnePage : byPage(section.blocks())) {
                var run = new Run(document.text(), section.heading(), onOnePage, parts);
                run.split();
            }
        }
        return parts;
    }

    private static List<List<Block>> byPage(List<Block> blocks) {
        var pages = new ArrayList<List<Block>>();
        for (Block block : blocks) {
            if (pages.isEmpty() || !Objects.equals(pages.getLast().getLast().page(), block.page())) {
                pages.add(new ArrayList<>());
            }
            pages.getLast().add(block);
        }
        return pages;
    }

    /** The blocks of one section on one page. */
    private final class Run {

        private final String text;
        private final String heading;
        private final List<Block> blocks;
        private final List<Part> parts;
        private final List<Sentence> current = new ArrayList<>();

        Run(String text, String heading, List<Block> blocks, List<Part> parts) {
            this.text = text;
            this.heading = heading;
            this.blocks = blocks;
            this.parts = parts;
        }

        void split() {
            for (Block block : blocks) {
                boolean fits =
                        current.isEmpty() || block.end() - current.getFirst().start() <= target;
                boolean fitsAlone = block.end() - block.start() <= target;
                if (!fits && fitsAlone && length() >= target * FULL_ENOUGH) {
                    endPassage();
                    makeRoomFor(block.end());
                }
                for (Sentence sentence : sentences(block)) {
                    add(sentence);
                }
            }
            if (!current.isEmpty()) {
                endPassage();
            }
        }

        private void add(Sentence sentence) {
            if (!current.isEmpty() && sentence.end() - current.getFirst().start() > target) {
                endPassage();
                makeRoomFor(sentence.end());
            }
            current.add(sentence);
        }

        private int length() {
            return current.isEmpty()
                    ? 0
                    : current.getLast().end() - current.getFirst().start();
        }

        /** Leaves the sentences that the next passage repeats. */
        private void endPassage() {
            int start = current.getFirst().start();
            int end = current.getLast().end();
            parts.add(new Part(current.getFirst().block().page(), heading, start, end, text.substring(start, end)));
            int repeated = current.size();
            while (repeated > 1 && end - current.get(repeated - 1).start() <= overlap) {
                repeated--;
            }
            current.subList(0, repeated).clear();
        }

        private void makeRoomFor(int end) {
            while (!current.isEmpty() && end - current.getFirst().start() > target) {
                current.removeFirst();
            }
        }

        private List<Sentence> sentences(Block block) {
            var sentences = new ArrayList<Sentence>();
            BreakIterator iterator = BreakIterator.getSentenceInstance(Locale.ROOT);
            iterator.setText(text.substring(block.start(), block.end()));
            int start = iterator.first();
            for (int end = iterator.next(); end != BreakIterator.DONE; start = end, end = iterator.next()) {
                addPieces(block, block.start() + start, block.start() + end, sentences);
            }
            return sentences;
        }

        private void addPieces(Block block, int from, int to, List<Sentence> sentences) {
            int start = from;
            int end = trimmedEnd(from, to);
            while (start < end) {
                int cut = end - start <= target ? end : cut(start);
                sentences.add(new Sentence(start, trimmedEnd(start, cut), block));
                start = cut;
                while (start < end && Character.isWhitespace(text.charAt(start))) {
                    start++;
                }
            }
        }

        /** Where to end a piece of an overlong sentence: after a line, else after a word, else between characters. */
        private int cut(int start) {
            int limit = start + target;
            int word = -1;
            // No further back than half of a piece, or a file of one line would be searched from its end for each
            // piece.
            for (int i = limit; i > start + target / 2; i--) {
                char c = text.charAt(i);
                if (c == '\n') {
                    return i;
                }
                if (word < 0 && Character.isWhitespace(c)) {
                    word = i;
                }
            }
            if (word >= 0) {
                return word;
            }
            return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
        }

        private int trimmedEnd(int start, int end) {
            int trimmed = end;
            while (trimmed > start && Character.isWhitespace(text.charAt(trimmed - 1))) {
                trimmed--;
            }
            return trimmed;
        }
    }
}
