package dev.customrag.chat;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes an answer while it streams. Text leaves at once, but for what may become something to change: that is held until
 * the text after it decides. How the answer is cut into pieces makes no difference to what comes out.
 */
abstract class AnswerFilter {

    /** What {@link #found} is told to come next where nothing does. */
    static final char NOTHING = '\0';

    private final StringBuilder held = new StringBuilder();
    private final StringBuilder out = new StringBuilder();

    /** The next piece of the answer; gives what may go on now, perhaps nothing. */
    final String feed(String piece) {
        held.append(piece);
        return drain(false);
    }

    /** The answer is over; gives the rest. */
    final String end() {
        return drain(true);
    }

    private String drain(boolean complete) {
        int at = 0;
        while (at < held.length()) {
            Optional<Pattern> construct = beginsWith(held.charAt(at));
            Matcher matcher =
                    construct.isEmpty() ? null : construct.get().matcher(held).region(at, held.length());
            boolean found = matcher != null && matcher.lookingAt();
            // Whatever more text there were, it could not change a match that has not seen the end.
            if (matcher != null && matcher.hitEnd() && !complete) {
                break;
            }
            if (found) {
                at = matcher.end();
                found(matcher.toMatchResult(), at < held.length() ? held.charAt(at) : NOTHING);
            } else {
                plain(held.charAt(at++));
            }
        }
        held.delete(0, at);
        String ready = out.toString();
        out.setLength(0);
        return ready;
    }

    /** What to look for at this character, which is the next; never matches the empty text. */
    abstract Optional<Pattern> beginsWith(char character);

    /** It is there, and {@code next} is the character after it. */
    abstract void found(MatchResult construct, char next);

    /** Nothing begins at this character; it is to be {@link #write}n. */
    abstract void plain(char character);

    /** Lets a character go on. */
    final void write(char character) {
        out.append(character);
    }
}
