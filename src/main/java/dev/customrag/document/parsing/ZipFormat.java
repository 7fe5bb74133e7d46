package dev.customrag.document.parsing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Tells which of the formats that are zips a file is, by what it says of itself. */
final class ZipFormat {

    /** A list of every part and its type: ECMA-376, part 2, section 10.1.2. */
    private static final String CONTENT_TYPES = "[Content_Types].xml";

    /**
     * The file's media type, first in the zip and not compressed: OpenDocument 1.3, part 2, section 3.3; EPUB Open
     * Container Format 3.3, section 4.3.3.
     */
    private static final String MIMETYPE = "mimetype";

    private static final int LONGEST_CONTENT_TYPES = 1024 * 1024;
    private static final int LONGEST_MIMETYPE = 100;

    /** The types of main parts: documents, templates, shows, each with and without macros, which are not read. */
    private static final Map<String, FileType> MAIN_PARTS = Map.ofEntries(
            Map.entry("wordprocessingml.document.main+xml", FileType.DOCX),
            Map.entry("wordprocessingml.template.main+xml", FileType.DOCX),
            Map.entry("ms-word.document.macroenabled.main+xml", FileType.DOCX),
            Map.entry("ms-word.template.macroenabledtemplate.main+xml", FileType.DOCX),
            Map.entry("spreadsheetml.sheet.main+xml", FileType.XLSX),
            Map.entry("spreadsheetml.template.main+xml", FileType.XLSX),
            Map.entry("ms-excel.sheet.macroenabled.main+xml", FileType.XLSX),
            Map.entry("ms-excel.template.macroenabled.main+xml", FileType.XLSX),
            Map.entry("presentationml.presentation.main+xml", FileType.PPTX),
            Map.entry("presentationml.template.main+xml", FileType.PPTX),
            Map.entry("presentationml.slideshow.main+xml", FileType.PPTX),
            Map.entry("ms-powerpoint.presentation.macroenabled.main+xml", FileType.PPTX),
            Map.entry("ms-powerpoint.template.macroenabled.main+xml", FileType.PPTX),
            Map.entry("ms-powerpoint.slideshow.macroenabled.main+xml", FileType.PPTX));

    /** Where each format keeps its parts, for a zip that broke off. */
    private static final Map<String, FileType> FOLDERS =
            Map.of("word/", FileType.DOCX, "xl/", FileType.XLSX, "ppt/", FileType.PPTX);

    private static final Map<String, FileType> MEDIA_TYPES = Map.of(
            "application/epub+zip", FileType.EPUB,
            "application/vnd.oasis.opendocument.text", FileType.ODT,
            "application/vnd.oasis.opendocument.text-template", FileType.ODT,
            "application/vnd.oasis.opendocument.spreadsheet", FileType.ODS,
            "application/vnd.oasis.opendocument.spreadsheet-template", FileType.ODS,
            "application/vnd.oasis.opendocument.presentation", FileType.ODP,
            "application/vnd.oasis.opendocument.presentation-template", FileType.ODP);

    private ZipFormat() {}

    /**
     * The format of a zip, empty if it is none that can be read.
     *
     * @param head the file's beginning
     */
    static Optional<FileType> of(Path file, byte[] head) throws IOException {
        try (ZipFile zip = Zips.open(file)) {
            String mediaType = beginning(zip, MIMETYPE, LONGEST_MIMETYPE).strip();
            if (MEDIA_TYPES.containsKey(mediaType)) {
                return Optional.of(MEDIA_TYPES.get(mediaType));
            }
            // Written by a program that knows zip files and not the rule.
            if (zip.getEntry(EpubParser.CONTAINER) != null) {
                return Optional.of(FileType.EPUB);
            }
            String types = beginning(zip, CONTENT_TYPES, LONGEST_CONTENT_TYPES).toLowerCase(Locale.ROOT);
            return MAIN_PARTS.entrySet().stream()
                    .filter(main -> types.contains(main.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst();
        } catch (ZipException e) {
            return ofBrokenOff(new String(head, StandardCharsets.ISO_8859_1));
        }
    }

    /** A zip that broke off has lost its directory, yet it is right to call it a damaged document, not an unknown one. */
    private static Optional<FileType> ofBrokenOff(String head) {
        for (var format : MEDIA_TYPES.entrySet()) {
            if (head.contains(MIMETYPE + format.getKey())) {
                return Optional.of(format.getValue());
            }
        }
        boolean office = head.contains(CONTENT_TYPES) || head.contains("_rels/.rels");
        return FOLDERS.entrySet().stream()
                .filter(folder -> office && head.contains(folder.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String beginning(ZipFile zip, String name, int length) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return "";
        }
        try (InputStream content = zip.getInputStream(entry)) {
            return new String(content.readNBytes(length), StandardCharsets.UTF_8);
        }
    }
}
