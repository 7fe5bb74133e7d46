package dev.customrag.document.parsing;

import io.quarkus.runtime.configuration.MemorySize;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What this process and a parser's process say to each other: a request, its reply, and so on. A parser's process may be
 * in the hands of whoever made the file, so that of its replies only what makes sense is taken.
 */
final class ParserWire {

    /** Sent by a parser's process once it listens. */
    static final int LISTENING = 1;

    private static final int TEXT = 2;
    private static final int UNREADABLE = 3;
    private static final int DAMAGED = 4;

    private static final int LONGEST_MESSAGE = 1000;

    /** Of an exception and its causes. */
    static final int MOST_CLASS_NAMES = 10;

    /** Titles may stand nowhere in the text, and be longer than it: those of tables, for one. */
    private static final int TITLES = 4;

    private static final Pattern CLASS_NAME = Pattern.compile("[\\w.$/]{1,200}");

    private ParserWire() {}

    /**
     * A file to read. Of what a name means its reader is asked only when it reads the file: a path that is none in the
     * reader's locale fails that file alone.
     *
     * @param type the name of its {@link FileType}
     * @param file its absolute path
     */
    record Request(String type, String file, ParsingConfig limits) {

        static Request of(FileType type, Path file, ParsingConfig limits) {
            return new Request(type.name(), file.toAbsolutePath().toString(), limits);
        }

        DocumentParser parser() {
            return FileType.valueOf(type).parser();
        }

        Path path() {
            return Path.of(file);
        }
    }

    /** What came of it. */
    sealed interface Reply permits Text, Unreadable, Damaged {}

    record Text(ParsedDocument document) implements Reply {}

    /** With the words for the person. */
    record Unreadable(String message) implements Reply {}

    /** With the names of the exception's class and those of its causes, for the log. */
    record Damaged(List<String> classNames) implements Reply {}

    private record Limits(
            int maxPages, int maxCharacters, MemorySize maxXmlSize, MemorySize maxMarkupSize, Duration timeLimit)
            implements ParsingConfig {}

    static void write(Request request, DataOutputStream out) throws IOException {
        out.writeUTF(request.type());
        out.writeUTF(request.file());
        ParsingConfig limits = request.limits();
        out.writeInt(limits.maxPages());
        out.writeInt(limits.maxCharacters());
        out.writeLong(limits.maxXmlSize().asLongValue());
        out.writeLong(limits.maxMarkupSize().asLongValue());
        out.writeLong(limits.timeLimit().toMillis());
        out.flush();
    }

    static Request readRequest(DataInputStream in) throws IOException {
        return new Request(
                in.readUTF(),
                in.readUTF(),
                new Limits(
                        in.readInt(),
                        in.readInt(),
                        new MemorySize(BigInteger.valueOf(in.readLong())),
                        new MemorySize(BigInteger.valueOf(in.readLong())),
                        Duration.ofMillis(in.readLong())));
    }

    static void write(Reply reply, DataOutputStream out) throws IOException {
        switch (reply) {
            case Text text -> {
                out.writeByte(TEXT);
                write(text.document(), out);
            }
            case Unreadable unreadable -> {
                out.writeByte(UNREADABLE);
                out.writeUTF(unreadable.message());
            }
            case Damaged damaged -> {
                out.writeByte(DAMAGED);
                out.writeInt(damaged.classNames().size());
                for (String name : damaged.classNames()) {
                    out.writeUTF(name);
                }
            }
        }
        out.flush();
    }

