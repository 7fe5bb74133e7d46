package dev.customrag.knowledge;

import java.util.ArrayList;
import java.util.List;

/**
 * What to search for, for a question and the turns before it. A follow-up seldom names what it is about; the turns before
 * it do, the later the more likely. The rule, measured in docs/benchmarks.md, "Follow-ups":
 *
 * <ul>
 *   <li>meaning: the vectors of the question alone and of the question after the one before it, added
 *   <li>words: the question's count once, those of each question before it half as much as those of the one after it,
 *       and those of the last answer an eighth
 * </ul>
 *
 * @param forVectors what to embed
 * @param forWords what to take words from
 */
record SearchTexts(List<String> forVectors, List<Weighted> forWords) {

    /** What a search is for stands at its beginning; embedding models read some 500 to 8,000 tokens. */
    private static final int LONGEST_PART = 2_000;

    /** The words of a turn before these would count a thirty-second and less. */
    private static final int MOST_TURNS = 5;

    private static final double ANSWER_WEIGHT = 0.125;

    /** A text, and how much one of its words counts. */
    record Weighted(String text, double weight) {}

    /** For a question that stands alone. */
    static SearchTexts of(String question) {
        return of(question, List.of());
    }

    /**
     * For a question in a conversation.
     *
     * @param earlier the turns before it, oldest first
     */
    static SearchTexts of(String question, List<Turn> earlier) {
        String asked = beginning(question);
        var words = new ArrayList<Weighted>();
        words.add(new Weighted(asked, 1));
        if (earlier.isEmpty()) {
            return new SearchTexts(List.of(asked), words);
        }
        double weight = 1;
        for (Turn turn : earlier.reversed().stream().limit(MOST_TURNS).toList()) {
            weight /= 2;
            words.add(new Weighted(beginning(turn.question()), weight));
        }
        Turn last = earlier.getLast();
        words.add(new Weighted(beginning(last.answer()), ANSWER_WEIGHT));
        return new SearchTexts(List.of(asked, beginning(last.question()) + "\n" + asked), words);
    }

    private static String beginning(String text) {
        if (text.length() <= LONGEST_PART) {
            return text;
        }
        boolean insideCharacter = Character.isLowSurrogate(text.charAt(LONGEST_PART));
        return text.substring(0, insideCharacter ? LONGEST_PART - 1 : LONGEST_PART);
    }
}
