package dev.customrag.chat;

/**
 * Which text of a Markdown answer is code, as far as that can be said while it streams: fenced blocks and what stands
 * between backticks (CommonMark 0.31.2, sections 4.5 and 6.1), but a line's end also ends what backticks began, as nobody
 * knows yet whether they will be closed. Not for decisions on which security rests.
 */
final class CodeText {

    private enum Place {
        TEXT,
        SPAN,
        /** The rest of the line after a fence. */
        INFO,
        FENCED
    }

    private static final int SHORTEST_FENCE = 3;

    private Place place = Place.TEXT;
    private boolean lineStart = true;
    private char runOf;
    private int run;
    private boolean runAtLineStart;

    /** What began the code. */
    private char openedBy;

    private int openedWith;

    /** A fence that ends the block if nothing follows it on its line. */
    private boolean closing;

    /** Whether this character, if it were the next, would be code. */
    boolean isCodeAt(char character) {
        endRunBefore(character);
        return place != Place.TEXT;
    }

    /** Goes on by a character. */
    void next(char character) {
        endRunBefore(character);
        if (character == '`' || character == '~') {
            if (run == 0) {
                runOf = character;
                runAtLineStart = lineStart;
            }
            run++;
            lineStart = false;
        } else if (character == '\n') {
            endLine();
        } else {
            boolean blank = character == ' ' || character == '\t' || character == '\r';
            closing &= blank;
            lineStart &= blank || character == '>';
        }
    }

    private void endRunBefore(char character) {
        if (run > 0 && character != runOf) {
            endRun();
            run = 0;
        }
    }

    private void endRun() {
        switch (place) {
            case TEXT -> {
                if (runAtLineStart && run >= SHORTEST_FENCE) {
                    open(Place.INFO);
                } else if (runOf == '`') {
                    open(Place.SPAN);
                }
            }
            case SPAN -> {
                if (runOf == '`' && run == openedWith) {
                    place = Place.TEXT;
                }
            }
            case INFO -> {
                // No backtick may stand after a fence of backticks: these are a span.
                if (runOf == '`' && openedBy == '`') {
                    place = run == openedWith ? Place.TEXT : Place.SPAN;
                }
            }
            case FENCED -> closing = runAtLineStart && runOf == openedBy && run >= openedWith;
        }
    }

    private void open(Place begun) {
        place = begun;
        openedBy = runOf;
        openedWith = run;
    }

    private void endLine() {
        place = switch (place) {
            case TEXT, SPAN -> Place.TEXT;
            case INFO -> Place.FENCED;
            case FENCED -> closing ? Place.TEXT : Place.FENCED;
        };
        closing = false;
        lineStart = true;
    }
}