    private static void write(ParsedDocument document, DataOutputStream out) throws IOException {
        // Halves of surrogate pairs, of which there should be none, become a character each, so that positions hold.
        write(document.text(), out);
        out.writeInt(document.pageCount() == null ? 0 : document.pageCount());
        out.writeInt(document.pagesWithoutText().size());
        for (int page : document.pagesWithoutText()) {
            out.writeInt(page);
        }
        out.writeInt(document.sections().size());
        for (ParsedDocument.Section section : document.sections()) {
            out.writeBoolean(section.heading() != null);
            if (section.heading() != null) {
                write(section.heading(), out);
            }
            out.writeInt(section.blocks().size());
            for (ParsedDocument.Block block : section.blocks()) {
                out.writeInt(block.start());
                out.writeInt(block.end());
                out.writeInt(block.page() == null ? 0 : block.page());
            }
        }
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * The next reply.
     *
     * @throws IOException if there is none, or it makes no sense
     */
    static Reply readReply(DataInputStream in, ParsingConfig limits) throws IOException {
        return switch (in.readByte()) {
            case TEXT -> new Text(readDocument(in, limits));
            case UNREADABLE -> {
                String message = in.readUTF();
                check(!message.isBlank() && message.length() <= LONGEST_MESSAGE);
                yield new Unreadable(message);
            }
            case DAMAGED -> new Damaged(readClassNames(in));
            default -> throw new StreamCorruptedException();
        };
    }

    private static List<String> readClassNames(DataInputStream in) throws IOException {
        var names = new ArrayList<String>();
        for (int i = count(in, MOST_CLASS_NAMES); i > 0; i--) {
            String name = in.readUTF();
            check(CLASS_NAME.matcher(name).matches());
            names.add(name);
        }
        return names;
    }

    private static ParsedDocument readDocument(DataInputStream in, ParsingConfig limits) throws IOException {
        String text = readText(in, limits.maxCharacters());
        int pageCount = count(in, limits.maxPages());
        var pagesWithoutText = new ArrayList<Integer>();
        for (int i = count(in, pageCount); i > 0; i--) {
            pagesWithoutText.add(page(in, pageCount));
        }
        var sections = new ArrayList<ParsedDocument.Section>();
        int at = 0;
        long titles = 0;
        for (int i = count(in, text.length()); i > 0; i--) {
            String heading = in.readBoolean() ? readText(in, TextCollector.LONGEST_TITLE) : null;
            titles += heading == null ? 0 : heading.length();
            check(titles <= (long) TITLES * limits.maxCharacters());
            var blocks = new ArrayList<ParsedDocument.Block>();
            int blockCount = count(in, text.length());
            check(blockCount > 0);
            for (int j = blockCount; j > 0; j--) {
                int start = in.readInt();
                int end = in.readInt();
                // In their order, so that there are no more of them than characters, in all sections together.
                check(start >= at && start < end && end <= text.length());
                at = end;
                blocks.add(new ParsedDocument.Block(start, end, pageCount == 0 ? noPage(in) : page(in, pageCount)));
            }
            sections.add(new ParsedDocument.Section(heading, List.copyOf(blocks)));
        }
        check(!sections.isEmpty());
        return new ParsedDocument(
                text, List.copyOf(sections), pageCount == 0 ? null : pageCount, List.copyOf(pagesWithoutText));
    }

    private static String readText(DataInputStream in, int maxCharacters) throws IOException {
        // A character takes up to three bytes, or four with its surrogate.
        int length = count(in, (int) Math.min(3L * maxCharacters, Integer.MAX_VALUE));
        byte[] bytes = in.readNBytes(length);
        check(bytes.length == length);
        String text = new String(bytes, StandardCharsets.UTF_8);
        check(text.length() <= maxCharacters);
        return text;
    }

    private static Integer page(DataInputStream in, int pageCount) throws IOException {
        int page = in.readInt();
        check(page >= 1 && page <= pageCount);
        return page;
    }

    private static Integer noPage(DataInputStream in) throws IOException {
        check(in.readInt() == 0);
        return null;
    }

    private static int count(DataInputStream in, int most) throws IOException {
        int count = in.readInt();
        check(count >= 0 && count <= most);
        return count;
    }

    private static void check(boolean makesSense) throws IOException {
        if (!makesSense) {
            throw new StreamCorruptedException();
        }
    }
}
