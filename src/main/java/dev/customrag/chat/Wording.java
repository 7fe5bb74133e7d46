package dev.customrag.chat;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a text says, as far as words tell.
 *
 * @param language of the text, null if it cannot be told
 * @param words those that carry meaning, in lower case without diacritics; pairs of characters in scripts without spaces
 * @param figures numbers in one form, whether written 1,000.50 or 1.000,5 or, up to twelve, in words
 * @param names words that are written as names are: they have to be right
 */
record Wording(Language language, Set<String> words, Set<String> figures, Set<String> names) {

    private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{M}]+|\\p{Nd}+(?:[.,'’\\u00a0\\u202f]\\p{Nd}+)*");
    private static final Pattern THOUSANDS = Pattern.compile("(\\d{1,3}(?:[.,'’\\s]\\d{3})+)(?:[.,](\\d+))?");
    private static final Pattern UNSPACED =
            Pattern.compile("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}\\p{IsThai}]+");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern SPACED_THOUSANDS = Pattern.compile("(?<!\\d)\\d{1,3}(?: \\d{3})+(?!\\d)");

    private static final String SENTENCE_BEGINS_AFTER = ".!?:;\"“”„«»•\n";

    /** Shorter ones have to be the same; longer ones may have other endings. */
    private static final int STEM = 3;

    private static final double SAME_PART = 0.66;

    /** Of a part of a document or an answer. */
    static Wording of(String text, Language language) {
        String compatible = Normalizer.normalize(text, Normalizer.Form.NFKC);
        var words = new LinkedHashSet<String>();
        var figures = new LinkedHashSet<String>();
        var names = new LinkedHashSet<String>();
        List<MatchResult> tokens = TOKEN.matcher(compatible).results().toList();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i).group();
            if (Character.isDigit(token.codePointAt(0))) {
                figures.addAll(figures(token));
            } else if (UNSPACED.matcher(token).find()) {
                words.addAll(pairs(token));
            } else {
                String lower = token.toLowerCase(Locale.ROOT);
                Optional<Integer> number = language == null ? Optional.empty() : language.number(lower);
                if (number.isPresent()) {
                    figures.add(number.get().toString());
                } else if (lower.length() > 1
                        && !(language == null ? Language.isCommonAnywhere(lower) : language.isCommon(lower))) {
                    words.add(folded(lower));
                    boolean more = i + 1 < tokens.size()
                            && Character.isUpperCase(tokens.get(i + 1).group().codePointAt(0));
                    if (isName(token, beginsSentence(compatible, tokens, i) && !more, language)) {
                        names.add(folded(lower));
                    }
                }
            }
        }
        SPACED_THOUSANDS.matcher(compatible).results().forEach(number -> figures.addAll(figures(number.group())));
        return new Wording(language, words, figures, names);
    }

    /** German writes all nouns as others write names. */
    private static boolean isName(String token, boolean capitalAnyway, Language language) {
        boolean capitals = token.length() > 1 && token.equals(token.toUpperCase(Locale.ROOT));
        return Character.isUpperCase(token.codePointAt(0))
                && (capitals || !capitalAnyway && language != Language.GERMAN);
    }

    private static boolean beginsSentence(String text, List<MatchResult> tokens, int index) {
        return index == 0
                || text.substring(tokens.get(index - 1).end(), tokens.get(index).start())
                        .chars()
                        .anyMatch(between -> SENTENCE_BEGINS_AFTER.indexOf(between) >= 0);
    }

    private static List<String> figures(String token) {
        var thousands = THOUSANDS.matcher(token);
        if (thousands.matches()) {
            return List.of(decimal(thousands.group(1).replaceAll("\\P{Nd}", ""), thousands.group(2)));
        }
        String[] parts = token.split("\\P{Nd}");
        // A date or a version, which may be written in another order.
        return parts.length > 2
                ? Arrays.stream(parts).map(part -> decimal(part, null)).toList()
                : List.of(decimal(parts[0], parts.length == 2 ? parts[1] : null));
    }

    private static String decimal(String whole, String fraction) {
        String left = whole.replaceFirst("^0+(?=.)", "");
        String right = fraction == null ? "" : fraction.replaceFirst("0+$", "");
        return right.isEmpty() ? left : left + "." + right;
    }

    private static Collection<String> pairs(String run) {
        int[] characters = run.codePoints().toArray();
        if (characters.length == 1) {
            return List.of(run);
        }
        var pairs = new LinkedHashSet<String>();
        for (int i = 0; i + 1 < characters.length; i++) {
            pairs.add(new String(characters, i, 2));
        }
        return pairs;
    }

    private static String folded(String lower) {
        return MARKS.matcher(Normalizer.normalize(lower, Normalizer.Form.NFD)).replaceAll("");
    }

    /** Whether there is enough to compare it by. */
    boolean saysSomething() {
        return words.size() > 1 || !figures.isEmpty();
    }

    /** Finds words among others, whatever their endings. */
    static final class Vocabulary {

        private final Set<String> all = new HashSet<>();
        private final Map<String, Set<String>> byStem = new HashMap<>();

        Vocabulary(Collection<String> words) {
            all.addAll(words);
            for (String word : all) {
                if (word.length() >= STEM) {
                    byStem.computeIfAbsent(word.substring(0, STEM), stem -> new HashSet<>())
                            .add(word);
                }
            }
        }

        boolean has(String word) {
            return all.contains(word)
                    || word.length() >= STEM
                            && byStem.getOrDefault(word.substring(0, STEM), Set.of()).stream()
                                    .anyMatch(other -> isSame(word, other));
        }

        /** Finds a name, which has no endings but that of the genitive. */
        boolean hasName(String name) {
            return all.contains(name)
                    || all.contains(name + "s")
                    || name.endsWith("s") && all.contains(name.substring(0, name.length() - 1));
        }

        private static boolean isSame(String a, String b) {
            int common = 0;
            while (common < Math.min(a.length(), b.length()) && a.charAt(common) == b.charAt(common)) {
                common++;
            }
            return common >= SAME_PART * Math.max(a.length(), b.length());
        }
    }
}
