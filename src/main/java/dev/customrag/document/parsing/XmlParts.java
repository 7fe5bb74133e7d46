package dev.customrag.document.parsing;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The XML parts of a zipped office file, read as streams: memory does not grow with their size. What they unpack to is
 * bounded together, whatever the sizes written in the zip; parts that are not asked for, such as pictures, are never
 * unpacked.
 */
final class XmlParts implements Closeable {

    /** What the package itself relates to, its main part for one: ECMA-376, part 2, section 9.3. */
    private static final String PACKAGE = "";

    /** Text may shrink on its way to the collector: white space, numbers as they are shown. */
    private static final int RAW_PER_CHARACTER = 4;

    private final ZipFile zip;
    private final TextCollector text;

    /** Names differ by nothing else than case: ECMA-376, part 2, section 9.1.1. Some programs take that liberty. */
    private final TreeMap<String, ZipEntry> parts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private long left;
    private long kept;

    XmlParts(Path file, TextCollector text) throws IOException {
        this.text = text;
        left = text.limits().maxXmlSize().asLongValue();
        zip = Zips.open(file);
        try {
            for (var entries = zip.entries(); entries.hasMoreElements(); ) {
                text.checkTime();
                ZipEntry entry = entries.nextElement();
                parts.put(entry.getName().replace('\\', '/'), entry);
            }
        } catch (RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /**
     * How one part refers to another.
     *
     * @param kind the last word of its type, which transitional and strict files share, such as {@code slide}
     * @param target the part's name, without a slash before it
     */
    record Relationship(String id, String kind, String target) {}

    boolean has(String part) {
        return parts.containsKey(part);
    }

    /** Reads a part; the file is damaged if there is none. To be closed before the next is opened, or after it. */
    XmlReader open(String part) throws IOException {
        ZipEntry entry = parts.get(part);
        if (entry == null) {
            throw UnreadableDocument.damaged();
        }
        return new XmlReader(new Bounded(zip.getInputStream(entry)), this, text);
    }

    /** The parts of the same package that a part refers to and that are there, in the order of the file. */
    List<Relationship> relationships(String part) throws IOException {
        String folder = part.substring(0, part.lastIndexOf('/') + 1);
        String list = folder + "_rels/" + part.substring(folder.length()) + ".rels";
        var found = new ArrayList<Relationship>();
        if (!has(list)) {
            return found;
        }
        try (XmlReader xml = open(list)) {
            while (xml.next()) {
                if (xml.starts("Relationship") && !"External".equals(xml.attribute("TargetMode"))) {
                    String type = xml.attribute("Type");
                    String target = Zips.resolved(part, xml.attribute("Target"));
                    if (has(target)) {
                        found.add(new Relationship(
                                xml.attribute("Id"), type.substring(type.lastIndexOf('/') + 1), target));
                    }
                }
            }
        }
        return found;
    }

    /** The first part of this kind among those that a part refers to. */
    static Optional<String> first(List<Relationship> relationships, String kind) {
        return relationships.stream()
                .filter(relationship -> relationship.kind().equals(kind))
                .map(Relationship::target)
                .findFirst();
    }

    /** The part that the package is about: the document, the workbook, the presentation. */
    String main() throws IOException {
        return first(relationships(PACKAGE), "officeDocument").orElseThrow(UnreadableDocument::damaged);
    }

    /** Counts the characters that are kept of all parts; more than a document may have are refused. */
    void keep(int characters) {
        kept += characters;
        if (kept > (long) RAW_PER_CHARACTER * text.limits().maxCharacters()) {
            throw UnreadableDocument.tooMuchText(text.limits().maxCharacters());
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private final class Bounded extends FilterInputStream {

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            count(Math.max(n, 0));
            return n;
        }

        private void count(int bytes) {
            text.checkTime();
            left -= bytes;
            if (left < 0) {
                throw UnreadableDocument.tooLargeUnpacked();
            }
        }
    }
}
