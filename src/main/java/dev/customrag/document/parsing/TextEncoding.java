package dev.customrag.document.parsing;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** How the characters of a text file are written, judged from its bytes. Whole files are never held in memory here. */
final class TextEncoding {

    private static final int BUFFER = 64 * 1024;
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final byte ESCAPE = 0x1B;

    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

    private TextEncoding() {}

    /** The characters of a file, without its byte order mark. Reading them ends when the time is up. */
    static BufferedReader open(Path file, TextCollector text) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            var characters = new PushbackReader(new InputStreamReader(in, of(file, text)));
            int first = characters.read();
            if (first >= 0 && first != BYTE_ORDER_MARK) {
                characters.unread(first);
            }
            return new BufferedReader(new Timed(characters, text), BUFFER);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * The first characters of a text, which are read again after that.
     *
     * @param most at most this many; fewer are all there are
     */
    static String beginning(BufferedReader characters, int most) throws IOException {
        char[] beginning = new char[most];
        int length = 0;
        characters.mark(most);
        for (int n; length < most && (n = characters.read(beginning, length, most - length)) >= 0; ) {
            length += n;
        }
        characters.reset();
        return new String(beginning, 0, length);
    }

    /**
     * The text of a file, without its byte order mark.
     *
     * @param limit how many characters it may have
     */
    static String read(Path file, int limit, TextCollector text) throws IOException {
        var content = new StringBuilder();
        char[] buffer = new char[BUFFER];
        try (Reader characters = open(file, text)) {
            for (int n = characters.read(buffer); n >= 0; n = characters.read(buffer)) {
                content.append(buffer, 0, n);
                if (content.length() > limit) {
                    throw UnreadableDocument.tooMuchText(text.limits().maxCharacters());
                }
            }
        }
        return content.toString();
    }

    /** The encoding of a file. All of it is looked at: an accent may come late. */
    private static Charset of(Path file, TextCollector text) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in, text::checkTime);
        }
    }

    /** The encoding of these bytes, which may break off within a character. */
    static Charset of(byte[] bytes) {
        try {
            return of(new ByteArrayInputStream(bytes), () -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether these bytes say themselves how they are written, so that nothing else needs to be asked. */
    static boolean isProven(Charset charset) {
        return charset.name().startsWith("UTF-");
    }

    private static Charset of(InputStream in, Runnable check) throws IOException {
        byte[] head = in.readNBytes(BUFFER);
        Charset unicode = wideUnicode(head);
        if (unicode != null) {
            return unicode;
        }
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        CharBuffer decoded = CharBuffer.allocate(BUFFER);
        ByteBuffer bytes = ByteBuffer.allocate(2 * BUFFER);
        var sample = new ByteArrayOutputStream();
        long read = 0;
        boolean isUtf8 = true;
        boolean escapes = false;
        for (byte[] chunk = head; chunk.length > 0; chunk = in.readNBytes(BUFFER)) {
            check.run();
            read += chunk.length;
            escapes |= sample.size() == 0 && contains(chunk, ESCAPE);
            collect(chunk, sample);
            if (isUtf8) {
                bytes.put(chunk).flip();
                isUtf8 = decodes(utf8, bytes, decoded);
                bytes.compact();
            }
            if (!isUtf8 && sample.size() >= BUFFER) {
                break;
            }
        }
        // What is left is the beginning of a character. Only what was cut off for a look at it ends so.
        boolean endsWithin = bytes.position() > 0 && read != BUFFER;
        if (isUtf8 && !endsWithin) {
            return escapes && sample.size() == 0 ? CharsetGuess.ofEscaped(head) : StandardCharsets.UTF_8;
        }
        return CharsetGuess.of(sample.toByteArray());
    }

    /** Text in ASCII says nothing about its encoding: the sample begins with the first other byte. */
    private static void collect(byte[] chunk, ByteArrayOutputStream sample) {
        int from = 0;
        if (sample.size() == 0) {
            while (from < chunk.length && chunk[from] >= 0) {
                from++;
            }
        }
        sample.write(chunk, from, Math.min(chunk.length - from, BUFFER - Math.min(sample.size(), BUFFER)));
    }

    private static boolean decodes(CharsetDecoder decoder, ByteBuffer bytes, CharBuffer decoded) {
        CoderResult result;
        do {
            result = decoder.decode(bytes, decoded, false);
            decoded.clear();
        } while (result.isOverflow());
        return !result.isError();
    }

    /** UTF-16 or UTF-32, with a byte order mark or without one; null if it is neither. */
    private static Charset wideUnicode(byte[] head) {
        if (startsWith(head, 0xFF, 0xFE, 0, 0)) {
            return UTF_32LE;
        }
        if (startsWith(head, 0, 0, 0xFE, 0xFF)) {
            return UTF_32BE;
        }
        if (startsWith(head, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE;
        }
        if (startsWith(head, 0xFF, 0xFE)) {
            return StandardCharsets.UTF_16LE;
        }
        // One byte of a space or a line break is zero, and no other text has such a byte.
        if (!contains(head, (byte) 0)) {
            return null;
        }
        for (Charset charset : new Charset[] {UTF_32LE, UTF_32BE}) {
            if (rows(head, charset, 4) < Integer.MAX_VALUE) {
                return charset;
            }
        }
        // Read in the wrong order the letters of one script are strewn over many.
        int littleEndian = rows(head, StandardCharsets.UTF_16LE, 2);
        int bigEndian = rows(head, StandardCharsets.UTF_16BE, 2);
        if (littleEndian == bigEndian) {
            return null;
        }
        return littleEndian < bigEndian ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
    }

    /** Of how many rows of 256 characters each the text is made; the greatest number if it is no text. */
    private static int rows(byte[] head, Charset charset, int unit) {
        boolean whole = head.length < BUFFER;
        if (whole && head.length % unit != 0) {
            return Integer.MAX_VALUE;
        }
        CharBuffer characters = CharBuffer.allocate(head.length / unit * 2);
        CoderResult result = charset.newDecoder().decode(ByteBuffer.wrap(head), characters, false);
        characters.flip();
        boolean isText = !result.isError() && characters.codePoints().allMatch(TextEncoding::isTextCharacter);
        Set<Integer> rows = new HashSet<>();
        characters.chars().forEach(c -> rows.add(c >> 8));
        return isText ? rows.size() : Integer.MAX_VALUE;
    }

    private static boolean isTextCharacter(int c) {
        return switch (Character.getType(c)) {
            case Character.UNASSIGNED, Character.PRIVATE_USE, Character.SURROGATE -> false;
            case Character.CONTROL -> c == '\t' || c == '\n' || c == '\r' || c == '\f';
            default -> true;
        };
    }

    private static boolean contains(byte[] bytes, byte wanted) {
        for (byte b : bytes) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] bytes, int... prefix) {
        if (bytes.length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xFF) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static final class Timed extends FilterReader {

        private final TextCollector text;

        Timed(Reader in, TextCollector text) {
            super(in);
            this.text = text;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            text.checkTime();
            return super.read(buffer, offset, length);
        }
    }
}
