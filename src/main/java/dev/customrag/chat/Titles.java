package dev.customrag.chat;

import dev.customrag.usage.Ledger;
import dev.customrag.usage.Purpose;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names conversations: at once after the first question, and by a model once that is answered. */
@ApplicationScoped
class Titles {

    /** In characters; a line of a list. */
    private static final int LONGEST_TITLE = 80;

    /** What a conversation is about stands at the beginning of its question and its answer. */
    private static final int LONGEST_PART = 1_000;

    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Z}\\p{Cc}]+");

    /** What a line may begin with that is no part of a title: marks of Markdown, or the word for it in some languages. */
    private static final Pattern BEGINNING = Pattern.compile(
            "^(?:#{1,6}\\s+|[-*>•]\\s+|(?:title|titel|titre|título|titolo|tittel|otsikko|cím|заголовок|название|标题|タイトル)\\s*[:\\uFF1A]\\s*)",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /** Marks of emphasis and code around words. */
    private static final List<Pattern> EMPHASIS = List.of(
            Pattern.compile("(\\*{1,3})(?=\\S)([^*]+)(?<=\\S)\\1"),
            Pattern.compile("(?<!\\w)(_{1,3})(?=\\S)([^_]+)(?<=\\S)\\1(?!\\w)"),
            Pattern.compile("(`+)([^`]+)\\1"));

    /** Quotation marks around the whole. */
    private static final Pattern QUOTED = Pattern.compile("^([\"'«»„“”‚‘’「『])([^\"«»„“”「」『』]+)[\"'«»“”‘’」』]$");

    /** Links and tags, and what turns the direction of text around. */
    private static final Pattern UNUSABLE = Pattern.compile("]\\(|</?\\w|[\\u202A-\\u202E\\u2066-\\u2069\\p{Cs}]");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]");

    private final Prompts prompts;
    private final Ledger ledger;
    private final ChatConfig config;

    Titles(Prompts prompts, Ledger ledger, ChatConfig config) {
        this.prompts = prompts;
        this.ledger = ledger;
        this.config = config;
    }

    /** The question as a title: one line, cut between words where it is too long. */
    static String ofQuestion(String question) {
        String line = oneLine(question);
        if (isShort(line)) {
            return line;
        }
        int end = line.offsetByCodePoints(0, LONGEST_TITLE - 1);
        int space = line.lastIndexOf(' ', end);
        return line.substring(0, space < end / 2 ? end : space).stripTrailing() + "…";
    }

    /**
     * A title for a conversation, by the model that answered its first question. Empty where the model is none that could,
     * where the configuration says so, and where none comes in time that is of use. Waits for the model; not within a
     * transaction.
     */
    Optional<String> of(Answering.Task task, String answer) {
        if (!task.model().followsInstructions() || !config.modelTitles()) {
            return Optional.empty();
        }
        String data = SideCall.data("question", beginning(task.question()))
                + "\n\n"
                + SideCall.data("answer", beginning(answer));
        return new SideCall(ledger, Purpose.TITLE, task)
                .text(prompts.title(), data, config.titleTimeLimit())
                .flatMap(Titles::title);
    }

    /** What a model wrote, as a title; empty if it is none. */
    static Optional<String> title(String written) {
        if (written.strip().lines().skip(1).findAny().isPresent()) {
            return Optional.empty();
        }
        String line = oneLine(written);
        String before;
        do {
            before = line;
            line = unwrapped(line);
        } while (!line.equals(before));
        boolean usable = isShort(line)
                && WORD.matcher(line).find()
                && !UNUSABLE.matcher(line).find();
        return usable ? Optional.of(line) : Optional.empty();
    }

    private static String unwrapped(String line) {
        String bare = BEGINNING.matcher(line).replaceFirst("");
        for (Pattern emphasis : EMPHASIS) {
            bare = emphasis.matcher(bare).replaceAll("$2");
        }
        Matcher quoted = QUOTED.matcher(bare);
        return (quoted.matches() ? quoted.group(2) : bare).strip();
    }

    private static String oneLine(String text) {
        return BLANK.matcher(text).replaceAll(" ").strip();
    }

    private static boolean isShort(String line) {
        return line.codePointCount(0, line.length()) <= LONGEST_TITLE;
    }

    private static String beginning(String text) {
        return text.length() <= LONGEST_PART ? text : text.substring(0, text.offsetByCodePoints(0, LONGEST_PART / 2));
    }
}
