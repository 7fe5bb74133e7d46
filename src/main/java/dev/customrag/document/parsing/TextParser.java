package dev.customrag.document.parsing;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;

/**
 * Plain text, and what is read as such: source code, logs, XML, subtitles. Paragraphs end at an empty line or a form feed.
 */
class TextParser implements DocumentParser {

    private static final int BUFFER = 64 * 1024;

    /** Logs have no empty lines. What is this long ends with its line. */
    private static final int LONG_PARAGRAPH = 100_000;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (Reader characters = TextEncoding.open(file, text)) {
            read(characters, text);
        }
    }

    /** Hands the paragraphs of a text to the collector. */
    static void read(Reader characters, TextCollector text) throws IOException {
        var paragraphs = new Paragraphs(text);
        char[] buffer = new char[BUFFER];
        for (int n = characters.read(buffer); n >= 0; n = characters.read(buffer)) {
            for (int i = 0; i < n; i++) {
                paragraphs.add(buffer[i]);
            }
        }
        paragraphs.end();
    }

    /** Holds one paragraph. */
    private static final class Paragraphs {

        private final TextCollector text;
        private final StringBuilder paragraph = new StringBuilder();
        private boolean lineIsEmpty = true;
        private boolean afterReturn;

        Paragraphs(TextCollector text) {
            this.text = text;
        }

        void add(char c) {
            boolean secondHalfOfLineEnd = c == '\n' && afterReturn;
            afterReturn = c == '\r';
            if (secondHalfOfLineEnd) {
                return;
            }
            switch (c) {
                case '\n', '\r' -> {
                    if (lineIsEmpty || paragraph.length() > LONG_PARAGRAPH) {
                        end();
                    } else {
                        paragraph.append('\n');
                    }
                    lineIsEmpty = true;
                }
                case '\f' -> {
                    end();
                    lineIsEmpty = true;
                }
                case ' ', '\t' -> {
                    // Runs of spaces mean nothing, and there may be many megabytes of them.
                    if (!paragraph.isEmpty() && paragraph.charAt(paragraph.length() - 1) != ' ') {
                        paragraph.append(' ');
                    }
                }
                default -> {
                    paragraph.append(c);
                    lineIsEmpty = false;
                    if (paragraph.length() > text.limits().maxCharacters()) {
                        throw UnreadableDocument.tooMuchText(text.limits().maxCharacters());
                    }
                }
            }
        }

        void end() {
            text.lines(paragraph.toString());
            paragraph.setLength(0);
        }
    }
}
