package dev.customrag.knowledge;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes text ready for PostgreSQL's text search, whose parser takes some of it for one word that is not. */
final class IndexedText {

    /** Written without spaces between words; Korean has them, but compounds and particles stick together. */
    private static final Pattern UNSPACED =
            Pattern.compile("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}ー]{2,}");

    private IndexedText() {}

    /**
     * The same words, each to be found: {@code either/or} is no file name, and Chinese, Japanese and Korean are cut into
     * overlapping pairs of characters, as Lucene's CJKBigramFilter does.
     */
    static String of(String text) {
        String words = text.replace('/', ' ');
        Matcher run = UNSPACED.matcher(words);
        return run.find() ? run.replaceAll(found -> pairs(found.group())) : words;
    }

    private static String pairs(String run) {
        int[] characters = run.codePoints().toArray();
        var pairs = new StringBuilder(3 * run.length()).append(' ');
        for (int i = 0; i + 1 < characters.length; i++) {
            pairs.appendCodePoint(characters[i])
                    .appendCodePoint(characters[i + 1])
                    .append(' ');
        }
        return pairs.toString();
    }
}
