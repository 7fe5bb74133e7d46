package dev.customrag.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an answer puts between quotation marks, of any of the kinds that languages have, on one line. */
final class Quotations {

    /** Fewer words are a term or irony, unless they are written without spaces. */
    private static final int FEWEST_WORDS = 3;

    private static final int FEWEST_CHARACTERS_UNSPACED = 6;

    private static final Pattern QUOTED = Pattern.compile("“([^“”\\n]+)”|„([^„“”\\n]+)[“”]|«([^«»\\n]+)»|»([^«»\\n]+)«"
            + "|「([^「」\\n]+)」|『([^『』\\n]+)』|(?<![\\p{L}\\p{N}\"])\"([^\"\\n]+)\"(?![\\p{L}\\p{N}\"])");

    /** Words that are left out: {@code …}, {@code ...}, {@code [...]}. */
    private static final Pattern OMISSION = Pattern.compile("[\\[(]?\\s*(?:…|\\.\\s?\\.\\s?\\.)\\s*[])]?");

    /** Marks that belong to the sentence around the quotation, as American typesetting has it. */
    private static final Pattern EDGES = Pattern.compile("^[\\s.,;:!?]+|[\\s.,;:!?]+$");

    private static final Pattern UNSPACED = Pattern.compile("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}]");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private Quotations() {}

    /**
     * A quotation of an answer.
     *
     * @param range with its quotation marks
     * @param words between them
     */
    record Quotation(TextRange range, String words) {

        /** Where it stands in a text, omissions apart; empty if it, or a part of it, does not. */
        Optional<TextRange> in(LooseText text) {
            List<String> parts = Arrays.stream(OMISSION.split(words))
                    .map(String::strip)
                    .filter(part -> !EDGES.matcher(part).replaceAll("").isEmpty())
                    .toList();
            int start = -1;
            int end = 0;
            for (String part : parts) {
                int from = end;
                Optional<TextRange> found = text.find(part, from)
                        .or(() -> text.find(EDGES.matcher(part).replaceAll(""), from));
                if (found.isEmpty()) {
                    return Optional.empty();
                }
                start = start < 0 ? found.get().start() : start;
                end = found.get().end();
            }
            return start < 0 ? Optional.empty() : Optional.of(new TextRange(start, end));
        }
    }

    /** All of them, in order. */
    static List<Quotation> of(String answer) {
        var quotations = new ArrayList<Quotation>();
        Matcher quoted = QUOTED.matcher(answer);
        while (quoted.find()) {
            for (int group = 1; group <= quoted.groupCount(); group++) {
                String words = quoted.group(group);
                if (words != null && isQuotation(words.strip())) {
                    quotations.add(new Quotation(new TextRange(quoted.start(), quoted.end()), words));
                }
            }
        }
        return quotations;
    }

    private static boolean isQuotation(String words) {
        return SPACE.split(words).length >= FEWEST_WORDS
                || UNSPACED.matcher(words).results().count() >= FEWEST_CHARACTERS_UNSPACED;
    }
}
