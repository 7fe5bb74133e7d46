package dev.customrag.chat;

import dev.customrag.knowledge.Passage;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Maps the {@code [n]} of an answer to the passages the model was given. Numbers of no passage cite nothing. */
final class Citations {

    /** {@code [1]} or {@code [1, 2]}, but not the text of a Markdown link. */
    private static final Pattern MARK = Pattern.compile("\\[(\\d{1,3}(?:\\s*,\\s*\\d{1,3})*)](?!\\()");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    private Citations() {}

    /** Where a sentence stands in a text. */
    private record Range(int start, int end) {}

    /** Every passage as a source, with its whole text as the quote. */
    static List<Citation> sources(List<Passage> passages) {
        var citations = new ArrayList<Citation>();
        for (Passage passage : passages) {
            citations.add(citation(
                    citations.size() + 1, passage, new Range(0, passage.text().length())));
        }
        return citations;
    }

    /**
     * The passages an answer cites, in the order of their first mention. The quote is the sentence of the passage that
     * shares most words with the statement before the mark.
     */
    static List<Citation> in(String answer, List<Passage> passages) {
        Map<Integer, String> statements = statements(answer, passages.size());
        var citations = new ArrayList<Citation>();
        statements.forEach((number, statement) -> {
            Passage passage = passages.get(number - 1);
            citations.add(citation(number, passage, bestSentence(passage.text(), statement)));
        });
        return citations;
    }

    /** The statement before the first mark of each number between 1 and {@code most}, in order of appearance. */
    private static Map<Integer, String> statements(String answer, int most) {
        var statements = new LinkedHashMap<Integer, String>();
        Matcher mark = MARK.matcher(answer);
        while (mark.find()) {
            for (String number : mark.group(1).split("\\s*,\\s*")) {
                int n = Integer.parseInt(number);
                if (n >= 1 && n <= most) {
                    statements.computeIfAbsent(n, ignored -> statementBefore(answer, mark.start()));
                }
            }
        }
        return statements;
    }

    private static String statementBefore(String answer, int end) {
        String before = MARK.matcher(answer.substring(0, end)).replaceAll(" ").stripTrailing();
        List<Range> sentences = sentences(before);
        return sentences.isEmpty()
                ? before
                : before.substring(
                        sentences.getLast().start(), sentences.getLast().end());
    }

    private static Range bestSentence(String passage, String statement) {
        Set<String> asked = words(statement);
        Range best = new Range(0, passage.length());
        double bestScore = 0;
        for (Range sentence : sentences(passage)) {
            Set<String> words = words(passage.substring(sentence.start(), sentence.end()));
            int size = words.size();
            words.retainAll(asked);
            // Dice's coefficient: the words in common, against the length of both.
            double score = 2.0 * words.size() / Math.max(1, size + asked.size());
            if (score > bestScore) {
                best = sentence;
                bestScore = score;
            }
        }
        return best;
    }

    private static List<Range> sentences(String text) {
        BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);
        boundaries.setText(text);
        var sentences = new ArrayList<Range>();
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; start = end, end = boundaries.next()) {
            int from = start;
            int to = end;
            while (from < to && Character.isWhitespace(text.charAt(from))) {
                from++;
            }
            while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
                to--;
            }
            if (from < to) {
                sentences.add(new Range(from, to));
            }
        }
        return sentences;
    }

    private static Set<String> words(String text) {
        var words = new HashSet<String>();
        Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (word.find()) {
            words.add(word.group());
        }
        return words;
    }

    private static Citation citation(int number, Passage passage, Range quote) {
        return new Citation(
                number,
                passage.id(),
                passage.documentId(),
                passage.filename(),
                passage.page(),
                passage.text().substring(quote.start(), quote.end()),
                passage.start() + quote.start(),
                passage.start() + quote.end());
    }
}
