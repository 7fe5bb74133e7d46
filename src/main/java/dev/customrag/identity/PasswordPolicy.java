package dev.customrag.identity;

import dev.customrag.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses new passwords that an attacker tries first: those common in breaches, and those made of what is known of the
 * person or this place. NIST SP 800-63B, 3.1.1.2; OWASP ASVS 5.0, 6.2.4, 6.2.11 and 6.2.12. There are no rules about
 * kinds of characters, and a phrase is not refused for the common words in it. The form of a password is for
 * {@link Password}.
 */
@ApplicationScoped
class PasswordPolicy {

    static final String COMMON =
            "is one that many people use, and that attackers try first. Choose another, for example"
                    + " four or more words that have nothing to do with each other";

    static final String PERSONAL =
            "consists mostly of your name, your e-mail address or the name of this service, which"
                    + " attackers try first. Choose another, for example four or more words that have nothing to do with each"
                    + " other";

    /** What people add to a word so that it passes: a year and a sign, or less. More is something to guess. */
    private static final int LONGEST_DECORATION = 5;

    /** A shorter part of a password that is repeated, such as {@code abab}, is no more than that part. */
    private static final int SHORTEST_UNIT = 4;

    /** Shorter names, and parts of names and addresses, such as Li, stand in many words by chance. */
    private static final int SHORTEST_NAME_BYTES = 3;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern NO_LETTERS_AROUND = Pattern.compile("^[^\\p{L}]*|[^\\p{L}]*\\z");

    private final CommonPasswords common;
    private final List<Pattern> namesHere;

    PasswordPolicy(CommonPasswords common, IdentityConfig config) {
        this.common = common;
        namesHere = config.guessableNames().stream()
                .flatMap(name -> written(CommonPasswords.folded(name)))
                .toList();
    }

    /**
     * Checks a password before it is set. Call it wherever one is chosen.
     *
     * @param field the member of the request's body that carries it
     * @throws Problem 422 with a message for that field
     */
    void check(String password, String field, String email, String firstName, String lastName) {
        String text = CommonPasswords.folded(password);
        if (isCommon(text)) {
            throw Problem.invalid(field, COMMON);
        }
        String rest = without(text, email, firstName, lastName);
        if (!rest.equals(text) && (PasswordHasher.bytes(rest) < Password.MINIMUM_BYTES || isCommon(rest))) {
            throw Problem.invalid(field, PERSONAL);
        }
    }

    private boolean isCommon(String text) {
        String core = NO_LETTERS_AROUND.matcher(text).replaceAll("");
        boolean decorated = text.length() - core.length() <= LONGEST_DECORATION;
        return isObvious(text) || decorated && isObvious(core);
    }

    private boolean isObvious(String text) {
        String unit = unit(text);
        return common.contain(text)
                || common.contain(unit)
                || unit.length() < text.length() && unit.codePointCount(0, unit.length()) < SHORTEST_UNIT
                || isRun(text);
    }

    /** The shortest part that makes the text when repeated; the text itself if none does. */
    private static String unit(String text) {
        int length = text.length();
        for (int size = 1; size <= length / 2; size++) {
            if (length % size == 0 && text.regionMatches(0, text, size, length - size)) {
                return text.substring(0, size);
            }
        }
        return text;
    }

    /** Whether each character follows the one before it, or precedes it: {@code abcdefgh}, {@code 87654321}. */
    private static boolean isRun(String text) {
        int[] characters = text.codePoints().toArray();
        if (characters.length < 2) {
            return false;
        }
        int step = characters[1] - characters[0];
        for (int i = 1; i < characters.length; i++) {
            if (characters[i] - characters[i - 1] != step) {
                return false;
            }
        }
        return Math.abs(step) == 1;
    }

    /** What is left to guess for somebody who knows the person and this service. */
    private String without(String text, String email, String firstName, String lastName) {
        String address = CommonPasswords.folded(email);
        int at = address.lastIndexOf('@');
        int lastDot = address.lastIndexOf('.');
        // The top-level domain is nobody's: "org" stands in many words.
        List<String> theirs = List.of(
                address,
                address.substring(0, Math.max(at, 0)),
                address.substring(at + 1, lastDot > at ? lastDot : address.length()),
                CommonPasswords.folded(firstName),
                CommonPasswords.folded(lastName));
        Stream<Pattern> wholes = theirs.stream().flatMap(PasswordPolicy::written);
        Stream<Pattern> parts = theirs.stream()
                .skip(1)
                .flatMap(BETWEEN_WORDS::splitAsStream)
                .sorted(Comparator.comparing(String::length).reversed())
                .flatMap(PasswordPolicy::written);
        String rest = text;
        for (Pattern name : Stream.of(namesHere.stream(), wholes, parts)
                .flatMap(patterns -> patterns)
                .toList()) {
            rest = name.matcher(rest).replaceAll("");
        }
        return rest;
    }

    /**
     * Finds a name however its words are joined: {@code ada.lovelace}, {@code adalovelace}, {@code ada lovelace}. Nothing
     * finds one that is too short.
     */
    private static Stream<Pattern> written(String name) {
        List<String> words = BETWEEN_WORDS
                .splitAsStream(name)
                .filter(word -> !word.isEmpty())
                .toList();
        return PasswordHasher.bytes(String.join("", words)) < SHORTEST_NAME_BYTES
                ? Stream.empty()
                : Stream.of(Pattern.compile(
                        words.stream().map(Pattern::quote).collect(Collectors.joining("[^\\p{L}\\p{N}]*"))));
    }
}
