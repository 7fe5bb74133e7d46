package dev.customrag.openai;

import java.util.List;

/**
 * Ends an answer before the first of some texts. Here, as not every model can, and as the texts may be cut anywhere into
 * pieces; so what may be the beginning of one waits for the next piece.
 */
final class StopTexts {

    private final List<String> stops;
    private final int longest;
    private final StringBuilder held = new StringBuilder();
    private boolean met;

    StopTexts(List<String> stops) {
        this.stops = stops;
        this.longest = stops.stream().mapToInt(String::length).max().orElse(0);
    }

    /** What may be passed on, with this piece. */
    String pass(String piece) {
        if (met) {
            return "";
        }
        held.append(piece);
        int end = first();
        if (end >= 0) {
            met = true;
            return taken(end);
        }
        return taken(held.length() - openEnd());
    }

    /** What was held back, when there are no more pieces. */
    String rest() {
        return met ? "" : taken(held.length());
    }

    /** Whether one was met: nothing more passes. */
    boolean met() {
        return met;
    }

    private int first() {
        return stops.stream()
                .mapToInt(held::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    /** How many characters at the end may be the beginning of one. */
    private int openEnd() {
        for (int length = Math.min(held.length(), longest - 1); length > 0; length--) {
            String end = held.substring(held.length() - length);
            if (stops.stream().anyMatch(stop -> stop.startsWith(end))) {
                return length;
            }
        }
        return 0;
    }

    private String taken(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }
}
