package dev.customrag.http;

/**
 * How an unexpected exception is written to the log: types and stack frames only. Messages of libraries quote what they
 * were given (SQL with its values, the text of a document), so they stay out: docs/architecture.md, "Privacy".
 */
public final class Faults {

    private static final int FRAMES = 30;

    private Faults() {}

    /** The exception and its causes, a line each, with the innermost frames of the stack. */
    public static String describe(Throwable exception) {
        var text = new StringBuilder();
        Throwable current = exception;
        for (int depth = 0; current != null && depth < 10; depth++, current = current.getCause()) {
            text.append(depth == 0 ? "" : "\nCaused by: ")
                    .append(current.getClass().getName());
            StackTraceElement[] frames = current.getStackTrace();
            for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
                text.append("\n\tat ").append(frames[i]);
            }
        }
        return text.toString();
    }
}
