package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Plain text: paragraphs end at an empty line or a form feed. */
class TextParser implements DocumentParser {

    private static final Pattern LINE_END = Pattern.compile("\\r\\n?");
    private static final Pattern PARAGRAPH_END = Pattern.compile("\\n[ \\t]*\\n|\\f");

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        String content = LINE_END.matcher(TextEncoding.read(file)).replaceAll("\n");
        PARAGRAPH_END.splitAsStream(content).forEach(text::lines);
    }
}
