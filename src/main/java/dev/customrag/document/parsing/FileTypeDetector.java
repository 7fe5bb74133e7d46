package dev.customrag.document.parsing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what a file is from its bytes. Its name only chooses between kinds of text, which look alike. */
public final class FileTypeDetector {

    private static final int HEAD = 64 * 1024;

    /** Readers accept a PDF whose header comes within the first 1,024 bytes: ISO 32000-1, annex H.3, note 13. */
    private static final int PDF_HEADER_WITHIN = 1024;

    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] OLE2 = {
        (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
    };
    private static final byte[] RTF = {'{', '\\', 'r', 't', 'f'};

    /** Text by its bytes, but not text to read: PostScript. */
    private static final Pattern PRINTING_LANGUAGE = Pattern.compile("%!PS");

    private static final Pattern BEFORE_HTML = pattern("\\G(\\s++|<\\?xml[^>]*+>|<!--.*?-->)");
    private static final Pattern HTML_PAGE = pattern("<(!doctype\\s+html|html|head|body)\\b");

    /** How fragments begin: the list of the WHATWG MIME Sniffing Standard, section 7.1. Markdown may begin so too. */
    private static final Pattern HTML_FRAGMENT = pattern("<(iframe|h1|div|font|table|a|title|b|br|p)[\\s>]");

    /** Source code of other kinds begins so as well, and a page loses what is in them. */
    private static final Pattern SCRIPT_OR_STYLE = pattern("<(script|style)[\\s>]");

    private static final Pattern HTML_NAME = Pattern.compile("\\.html?$");

    private static final Pattern MAIL_FIELD = Pattern.compile("([!-9;-~]{1,100}):[ \\t]?");
    private static final Set<String> WRITTEN_BY_PROGRAMS =
            Set.of("message-id", "mime-version", "received", "return-path");
    private static final Set<String> WRITTEN_BY_PEOPLE = Set.of("from", "to", "subject", "date");
    private static final Pattern JSON_NAME = Pattern.compile("\\.(json|jsonl|ndjson|geojson)$");
    private static final Pattern TABLE_NAME = Pattern.compile("\\.(csv|tsv|tab)$");

    private FileTypeDetector() {}

    /**
     * The type of a file.
     *
     * @param name what it is called, for telling one kind of text from another
     * @throws UnsupportedFile if it is none that can be read
     */
    public static FileType detect(Path file, String name) throws IOException {
        byte[] head = head(file);
        int pdfHeader = new String(head, 0, Math.min(head.length, PDF_HEADER_WITHIN), StandardCharsets.ISO_8859_1)
                .indexOf("%PDF-");
        if (pdfHeader == 0 || pdfHeader > 0 && !isText(decode(head))) {
            return FileType.PDF;
        }
        if (startsWith(head, OLE2)) {
            throw UnsupportedFile.oldOrProtectedOffice();
        }
        if (startsWith(head, ZIP)) {
            return ZipFormat.of(file, head).orElseThrow(UnsupportedFile::unknown);
        }
        if (startsWith(head, RTF)) {
            return FileType.RTF;
        }
        return textType(head, name.toLowerCase(Locale.ROOT));
    }

    private static FileType textType(byte[] head, String name) {
        if (isEmail(head, name)) {
            return FileType.EMAIL;
        }
        String text = decode(head);
        if (!isText(text) || PRINTING_LANGUAGE.matcher(text).lookingAt()) {
            throw UnsupportedFile.unknown();
        }
        int start = 0;
        for (Matcher skipped = BEFORE_HTML.matcher(text); skipped.find(); ) {
            start = skipped.end();
        }
        String beginning = text.substring(start);
        if (HTML_PAGE.matcher(beginning).lookingAt()) {
            return FileType.HTML;
        }
        boolean whole = head.length < HEAD;
        boolean isMarkdown = name.endsWith(".md") || name.endsWith(".markdown");
        // Markdown may begin with brackets as well, so that half of an array proves nothing against its name.
        if (JsonDocumentParser.isJson(
                text, !whole && !isMarkdown || JSON_NAME.matcher(name).find())) {
            return FileType.JSON;
        }
        if (isMarkdown) {
            return FileType.MARKDOWN;
        }
        if (TABLE_NAME.matcher(name).find()) {
            return FileType.CSV;
        }
        if (HTML_FRAGMENT.matcher(beginning).lookingAt()
                || HTML_NAME.matcher(name).find()
                        && SCRIPT_OR_STYLE.matcher(beginning).lookingAt()) {
            return FileType.HTML;
        }
        return CsvFormats.sniff(text, whole).isCertain() ? FileType.CSV : FileType.TEXT;
    }

    /**
     * A header of RFC 5322 at the very beginning. A memo has one too, which a file of another name is read as, unless it
     * has what programs add on the way. Only the name tells that what stands before a header is to be overlooked.
     */
    private static boolean isEmail(byte[] head, String name) {
        int start = name.endsWith(".eml") ? EmailParser.headerStart(head) : 0;
        String text = new String(head, start, head.length - start, StandardCharsets.ISO_8859_1);
        var fields = new HashSet<String>();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.isEmpty()) {
                break;
            }
            Matcher field = MAIL_FIELD.matcher(line);
            if (!field.lookingAt()) {
                // Folded, or cut off at the end of what is looked at.
                if (fields.isEmpty() || !line.startsWith(" ") && !line.startsWith("\t")) {
                    return false;
                }
                continue;
            }
            fields.add(field.group(1).toLowerCase(Locale.ROOT));
        }
        return fields.contains("from") && !Collections.disjoint(fields, WRITTEN_BY_PROGRAMS)
                || name.endsWith(".eml") && !Collections.disjoint(fields, WRITTEN_BY_PEOPLE);
    }

    private static String decode(byte[] head) {
        String text = new String(head, TextEncoding.of(head));
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Without the control characters that no text has: WHATWG MIME Sniffing Standard, section 3, binary data bytes. */
    private static boolean isText(String text) {
        return text.chars().noneMatch(c -> c <= 0x08 || c == 0x0B || c >= 0x0E && c <= 0x1A || c >= 0x1C && c <= 0x1F);
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD);
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }
}
