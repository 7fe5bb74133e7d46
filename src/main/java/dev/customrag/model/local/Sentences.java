package dev.customrag.model.local;

import dev.customrag.model.NumberedSources.Source;
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

/** Takes texts apart into sentences and words. */
final class Sentences {

    /** A blank line, or the line break before a list item, ends a sentence even without a full stop. */
    private static final Pattern BLOCK_END = Pattern.compile("\\R\\s*\\R|\\R(?=\\s*(?:[-*•]|\\d{1,3}[.)])\\s)");

    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** Scripts that put no spaces between words. */
    private static final String UNSPACED =
            "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}";

    /** In such scripts each character stands for a word: a crude measure, but none that finds no words at all. */
    private static final Pattern WORD =
            Pattern.compile("[" + UNSPACED + "&&[\\p{L}\\p{N}]]\\p{M}*|[\\p{L}\\p{M}\\p{N}&&[^" + UNSPACED + "]]+");

    private static final Pattern SUFFIX = Pattern.compile("(?<=.{3})(?:ies|ing|es|ed|s|y|e)$");

    /** Longer ones are tables or lists in disguise, and would fill the answer. */
    private static final int LONGEST = 400;

    private static final int FEWEST_WORDS = 3;

    /** Words of questions that say nothing about their subject. */
    private static final Set<String> STOP_WORDS = Set.of(
            ("a about after all also am an and any are as at be been before by can could did do does for from get give had"
                            + " has have how i if in into is it its many me much my no not of on or our shall should show so"
                            + " some such tell than that the their them there these they this to us was we were what when"
                            + " where which while who whom whose why will with would you your")
                    .split(" "));

    private Sentences() {}

    /** A sentence and the number of the source it stands in. */
    record Sentence(String text, int source) {}

    /** The sentences of all sources in order, white space collapsed, each text once. */
    static List<Sentence> of(List<Source> sources) {
        Map<String, Sentence> sentences = new LinkedHashMap<>();
        for (Source source : sources) {
            for (String block : BLOCK_END.split(source.text())) {
                for (String text : split(SPACE.matcher(block).replaceAll(" ").strip())) {
                    sentences.putIfAbsent(text, new Sentence(text, source.number()));
                }
            }
        }
        return List.copyOf(sentences.values());
    }

    private static List<String> split(String block) {
        BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        boundaries.setText(block);
        var sentences = new ArrayList<String>();
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; start = end, end = boundaries.next()) {
            String sentence = block.substring(start, end).strip();
            if (WORD.matcher(sentence).results().limit(FEWEST_WORDS).count() == FEWEST_WORDS) {
                sentences.add(shortened(sentence));
            }
        }
        return sentences;
    }

    private static String shortened(String sentence) {
        if (sentence.length() <= LONGEST) {
            return sentence;
        }
        int space = sentence.lastIndexOf(' ', LONGEST);
        int end = space < 1 ? LONGEST : space;
        return sentence.substring(0, Character.isHighSurrogate(sentence.charAt(end - 1)) ? end - 1 : end) + " …";
    }

    /** The words that carry meaning, cut to a crude stem so that singular and plural meet. */
    static Set<String> stems(String text) {
        var stems = new HashSet<String>();
        Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (word.find()) {
            if (!STOP_WORDS.contains(word.group())) {
                stems.add(SUFFIX.matcher(word.group()).replaceFirst(""));
            }
        }
        return stems;
    }

    /** Which part of {@code asked} stands in {@code text}, from 0 to 1. */
    static double overlap(Set<String> asked, String text) {
        if (asked.isEmpty()) {
            return 0;
        }
        Set<String> found = stems(text);
        return (double) asked.stream().filter(found::contains).count() / asked.size();
    }
}
