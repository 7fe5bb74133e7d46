package dev.customrag.document.parsing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the characters of a text file are written, judged from its bytes. */
final class TextEncoding {

    /** What is neither Unicode nor marked: the encoding of Western Windows, as browsers assume it too. */
    static final Charset FALLBACK = Charset.forName("windows-1252");

    private TextEncoding() {}

    /** The text of a file, without its byte order mark. */
    static String read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, of(bytes));
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The encoding of these bytes, which may break off within a character. */
    static Charset of(byte[] bytes) {
        if (startsWith(bytes, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE;
        }
        if (startsWith(bytes, 0xFF, 0xFE)) {
            return StandardCharsets.UTF_16LE;
        }
        return isUtf8(bytes) ? StandardCharsets.UTF_8 : FALLBACK;
    }

    private static boolean isUtf8(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(8192);
        CoderResult result;
        do {
            result = decoder.decode(in, out, false);
            out.clear();
        } while (result.isOverflow());
        return !result.isError();
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return bytes.length >= 2 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }
}
