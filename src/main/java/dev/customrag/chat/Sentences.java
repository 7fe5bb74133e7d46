package dev.customrag.chat;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the sentences of a text stand, without the white space around them. */
final class Sentences {

    /** A blank line, or the line break before a list item, ends a sentence even without a full stop. */
    private static final Pattern BLOCK_END = Pattern.compile("\\R\\s*\\R|\\R(?=\\s*(?:[-*•]|\\d{1,3}[.)])\\s)");

    private static final Pattern LINE_END = Pattern.compile("\\R");

    private Sentences() {}

    /** Of the text of a document, where a line may end in the middle of a sentence. */
    static List<TextRange> ofDocument(String text) {
        return split(text, BLOCK_END);
    }

    /** Of an answer in Markdown, whose paragraphs and list items are a line each. */
    static List<TextRange> ofAnswer(String text) {
        return split(text, LINE_END);
    }

    private static List<TextRange> split(String text, Pattern blockEnd) {
        var sentences = new ArrayList<TextRange>();
        Matcher end = blockEnd.matcher(text);
        int start = 0;
        while (end.find()) {
            addSentences(sentences, text, start, end.start());
            start = end.end();
        }
        addSentences(sentences, text, start, text.length());
        return sentences;
    }

    private static void addSentences(List<TextRange> sentences, String text, int from, int to) {
        BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);
        boundaries.setText(text.substring(from, to).replace('\n', ' ').replace('\r', ' '));
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; start = end, end = boundaries.next()) {
            int first = from + start;
            int last = from + end;
            while (first < last && Character.isWhitespace(text.charAt(first))) {
                first++;
            }
            while (last > first && Character.isWhitespace(text.charAt(last - 1))) {
                last--;
            }
            if (first < last) {
                sentences.add(new TextRange(first, last));
            }
        }
    }
}
