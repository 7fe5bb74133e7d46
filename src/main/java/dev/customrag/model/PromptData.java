package dev.customrag.model;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of documents and people as it may stand in a prompt: nothing in it that nobody sees, and nothing that a model could
 * take for a delimiter of the prompt or of a turn. All else stays as it is, orders included: they are words like others.
 */
final class PromptData {

    /**
     * What has no look of its own, and carries text past the eyes of whoever reads the document: Unicode's
     * Default_Ignorable_Code_Point (DerivedCoreProperties.txt, 16.0), which has the tag characters, the selectors of
     * variants and the controls of direction; and the control characters but for white space. The two joiners stay, for
     * Persian and Indic words need them.
     */
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
                    + "\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8"
                    + "\\x{1bca0}-\\x{1bca3}\\x{1d173}-\\x{1d17a}\\x{e0000}-\\x{e0fff}"
                    + "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{7f}-\\x{84}\\x{86}-\\x{9f}]+");

    /** What may open a delimiter: brackets that look like one of ours, those of templates, and ways to write them in code. */
    private static final Pattern OPENING = Pattern.compile("[<＜﹤‹«˂ᐸ≺⧼⦑〈〈《⟨⟪❬❮❰\\[［&\\\\%]");

    private static final Pattern WRITTEN_OPENING =
            Pattern.compile("&(?:amp;)*(?:lt|#0*60|#x0*3c);?|\\\\u003c|\\\\x3c|%3c", Pattern.CASE_INSENSITIVE);

    /** The tags that this service writes, also with spaces between their letters, after folding. */
    private static final Pattern OUR_TAG = Pattern.compile(
            "[ /\\\\!?<]{0,8}(?:" + spaced("source") + "(?: ?s)?|" + spaced("instruction") + "(?: ?s)?)(?![a-z0-9_])");

    /** As {@link #OUR_TAG}, where the bracket is a quotation mark too: French texts speak of « sources ». */
    private static final Pattern OUR_TAG_IN_QUOTES = Pattern.compile(" ?(?:[/\\\\] ?(?:" + spaced("source") + "|"
            + spaced("instruction") + ")|" + spaced("source") + " number)");

    private static final String QUOTATION_MARKS = "‹«〈〈《⟨⟪❮❰";

    /**
     * What separates turns in the templates of models, after folding: ChatML, Llama, Mistral, Gemma, DeepSeek, Cohere and
     * gpt-oss document theirs with their tokenizers.
     */
    private static final Pattern TOKEN_OF_A_TEMPLATE =
            Pattern.compile("\\|[a-z][a-z0-9_▁]{0,40}\\|>|<? ?/? ?sys ?>|/?s>|/?(?:start|end)_of_turn>|(?:bos|eos)>");

    private static final Pattern BRACKETED_TOKEN =
            Pattern.compile(" ?/? ?(?:inst|available_tools|tool_calls|tool_results|system_prompt|tool_content) ?]");

    /** Longer than any delimiter, spaced out and padded as it may be. */
    private static final int LONGEST = 64;

    /** A run of what folding leaves out is not followed further than this. */
    private static final int FARTHEST = 256;

    /** Letters that look like those of our tags, and which normalisation leaves apart: UTS #39, confusables.txt. */
    private static final Map<Integer, Character> LOOK_ALIKES = lookAlikes();

    private PromptData() {}

    /** The text without the invisible, and with a parenthesis where a delimiter would have opened. */
    static String of(String text) {
        String visible = INVISIBLE.matcher(text).replaceAll("");
        var data = new StringBuilder();
        Matcher opening = OPENING.matcher(visible);
        int from = 0;
        while (opening.find(from)) {
            int end = openingEnd(visible, opening.start());
            data.append(visible, from, opening.start());
            if (end > opening.start() && opensADelimiter(visible, opening.start(), end)) {
                data.append('(');
                from = end;
            } else {
                data.append(visible.charAt(opening.start()));
                from = opening.start() + 1;
            }
        }
        return data.append(visible, from, visible.length()).toString();
    }

    /** Where what opens here ends; {@code start} where nothing does, as with most ampersands. */
    private static int openingEnd(String text, int start) {
        if ("&\\%".indexOf(text.charAt(start)) < 0) {
            return start + 1;
        }
        Matcher written = WRITTEN_OPENING.matcher(text).region(start, Math.min(text.length(), start + LONGEST));
        return written.lookingAt() ? written.end() : start;
    }

    private static boolean opensADelimiter(String text, int start, int end) {
        String folded = folded(text, end);
        char opening = text.charAt(start);
        if ("[［".indexOf(opening) >= 0) {
            return BRACKETED_TOKEN.matcher(folded).lookingAt();
        }
        Pattern ours = QUOTATION_MARKS.indexOf(opening) >= 0 ? OUR_TAG_IN_QUOTES : OUR_TAG;
        return ours.matcher(folded).lookingAt()
                || TOKEN_OF_A_TEMPLATE.matcher(folded).lookingAt();
    }

    /** The text from there on in small Latin letters, look-alikes included, without marks and in single spaces. */
    private static String folded(String text, int from) {
        var folded = new StringBuilder();
        int end = Math.min(text.length(), from + FARTHEST);
        int at = from;
        while (at < end && folded.length() < LONGEST) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            fold(character, folded);
        }
        return folded.toString();
    }

    private static void fold(int character, StringBuilder folded) {
        if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
            if (folded.isEmpty() || folded.charAt(folded.length() - 1) != ' ') {
                folded.append(' ');
            }
            return;
        }
        String plain = character < 0x80
                ? Character.toString(character)
                : Normalizer.normalize(Character.toString(character), Normalizer.Form.NFKD);
        plain.codePoints().forEach(part -> {
            int type = Character.getType(part);
            if (type != Character.NON_SPACING_MARK
                    && type != Character.ENCLOSING_MARK
                    && type != Character.FORMAT
                    && type != Character.COMBINING_SPACING_MARK) {
                int small = Character.toLowerCase(part);
                folded.append(LOOK_ALIKES.getOrDefault(small, small < 0x10000 ? (char) small : '?'));
            }
        });
    }

    /** A word that may be written with a space between any two letters. */
    private static String spaced(String word) {
        return String.join(" ?", word.split(""));
    }

    private static Map<Integer, Character> lookAlikes() {
        var all = new HashMap<Integer, Character>();
        Map.ofEntries(
                        Map.entry('s', "ѕꜱƽʂṩ"),
                        Map.entry('o', "оοօ०০੦૦௦๐໐ഠօߋᴏ0ø"),
                        Map.entry('u', "υսʋᴜ"),
                        Map.entry('r', "гᴦⲅꭇꭈʀ"),
                        Map.entry('c', "сςᴄⲥ"),
                        Map.entry('e', "еҽєε℮ꬲɛ"),
                        Map.entry('i', "іıɩιɪӏ"),
                        Map.entry('n', "ոռɴп"),
                        Map.entry('t', "тτᴛ"),
                        Map.entry('/', "∕⁄⧸⟋╱〳"),
                        Map.entry('<', "‹«〈《⟨⟪❬❮"),
                        Map.entry('>', "›»〉》⟩⟫❭❯˃"),
                        Map.entry('|', "ǀ∣│❘"),
                        Map.entry('_', "ˍ"))
                .forEach((letter, others) -> others.codePoints().forEach(other -> all.put(other, letter)));
        return Map.copyOf(all);
    }
}
