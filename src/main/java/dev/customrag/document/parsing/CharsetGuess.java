package dev.customrag.document.parsing;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.tika.parser.txt.CharsetDetector;
import org.apache.tika.parser.txt.CharsetMatch;

/**
 * Guesses the encoding of text that is not Unicode from the statistics of its letters, by ICU's detector. That takes
 * Western words for Asian ones and the other way round where there are few of them, so that first comes how bytes above
 * 127 stand: in Latin scripts one by one, in others in long runs. {@code TextEncodingTest} measures it.
 */
final class CharsetGuess {

    /** The encoding of Western Windows: what browsers assume too. */
    static final Charset FALLBACK = Charset.forName("windows-1252");

    /** The detector's names of encodings with two bytes a character, and the superset that is written in their name. */
    private static final Map<String, Charset> DOUBLE_BYTE = Map.of(
            "Shift_JIS", Charset.forName("windows-31j"),
            "EUC-JP", Charset.forName("EUC-JP"),
            "GB18030", Charset.forName("GB18030"),
            "Big5", Charset.forName("Big5"),
            "EUC-KR", Charset.forName("x-windows-949"));

    private static final Map<String, Charset> OTHER_SCRIPTS = Map.of(
            "windows-1251", Charset.forName("windows-1251"),
            "KOI8-R", Charset.forName("KOI8-R"),
            "IBM866", Charset.forName("IBM866"),
            "ISO-8859-5", Charset.forName("ISO-8859-5"),
            "ISO-8859-6", Charset.forName("ISO-8859-6"),
            "windows-1256", Charset.forName("windows-1256"),
            "ISO-8859-7", Charset.forName("ISO-8859-7"),
            "windows-1253", Charset.forName("windows-1253"),
            "ISO-8859-8-I", Charset.forName("windows-1255"),
            "ISO-8859-8", Charset.forName("windows-1255"));

    private static final Map<String, Charset> LATIN = Map.of(
            "ISO-8859-1", FALLBACK,
            "windows-1252", FALLBACK,
            "ISO-8859-2", Charset.forName("ISO-8859-2"),
            "windows-1250", Charset.forName("windows-1250"),
            "ISO-8859-9", Charset.forName("windows-1254"),
            "windows-1254", Charset.forName("windows-1254"));

    /** Encodings of seven bits that change their meaning with an escape character. */
    private static final Map<String, Charset> ESCAPED = Map.of(
            "ISO-2022-JP", Charset.forName("ISO-2022-JP"),
            "ISO-2022-KR", Charset.forName("ISO-2022-KR"),
            "ISO-2022-CN", Charset.forName("ISO-2022-CN"));

    /** Words of Latin scripts stay below, capitals with umlauts included; double-byte text stays above. */
    private static final double RUN_OF_OTHER_SCRIPT = 1.75;

    /** Where the detector is sure of an encoding with two bytes a character; Western text scores 10. */
    private static final int SURE = 60;

    /** What the detector gives UTF-8 with one broken character among ten or more. */
    private static final int BROKEN_UTF8 = 25;

    /** With fewer accented letters than these nothing tells the Latin encodings apart. */
    private static final int ENOUGH_LETTERS = 8;

    private CharsetGuess() {}

    /** The likeliest encoding of text that has a byte above 127. */
    static Charset of(byte[] sample) {
        CharsetMatch[] matches = matches(sample);
        for (CharsetMatch match : matches) {
            if (match.getName().equals("UTF-8") && match.getConfidence() >= BROKEN_UTF8) {
                return StandardCharsets.UTF_8;
            }
        }
        int letters = 0;
        int runs = 0;
        for (int i = 0; i < sample.length; i++) {
            if (sample[i] < 0) {
                letters++;
                runs += i == 0 || sample[i - 1] >= 0 ? 1 : 0;
            }
        }
        if (letters >= runs * RUN_OF_OTHER_SCRIPT) {
            Charset doubleByte = best(matches, DOUBLE_BYTE, SURE);
            return doubleByte != null ? doubleByte : orFallback(best(matches, OTHER_SCRIPTS, 0));
        }
        return letters < ENOUGH_LETTERS ? FALLBACK : orFallback(best(matches, LATIN, 0));
    }

    /** The encoding of text without a byte above 127 but with escape characters. */
    static Charset ofEscaped(byte[] sample) {
        Charset escaped = best(matches(sample), ESCAPED, 0);
        return escaped == null ? StandardCharsets.UTF_8 : escaped;
    }

    private static CharsetMatch[] matches(byte[] sample) {
        var detector = new CharsetDetector();
        detector.setText(sample);
        return detector.detectAll();
    }

    private static Charset best(CharsetMatch[] matches, Map<String, Charset> known, int confidence) {
        for (CharsetMatch match : matches) {
            Charset charset = known.get(match.getName());
            if (charset != null && match.getConfidence() >= confidence) {
                return charset;
            }
        }
        return null;
    }

    private static Charset orFallback(Charset charset) {
        return charset == null ? FALLBACK : charset;
    }
}
