package dev.customrag.chat;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A text in which a quotation is found though it is set differently: another case, spacing, hyphenation at a line's end, kind
 * of quotation marks, brackets and dashes; ligatures and other compatible characters (as NFKC has it, character by
 * character); emphasis of Markdown; characters nobody sees. Where it is found is told in the text as it stands.
 */
final class LooseText {

    private static final String SINGLE_QUOTES = "'’‘‚‛′ʼ`´";
    private static final String DOUBLE_QUOTES = "\"“”„‟«»″";

    private final String text;
    private char[] loose;

    /** For each character of the loose text where the one it was made of begins and ends. */
    private int[] starts;

    private int[] ends;
    private int length;

    LooseText(String text) {
        this.text = text;
        int capacity = text.length() + 16;
        loose = new char[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            int end = at + Character.charCount(character);
            if (isWhite(character)) {
                addSpace(at, end);
            } else if (Character.getType(character) == Character.DASH_PUNCTUATION || character == '−') {
                end = afterDash(at, end);
            } else if (!isUnseen(character)) {
                for (char each : plain(character).toCharArray()) {
                    add(each, at, end);
                }
            }
            at = end;
        }
        while (length > 0 && loose[length - 1] == ' ') {
            length--;
        }
    }

    /** A dash tells only before a figure; at the end of a line it may divide a word, whose halves are joined. */
    private int afterDash(int at, int end) {
        int next = end;
        while (next < text.length() && isWhite(text.charAt(next))) {
            next++;
        }
        if (next < text.length() && Character.isDigit(text.charAt(next)) && next == end) {
            add('-', at, end);
        } else if (next < text.length()
                && text.substring(end, next).contains("\n")
                && Character.isLetter(text.charAt(next))) {
            return next;
        }
        return end;
    }

    private void addSpace(int start, int end) {
        if (length > 0 && loose[length - 1] != ' ') {
            add(' ', start, end);
        }
    }

    private void add(char character, int start, int end) {
        if (length == loose.length) {
            loose = Arrays.copyOf(loose, 2 * length);
            starts = Arrays.copyOf(starts, 2 * length);
            ends = Arrays.copyOf(ends, 2 * length);
        }
        loose[length] = character;
        starts[length] = start;
        ends[length] = end;
        length++;
    }

    private static boolean isWhite(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }

    private static boolean isUnseen(int character) {
        return Character.getType(character) == Character.FORMAT || character == '*';
    }

    private static String plain(int character) {
        if (SINGLE_QUOTES.indexOf(character) >= 0) {
            return "'";
        }
        if (DOUBLE_QUOTES.indexOf(character) >= 0) {
            return "\"";
        }
        if (character == '[' || character == ']') {
            return character == '[' ? "(" : ")";
        }
        String whole = Character.toString(character);
        // Upper case first: it has no ß and no final sigma.
        return character < 128
                ? whole.toLowerCase(Locale.ROOT)
                : Normalizer.normalize(whole, Normalizer.Form.NFKD)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT);
    }

    /** Where these words stand, from this place on; as they are typed rather than in any other way. */
    Optional<TextRange> find(String words, int from) {
        int exact = text.indexOf(words, from);
        if (exact >= 0 && !words.isBlank() && isWhole(exact, exact + words.length())) {
            return Optional.of(new TextRange(exact, exact + words.length()));
        }
        var sought = new LooseText(words);
        if (sought.length == 0) {
            return Optional.empty();
        }
        String within = new String(loose, 0, length);
        String part = new String(sought.loose, 0, sought.length);
        for (int at = within.indexOf(part); at >= 0; at = within.indexOf(part, at + 1)) {
            int start = starts[at];
            int end = ends[at + part.length() - 1];
            if (start >= from && isWhole(start, end)) {
                return Optional.of(new TextRange(start, end));
            }
        }
        return Optional.empty();
    }

    /** Whether no word is cut at the ends. Scripts that do not divide words are cut anywhere. */
    private boolean isWhole(int start, int end) {
        return !isWithinWord(start) && !isWithinWord(end);
    }

    private boolean isWithinWord(int at) {
        return at > 0
                && at < text.length()
                && isPartOfWord(text.codePointBefore(at))
                && isPartOfWord(text.codePointAt(at));
    }

    private static boolean isPartOfWord(int character) {
        return Character.isLetterOrDigit(character)
                && !Character.isIdeographic(character)
                && switch (Character.UnicodeScript.of(character)) {
                    case HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR -> false;
                    default -> true;
                };
    }
}
