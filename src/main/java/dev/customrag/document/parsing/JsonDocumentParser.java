package dev.customrag.document.parsing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * JSON, and JSON Lines: any number of values one after the other. Each value is a line with its path, as
 * "address.city: Bonn"; an object that is an element of an array, or a line of JSON Lines, is a block with all that is
 * in it. Nulls, empty texts and encoded bytes say nothing. A line of JSON Lines that is no JSON stays as it is.
 */
class JsonDocumentParser implements DocumentParser {

    private static final int MAX_NESTING = 500;

    /** What is longer is several blocks: an object around all others is no unit of reading. */
    private static final int LONG_BLOCK = 2_000;

    /** The end of a path says most. */
    private static final int LONGEST_PATH = 200;

    /** Bytes in base64, RFC 4648, or a URI that holds them, RFC 2397. Hashes are shorter, and may be asked for. */
    private static final Pattern ENCODED_BYTES =
            Pattern.compile("(?i)data:[\\w.+-]+/[\\w.+-]+[;,]\\S*+|[\\w+/=\\r\\n-]{200,}+");

    private static final int HEAD = 64 * 1024;
    private static final int LONGEST_WORD = 10;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2 * MAX_NESTING)
                    .build())
            .build();

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (BufferedReader characters = TextEncoding.open(file, text)) {
            if (isLines(TextEncoding.beginning(characters, HEAD))) {
                readLines(characters, text);
            } else {
                try (JsonParser json = JSON.createParser(characters)) {
                    new Values(json, false, text).read();
                }
            }
        }
    }

    /** A line that is no JSON stays as it is: logs have lines that others wrote, and break off. */
    private static void readLines(BufferedReader characters, TextCollector text) throws IOException {
        int longest = text.limits().maxCharacters();
        var rows = new RowReader(characters, longest, () -> UnreadableDocument.tooMuchText(longest));
        var words = new StringBuilder();
        try (var lines = new BufferedReader(rows)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.begin();
                boolean isValue = isJson(line, false);
                if (!words.isEmpty() && (isValue || words.length() > LONG_BLOCK)) {
                    text.lines(words.toString());
                    words.setLength(0);
                }
                if (isValue) {
                    try (JsonParser json = JSON.createParser(line)) {
                        new Values(json, true, text).read();
                    }
                } else {
                    words.append(line).append('\n');
                }
            }
        }
        text.lines(words.toString());
    }

    /**
     * Whether this is JSON, going by its beginning: one object or array, or several.
     *
     * @param mayBeCutOff whether it may end before what it opens
     */
    static boolean isJson(String beginning, boolean mayBeCutOff) {
        String json = beginning.stripLeading();
        if (!json.startsWith("{") && !json.startsWith("[")) {
            return false;
        }
        try (JsonParser parser = JSON.createParser(json)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0 && token.isScalarValue()) {
                    return false;
                }
            }
            return true;
        } catch (JsonEOFException | StreamConstraintsException e) {
            return mayBeCutOff;
        } catch (IOException e) {
            // A word such as "true" is not known by its half.
            return mayBeCutOff
                    && e instanceof JsonProcessingException syntax
                    && syntax.getLocation().getCharOffset() > json.length() - LONGEST_WORD;
        }
    }

    /** JSON Lines, jsonlines.org: the first line is a whole value, and the next begins another. */
    private static boolean isLines(String beginning) {
        String json = beginning.stripLeading();
        int lineEnd = json.indexOf('\n');
        if (lineEnd < 0) {
            return false;
        }
        String rest = json.substring(lineEnd).stripLeading();
        return isJson(json.substring(0, lineEnd), false) && (rest.startsWith("{") || rest.startsWith("["));
    }

    /**
     * What is open: an object, or an array.
     *
     * @param path of it, from the root; empty there
     * @param isRecord the outermost object that is an element, which is kept together
     */
    private record Level(String path, boolean isArray, boolean isRecord) {}

    /** Walks through the values without recursion. */
    private static final class Values {

        private final JsonParser json;
        private final boolean isLines;
        private final TextCollector text;
        private final Deque<Level> levels = new ArrayDeque<>();
        private final StringBuilder block = new StringBuilder();
        private boolean insideRecord;

        /** Whether the line being written is one of an array of plain values. */
        private boolean isList;

        /** Whether the element before ended its line: notebooks write a text as an array of its lines. */
        private boolean isLine;

        Values(JsonParser json, boolean isLines, TextCollector text) {
            this.json = json;
            this.isLines = isLines;
            this.text = text;
        }

        void read() throws IOException {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                text.checkTime();
                switch (token) {
                    case START_OBJECT, START_ARRAY -> open(token == JsonToken.START_ARRAY);
                    case END_OBJECT, END_ARRAY -> close();
                    case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> value();
                    default -> {}
                }
            }
            end();
        }

        private void open(boolean isArray) throws IOException {
            if (levels.size() == MAX_NESTING) {
                throw UnreadableDocument.tooDeep();
            }
            isList = false;
            boolean isElement = levels.isEmpty() ? isLines : levels.peek().isArray();
            boolean isRecord = !isArray && isElement && !insideRecord;
            if (isRecord) {
                end();
                insideRecord = true;
            }
            levels.push(new Level(path(), isArray, isRecord));
        }

        private void close() {
            isList = false;
            Level level = levels.pop();
            if (level.isRecord()) {
                insideRecord = false;
                end();
            } else if (block.length() > LONG_BLOCK || levels.isEmpty()) {
                end();
            }
        }

        private void value() throws IOException {
            String raw = json.getText();
            String value = raw.strip();
            boolean afterLine = isLine;
            isLine = raw.endsWith("\n");
            if (value.isEmpty() || ENCODED_BYTES.matcher(value).matches()) {
                return;
            }
            Level level = levels.peek();
            if (isList && block.length() <= LONG_BLOCK) {
                block.append(afterLine ? "\n" : ", ").append(value);
            } else {
                startLine();
                String path = path();
                block.append(path.isEmpty() ? "" : path + ": ").append(value);
                isList = level != null && level.isArray();
            }
        }

        private void startLine() {
            if (block.length() > LONG_BLOCK) {
                end();
            }
            if (!block.isEmpty()) {
                block.append('\n');
            }
        }

        /** An element has the path of its array: its number says nothing to a reader. */
        private String path() throws IOException {
            if (levels.isEmpty()) {
                return "";
            }
            Level level = levels.peek();
            if (level.isArray()) {
                return level.path();
            }
            String path = level.path().isEmpty() ? json.currentName() : level.path() + "." + json.currentName();
            return path.substring(Math.max(0, path.length() - LONGEST_PATH));
        }

        private void end() {
            text.lines(block.toString());
            block.setLength(0);
            isList = false;
        }
    }
}
