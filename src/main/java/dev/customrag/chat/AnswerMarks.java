package dev.customrag.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The marks {@code [n]} of an answer, while it streams: those whose number names no source are taken out, and the space
 * before them where it would be left over. What models write in their place, such as {@code 【1†source】},
 * {@code [1-3]} or {@code [Source 1]}, becomes {@code [1]}; of a group the numbers that name sources stay.
 *
 * <p>No marks, and left as they are: what stands in code, between backticks or in a fenced block; the text of a link, as in
 * {@code [1](https://example.org)}; a footnote {@code [^1]}; a group with a 0, which is an interval. A number of four
 * digits or more is hardly an invented source: {@code [1998]} becomes {@code (1998)}.
 */
final class AnswerMarks extends AnswerFilter {

    private static final String DIGITS = "[0-9０-９]{1,9}";
    private static final String NOT_ZERO = "[1-9１-９][0-9０-９]{0,8}";
    private static final String JOIN = "(?: ?[,;、，；&–-] ?| and | )";
    private static final String NUMBERS =
            " ?(?:[Ss]ources?[ :#]{1,2})?(?:" + NOT_ZERO + "(?:" + JOIN + NOT_ZERO + "){1,19}|" + DIGITS + ") ?";
    private static final String MARK = "(?:\\[" + NUMBERS + "]|\\[\\[" + NUMBERS + "]]|\\\\\\[" + NUMBERS + "\\\\]|［"
            + NUMBERS + "］|〔" + NUMBERS + "〕|【" + NUMBERS + "(?:[:†][^】\\n]{0,60})?】)(?!\\()";

    /** Marks next to each other, with what may be left over around them. */
    private static final Pattern MARKS = Pattern.compile("(?<space>[ \\u00a0]?)(?<open>\\(?)(?<marks>" + MARK
            + "(?:[,;]? ?" + MARK + "){0,19})(?<close>\\)?)(?!\\()");

    private static final Pattern EACH = Pattern.compile("(?<between>[,;]? ?)(?<mark>" + MARK + ")");
    private static final Pattern PLAIN =
            Pattern.compile("\\[[0-9]{1,9}(?: ?, ?[0-9]{1,9})*]|\\[\\[[0-9]{1,9}(?: ?, ?[0-9]{1,9})*]]");
    private static final Pattern NUMBER_OR_RANGE = Pattern.compile("([0-9０-９]+)(?: ?[–-] ?([0-9０-９]+))?");
    private static final Pattern TAIL = Pattern.compile("[:†].*");

    private static final String CLOSING = "]］〕】";
    private static final String BEGINNINGS = " \u00a0(\\[［〔【";

    /** What may stand between the bracket and the last number, besides digits. */
    private static final String INSIDE = " ,;、，；&–-:#Sourcesand";

    /** A space before these was before the mark. */
    private static final String STOPS = " \u00a0\t\r\n.,;:!?)]}»”’…。、，；：！？）" + NOTHING;

    /** Sources have fewer digits, however many a person asks for. */
    private static final int LARGEST_SOURCE = 999;

    private final int sources;
    private final CodeText code = new CodeText();
    private final List<Mark> marks = new ArrayList<>();
    private int length;
    private char last = NOTHING;

    /** The text so far ends with what a number and a bracket would make a mark of. */
    private boolean bracketOpen;

    /**
     * @param sources how many were retrieved; they are numbered from 1
     */
    AnswerMarks(int sources) {
        this.sources = sources;
    }

    /**
     * Marks next to each other, which support the same statement.
     *
     * @param start where they begin in the text that came out
     * @param end where they end there, exclusive
     * @param numbers of sources, as they stand
     */
    record Mark(int start, int end, List<Integer> numbers) {}

    /** The marks that were left in what came out so far. */
    List<Mark> marks() {
        return List.copyOf(marks);
    }

    @Override
    Optional<Pattern> beginsWith(char character) {
        return BEGINNINGS.indexOf(character) >= 0 && !code.isCodeAt(character) ? Optional.of(MARKS) : Optional.empty();
    }

    @Override
    void plain(char character) {
        code.next(character);
        length++;
        last = character;
        bracketOpen = "[［〔【".indexOf(character) >= 0
                || bracketOpen && (Character.isDigit(character) || INSIDE.indexOf(character) >= 0);
        write(character);
    }

    private void plain(String text) {
        text.chars().forEach(character -> plain((char) character));
    }

    @Override
    void found(MatchResult cluster, char next) {
        var kept = new StringBuilder();
        var numbers = new ArrayList<Integer>();
        Matcher each = EACH.matcher(cluster.group("marks"));
        while (each.find()) {
            List<Integer> named = named(each.group("mark"));
            if (!named.isEmpty()) {
                kept.append(numbers.isEmpty() ? "" : each.group("between")).append(shown(each.group("mark"), named));
                numbers.addAll(named);
            }
        }
        String space = cluster.group("space");
        String open = cluster.group("open");
        String close = cluster.group("close");
        if (!numbers.isEmpty()) {
            plain(space + open);
            int start = length;
            plain(kept.toString());
            marks.add(new Mark(start, length, List.copyOf(numbers)));
            plain(close);
        } else if (wouldMakeAMark(space, open) || saysMoreThanASource(cluster.group("marks"))) {
            plain(space + open + inParentheses(cluster.group("marks")) + close);
        } else {
            boolean parentheses = !open.isEmpty() && !close.isEmpty();
            char following = open.isEmpty() && !close.isEmpty() ? ')' : next;
            boolean alone = open.isEmpty() || parentheses;
            boolean spaceLeftOver = alone && STOPS.indexOf(following) >= 0;
            String left = alone && wouldJoin(last, following) ? " " : spaceLeftOver ? "" : space;
            plain(left + (parentheses ? "" : open + close));
        }
    }

    /** Whether taking something out here would make a mark of what is around it. */
    private boolean wouldMakeAMark(String space, String open) {
        return open.isEmpty() ? bracketOpen : space.isEmpty() && CLOSING.indexOf(last) >= 0;
    }

    /** Whether these mean something else next to each other: a word, a tag, an image, other code of backticks, a link. */
    private static boolean wouldJoin(char last, char next) {
        return Character.isLetterOrDigit(last) && Character.isLetterOrDigit(next)
                || last == '<' && next != NOTHING
                || last == '!' && next == '['
                || last == next && (last == '`' || last == '~')
                || CLOSING.indexOf(last) >= 0 && (next == ':' || next == '(');
    }

    /** The numbers of a mark that name sources. */
    private List<Integer> named(String mark) {
        var named = new ArrayList<Integer>();
        Matcher number = NUMBER_OR_RANGE.matcher(TAIL.matcher(mark).replaceFirst(""));
        while (number.find()) {
            int from = Integer.parseInt(number.group(1));
            int to = number.group(2) == null ? from : Integer.parseInt(number.group(2));
            for (int n = Math.max(1, from); n <= Math.min(to, sources); n++) {
                named.add(n);
            }
        }
        return named;
    }

    private String shown(String mark, List<Integer> named) {
        long numbers = NUMBER_OR_RANGE.matcher(mark).results().count();
        if (numbers == named.size() && PLAIN.matcher(mark).matches()) {
            return mark;
        }
        boolean doubled = mark.startsWith("[[");
        return named.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", doubled ? "[[" : "[", doubled ? "]]" : "]"));
    }

    private static boolean saysMoreThanASource(String marks) {
        return NUMBER_OR_RANGE
                .matcher(marks)
                .results()
                .anyMatch(number -> Integer.parseInt(number.group(1)) > LARGEST_SOURCE);
    }

    private static String inParentheses(String marks) {
        return EACH.matcher(marks)
                .replaceAll(each -> Matcher.quoteReplacement(
                        each.group("between") + "(" + each.group("mark").replaceAll("^\\\\?\\W+|\\W+$", "") + ")"));
    }
}
