package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where parsers put the text they find. Cleans it, keeps track of pages and headings, and enforces the limits: every
 * call may throw {@link UnreadableDocument}.
 */
public final class TextCollector {

    /** The title of a section goes with each of its passages, to the model and to the index: longer is no title. */
    static final int LONGEST_TITLE = 200;

    private final ParsingConfig limits;
    private final long deadline;
    private final StringBuilder text = new StringBuilder();
    private final List<ParsedDocument.Section> sections = new ArrayList<>();
    private List<ParsedDocument.Block> blocks = new ArrayList<>();
    private String heading;
    private boolean headingOnly = true;
    private Integer page;
    private Integer pageCount;
    private final BitSet pagesWithText = new BitSet();

    public TextCollector(ParsingConfig limits) {
        this.limits = limits;
        this.deadline = System.nanoTime() + limits.timeLimit().toNanos();
    }

    /** All of a file's text; any exception but {@link UnreadableDocument} means that it is damaged. */
    static ParsedDocument collect(DocumentParser parser, Path file, ParsingConfig limits) throws IOException {
        var text = new TextCollector(limits);
        parser.parse(file, text);
        return text.finish();
    }

    ParsingConfig limits() {
        return limits;
    }

    /** Ends the parsing when its time is up. Cheap enough for inner loops. */
    void checkTime() {
        if (Thread.currentThread().isInterrupted() || System.nanoTime() - deadline > 0) {
            throw UnreadableDocument.tooSlow();
        }
    }

    /** Tells how many pages there are, where that is known before the first of them. */
    public void pages(int count) {
        if (count > limits.maxPages()) {
            throw UnreadableDocument.tooManyPages(limits.maxPages());
        }
        pageCount = count;
    }

    /** What follows stands on this page, from 1. There are as many pages as the last of them, or as were told. */
    public void page(int number) {
        checkTime();
        if (pageCount == null || number > pageCount) {
            pages(number);
        }
        page = number;
    }

    /**
     * A section begins. Headings with nothing between them open one section, named for the last. All of a heading is
     * text; the section is named for as much of its beginning as makes a title.
     */
    public void heading(String title) {
        String line = clean(title, false);
        if (line.isEmpty()) {
            return;
        }
        if (!headingOnly) {
            endSection();
        }
        heading = title(line);
        append(line);
    }

    /**
     * A section begins whose title stands nowhere in its text, or is added next as its heading.
     *
     * @param title null without one
     */
    void section(String title) {
        checkTime();
        endSection();
        heading = title == null || title.isBlank() ? null : title(clean(title, false));
    }

    /** Running text: line breaks in it mean nothing. */
    public void paragraph(String paragraph) {
        body(clean(paragraph, false));
    }

    /** Text whose line breaks mean something: code, verse, a table made of spaces. */
    public void lines(String lines) {
        body(clean(lines, true));
    }

    /** One row of a table. */
    public void row(List<String> cells) {
        List<String> clean = cells.stream().map(cell -> clean(cell, false)).toList();
        if (!clean.stream().allMatch(String::isEmpty)) {
            body(String.join(" | ", clean).strip());
        }
    }

    public ParsedDocument finish() {
        if (text.chars().noneMatch(Character::isLetterOrDigit)) {
            throw pageCount == null ? UnreadableDocument.withoutText() : UnreadableDocument.scanned();
        }
        endSection();
        return new ParsedDocument(text.toString(), List.copyOf(sections), pageCount, pagesWithoutText());
    }

    private List<Integer> pagesWithoutText() {
        return pageCount == null
                ? List.of()
                : IntStream.rangeClosed(1, pageCount)
                        .filter(number -> !pagesWithText.get(number))
                        .boxed()
                        .toList();
    }

    private static String title(String line) {
        if (line.length() <= LONGEST_TITLE) {
            return line;
        }
        boolean insideCharacter = Character.isLowSurrogate(line.charAt(LONGEST_TITLE));
        return line.substring(0, insideCharacter ? LONGEST_TITLE - 1 : LONGEST_TITLE)
                .strip();
    }

    private void body(String block) {
        if (!block.isEmpty()) {
            append(block);
            headingOnly = false;
        }
    }

    private void append(String block) {
        checkTime();
        if (text.length() + block.length() + 2 > limits.maxCharacters()) {
            throw UnreadableDocument.tooMuchText(limits.maxCharacters());
        }
        if (!text.isEmpty()) {
            text.append("\n\n");
        }
        int start = text.length();
        text.append(block);
        blocks.add(new ParsedDocument.Block(start, text.length(), page));
        if (page != null) {
            pagesWithText.set(page);
        }
    }

    private void endSection() {
        if (!blocks.isEmpty()) {
            sections.add(new ParsedDocument.Section(heading, List.copyOf(blocks)));
            blocks = new ArrayList<>();
            headingOnly = true;
        }
    }

    /**
     * One space for any run of white space, or one line break where they count. What no reader sees and PostgreSQL
     * refuses to store goes: control and invisible format characters, halves of surrogate pairs.
     */
    private static String clean(String raw, boolean keepLineBreaks) {
        var clean = new StringBuilder(raw.length());
        boolean space = false;
        boolean lineBreak = false;
        for (int i = 0; i < raw.length(); ) {
            int c = raw.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                space = true;
                lineBreak |= keepLineBreaks && (c == '\n' || c == '\u2028' || c == '\u2029');
            } else if (isVisible(c)) {
                if (space && !clean.isEmpty()) {
                    clean.append(lineBreak ? '\n' : ' ');
                }
                space = false;
                lineBreak = false;
                clean.appendCodePoint(c);
            }
        }
        return clean.toString();
    }

    private static boolean isVisible(int c) {
        // Joiners shape letters in several scripts and emoji.
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE -> false;
            case Character.FORMAT -> c == '\u200C' || c == '\u200D';
            default -> true;
        };
    }
}
