package dev.customrag.document.parsing;

import com.rtfparserkit.parser.IRtfListener;
import com.rtfparserkit.parser.IRtfSource;
import com.rtfparserkit.parser.standard.StandardRtfParser;
import com.rtfparserkit.rtf.Command;
import com.rtfparserkit.rtf.CommandType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rich Text Format 1.9.1. Headings are known by the names of their styles, which programs write in English; footnotes
 * and comments follow their paragraph; each header and footer is read once, where it is defined. Deleted and hidden text
 * is left out.
 */
class RtfParser implements DocumentParser {

    private static final Pattern HEADING = Pattern.compile("title|heading [1-9]");

    /** How many bytes of anything follow. The library makes room for them before it looks for them. */
    private static final Pattern BINARY = Pattern.compile("\\\\bin(\\d+)");

    /** Programs nest a few dozen groups. */
    private static final int MAX_DEPTH = 1_000;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        checkBinary(file);
        try (var source = new Source(file)) {
            new LenientParser(source).parse(source, new Listener(text));
        }
    }

    private static void checkBinary(Path file) throws IOException {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (var binary = BINARY.matcher(bytes); binary.find(); ) {
            String length = binary.group(1);
            if (length.length() > 9 || Integer.parseInt(length) > bytes.length() - binary.end()) {
                throw UnreadableDocument.damaged();
            }
        }
    }

    /**
     * Reads what others read: an encoding that the library does not know spoils single characters at most, and what
     * follows the document is none of it.
     */
    private static final class LenientParser extends StandardRtfParser {

        private final Source source;
        private int depth;

        LenientParser(Source source) {
            this.source = source;
        }

        @Override
        public void processGroupStart() {
            depth++;
            super.processGroupStart();
        }

        @Override
        public void processGroupEnd() {
            super.processGroupEnd();
            depth--;
            if (depth == 0) {
                source.end();
            }
        }

        @Override
        public void processCommand(Command command, int parameter, boolean hasParameter, boolean optional) {
            try {
                super.processCommand(command, parameter, hasParameter, optional);
            } catch (IllegalArgumentException e) {
                if (command.getCommandType() != CommandType.Encoding) {
                    throw e;
                }
            }
        }
    }

    /** The bytes of the file up to the end of the document: some programs write zeros after it. */
    private static final class Source implements IRtfSource, AutoCloseable {

        private final PushbackInputStream in;
        private boolean ended;

        Source(Path file) throws IOException {
            in = new PushbackInputStream(new BufferedInputStream(Files.newInputStream(file)));
        }

        void end() {
            ended = true;
        }

        @Override
        public int read() throws IOException {
            return ended ? -1 : in.read();
        }

        @Override
        public void unread(int b) throws IOException {
            in.unread(b);
        }

        @Override
        public int read(byte[] buffer) throws IOException {
            return in.readNBytes(buffer, 0, buffer.length);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** What the text of a group is. */
    private enum Role {
        BODY,
        /** Not for readers. */
        IGNORED,
        STYLES,
        /** The number or bullet of a list's item. */
        BULLET,
        /** A footnote, a comment, a text box: said beside the paragraph that it stands in. */
        ASIDE,
        MARGIN
    }

    private static final class Group {

        private Role role;
        private boolean hidden;

        /** Whether the role begins with this group. */
        private boolean roleBegins;

        Group(Role role, boolean hidden) {
            this.role = role;
            this.hidden = hidden;
        }
    }

    private static final class Paragraph {

        private final StringBuilder content = new StringBuilder();
        private final List<String> asides = new ArrayList<>();
    }

    private static final class Listener implements IRtfListener {

        private static final Set<Command> BODY = EnumSet.of(
                Command.rtf,
                Command.field,
                Command.fldrslt,
                Command.shp,
                Command.shpinst,
                Command.object,
                Command.result);
        private static final Set<Command> ASIDES = EnumSet.of(Command.footnote, Command.annotation, Command.shptxt);
        private static final Set<Command> MARGINS = EnumSet.of(
                Command.header,
                Command.headerf,
                Command.headerl,
                Command.headerr,
                Command.footer,
                Command.footerf,
                Command.footerl,
                Command.footerr);

        private final TextCollector text;
        private final Deque<Group> groups = new ArrayDeque<>();
        private final Deque<Paragraph> paragraphs = new ArrayDeque<>();
        private final Set<Integer> headingStyles = new HashSet<>();
        private final Map<Integer, StringBuilder> styleNames = new HashMap<>();
        private final StringBuilder bullet = new StringBuilder();
        private final Set<String> margins = new HashSet<>();
        private final List<String> row = new ArrayList<>();
        private int style;
        private boolean inTable;

        Listener(TextCollector text) {
            this.text = text;
            paragraphs.push(new Paragraph());
        }

        @Override
        public void processDocumentStart() {
            // Nothing stands before the first group.
        }

        @Override
        public void processDocumentEnd() {
            endRow();
            endParagraph();
        }

        @Override
        public void processGroupStart() {
            text.checkTime();
            if (groups.size() == MAX_DEPTH) {
                throw UnreadableDocument.damaged();
            }
            Group outer = groups.peek();
            groups.push(outer == null ? new Group(Role.IGNORED, false) : new Group(outer.role, outer.hidden));
        }

        @Override
        public void processGroupEnd() {
            Group group = groups.pop();
            if (group.roleBegins) {
                endRole(group.role);
            }
        }

        private void endRole(Role role) {
            switch (role) {
                case ASIDE -> {
                    String aside = paragraphs.pop().content.toString();
                    paragraphs.peek().asides.add(aside);
                }
                case MARGIN -> {
                    String margin = paragraphs.pop().content.toString();
                    if (margins.add(margin)) {
                        text.lines(margin);
                    }
                }
                case BULLET -> {
                    boolean number = bullet.chars().anyMatch(Character::isLetterOrDigit);
                    append(number ? bullet + " " : "- ");
                    bullet.setLength(0);
                }
                case STYLES ->
                    styleNames.forEach((number, name) -> {
                        String known = name.toString().replace(";", "").strip().toLowerCase(Locale.ROOT);
                        if (HEADING.matcher(known).matches()) {
                            headingStyles.add(number);
                        }
                    });
                default -> {}
            }
        }

        @Override
        public void processCharacterBytes(byte[] data) {
            // The parser decodes them.
        }

        @Override
        public void processBinaryBytes(byte[] data) {
            // Pictures and objects.
        }

        @Override
        public void processString(String string) {
            text.checkTime();
            Group group = groups.peek();
            if (group == null || group.hidden) {
                return;
            }
            switch (group.role) {
                case BODY, ASIDE, MARGIN -> append(string);
                case BULLET -> bullet.append(string);
                case STYLES ->
                    styleNames
                            .computeIfAbsent(style, number -> new StringBuilder())
                            .append(string);
                case IGNORED -> {}
            }
        }

        @Override
        public void processCommand(Command command, int parameter, boolean hasParameter, boolean optional) {
            text.checkTime();
            Group group = groups.peek();
            if (group == null) {
                return;
            }
            if (command.getCommandType() == CommandType.Destination || command == Command.optionalcommand) {
                beginRole(command, group);
            } else if (group.role == Role.STYLES) {
                readStyle(command, parameter);
            } else if (group.role != Role.IGNORED) {
                boolean on = !hasParameter || parameter != 0;
                switch (command) {
                    case v, deleted -> group.hidden = on;
                    case plain -> group.hidden = false;
                    default -> read(command, parameter, group.role);
                }
            }
        }

        /** What begins with a star and is not known is for other programs. */
        private void beginRole(Command command, Group group) {
            if (group.role == Role.IGNORED && command != Command.rtf
                    || BODY.contains(command) && group.role != Role.IGNORED) {
                return;
            }
            group.roleBegins = true;
            if (command == Command.rtf) {
                group.role = Role.BODY;
            } else if (command == Command.stylesheet) {
                group.role = Role.STYLES;
            } else if (command == Command.listtext || command == Command.pntext) {
                group.role = Role.BULLET;
            } else if (ASIDES.contains(command)) {
                group.role = Role.ASIDE;
                paragraphs.push(new Paragraph());
            } else if (MARGINS.contains(command)) {
                group.role = Role.MARGIN;
                paragraphs.push(new Paragraph());
            } else {
                group.role = Role.IGNORED;
            }
        }

        private void readStyle(Command command, int parameter) {
            switch (command) {
                case s -> style = parameter;
                // Styles of characters, sections and tables are counted apart.
                case cs, ds, ts -> style = -1;
                default -> {}
            }
        }

        private void read(Command command, int parameter, Role role) {
            switch (command) {
                case par, sect -> {
                    if (role == Role.BODY && !inTable) {
                        endRow();
                        endParagraph();
                    } else {
                        append("\n");
                    }
                }
                case line -> append("\n");
                case tab, nonbreakingspace, page, column, nestcell -> append(" ");
                case nonbreakinghyphen -> append("-");
                case pard -> {
                    if (role == Role.BODY) {
                        style = 0;
                        inTable = false;
                    }
                }
                case s -> style = role == Role.BODY ? parameter : style;
                case intbl -> inTable |= role == Role.BODY;
                case cell -> endCell();
                case row -> endRow();
                default -> {}
            }
        }

        private void append(String words) {
            paragraphs.peek().content.append(words);
        }

        private void endCell() {
            Paragraph paragraph = paragraphs.peek();
            row.add(paragraph.content + " " + String.join(" ", paragraph.asides));
            paragraph.content.setLength(0);
            paragraph.asides.clear();
        }

        private void endRow() {
            text.row(List.copyOf(row));
            row.clear();
        }

        private void endParagraph() {
            Paragraph paragraph = paragraphs.peek();
            if (headingStyles.contains(style)) {
                text.heading(paragraph.content.toString());
            } else {
                text.lines(paragraph.content.toString());
            }
            paragraph.asides.forEach(text::lines);
            paragraph.content.setLength(0);
            paragraph.asides.clear();
        }
    }
}
