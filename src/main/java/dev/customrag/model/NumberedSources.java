package dev.customrag.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How retrieved passages stand in a prompt: after the question, delimited, numbered from 1, as data. Both who writes the
 * prompt and a model that reads it without being a language model go by this one form. No text in it can end its own
 * delimiters, or what looks like them, so that they need no secret: {@link PromptData}.
 */
public final class NumberedSources {

    private static final Pattern SOURCE =
            Pattern.compile("<source number=\"(\\d{1,9})\" name=\"([^\"]*)\">\n(.*?)\n</source>", Pattern.DOTALL);
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\x85]+");
    private static final String BEGIN = "\n\n<sources>\n";
    private static final String END = "\n</sources>";

    private NumberedSources() {}

    /**
     * One passage of a prompt.
     *
     * @param number what {@code [n]} in the answer refers to, from 1
     * @param name where it is from, such as a file name and page
     */
    public record Source(int number, String name, String text) {}

    /** A question and the passages that came with it. */
    public record Prompt(String question, List<Source> sources) {}

    /** The user message for a question with its sources; just the question where there are none. */
    public static String write(String question, List<Source> sources) {
        if (sources.isEmpty()) {
            return question(question);
        }
        var text = new StringBuilder(question(question)).append(BEGIN);
        for (Source source : sources) {
            text.append("<source number=\"")
                    .append(source.number())
                    .append("\" name=\"")
                    .append(oneLine(PromptData.of(source.name())).replace('"', '\''))
                    .append("\">\n")
                    .append(PromptData.of(source.text()))
                    .append("\n</source>\n");
        }
        text.setLength(text.length() - 1);
        return text.append(END).toString();
    }

    /** Reads back what {@link #write} wrote. Any other text is a question without sources. */
    public static Prompt read(String message) {
        int begin = message.lastIndexOf(BEGIN);
        if (begin < 0 || !message.endsWith(END)) {
            return new Prompt(message, List.of());
        }
        var sources = new ArrayList<Source>();
        Matcher matcher = SOURCE.matcher(message.substring(begin));
        while (matcher.find()) {
            sources.add(new Source(Integer.parseInt(matcher.group(1)), matcher.group(2), matcher.group(3)));
        }
        return new Prompt(message.substring(0, begin), sources);
    }

    private static String oneLine(String text) {
        return SPACE.matcher(text).replaceAll(" ");
    }

    /** A model refuses an empty question; one that nobody sees may still be asked what it is. */
    private static String question(String question) {
        String data = PromptData.of(question);
        return data.isBlank() ? question : data;
    }
}
