package dev.customrag.document.parsing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * Electronic books, EPUB 2 and 3: the chapters in the order of the spine, each read as a page of HTML. A chapter without
 * a heading of its own is headed by its line in the table of contents. The order is of files, not of printed pages, so
 * there are none here.
 */
class EpubParser implements DocumentParser {

    static final String CONTAINER = "META-INF/container.xml";
    private static final String ENCRYPTION = "META-INF/encryption.xml";

    /** Scrambled fonts are no protection of the text: EPUB Open Container Format 3.3, section 4.4; Adobe's own way. */
    private static final Set<String> FONT_SCRAMBLING =
            Set.of("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC");

    private static final String HEADINGS = "h1, h2, h3";

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        try (ZipFile zip = Zips.open(file)) {
            new Book(zip, text).read();
        }
    }

    private static final class Book {

        private final ZipFile zip;
        private final TextCollector text;
        private long left;

        Book(ZipFile zip, TextCollector text) {
            this.zip = zip;
            this.text = text;
            this.left = text.limits().maxXmlSize().asLongValue();
        }

        void read() throws IOException {
            if (zip.getEntry(ENCRYPTION) != null && isEncrypted(xml(ENCRYPTION))) {
                throw UnreadableDocument.copyProtected();
            }
            Element rootFile = xml(CONTAINER).selectFirst("*|rootfile[full-path]");
            if (rootFile == null) {
                throw UnreadableDocument.damaged();
            }
            String packagePath = rootFile.attr("full-path");
            Document book = xml(packagePath);
            Map<String, Element> manifest = new HashMap<>();
            book.select("*|manifest > *|item").forEach(item -> manifest.put(item.attr("id"), item));
            Map<String, String> contents = contents(book, manifest, packagePath);
            readAbout(book);
            for (String path : spine(book, manifest, packagePath)) {
                text.checkTime();
                if (zip.getEntry(path) != null) {
                    readChapter(path, contents.get(path));
                }
            }
        }

        private void readAbout(Document book) {
            Element title = book.selectFirst("*|metadata > *|title");
            if (title != null) {
                text.heading(title.text());
            }
            text.paragraph(
                    String.join(", ", book.select("*|metadata > *|creator").eachText()));
            book.select("*|metadata > *|description")
                    .forEach(description ->
                            // Often HTML in its escaped form.
                            text.paragraph(Jsoup.parse(description.text()).text()));
        }

        /** Each once: a spine that names a chapter many times is no longer than the book. */
        private Set<String> spine(Document book, Map<String, Element> manifest, String packagePath) {
            Set<String> paths = new LinkedHashSet<>();
            for (Element reference : book.select("*|spine > *|itemref")) {
                Element item = manifest.get(reference.attr("idref"));
                if (item != null && item.attr("media-type").contains("html")) {
                    paths.add(resolved(packagePath, item.attr("href")));
                }
            }
            return paths;
        }

        private void readChapter(String path, String titleInContents) throws IOException {
            Document chapter = HtmlParser.load(bytes(path));
            boolean ownHeading = chapter.body().selectFirst(HEADINGS) != null;
            if (!ownHeading && titleInContents != null) {
                text.heading(titleInContents);
            }
            HtmlParser.readBody(chapter, text);
        }

        /** The titles of chapters by the paths of their files, from the navigation of EPUB 3, else the NCX of EPUB 2. */
        private Map<String, String> contents(Document book, Map<String, Element> manifest, String packagePath)
                throws IOException {
            Map<String, String> titles = new HashMap<>();
            for (Element item : manifest.values()) {
                String path = resolved(packagePath, item.attr("href"));
                if (zip.getEntry(path) == null) {
                    continue;
                }
                if (item.attr("properties").contains("nav")) {
                    for (Element link : xml(path).select("*|nav *|a[href]")) {
                        titles.putIfAbsent(resolved(path, link.attr("href")), link.text());
                    }
                } else if (item.attr("media-type").equals("application/x-dtbncx+xml")) {
                    for (Element point : xml(path).select("*|navPoint")) {
                        Element target = point.selectFirst("*|content[src]");
                        Element label = point.selectFirst("*|navLabel");
                        if (target != null && label != null) {
                            titles.putIfAbsent(resolved(path, target.attr("src")), label.text());
                        }
                    }
                }
            }
            return titles;
        }

        private boolean isEncrypted(Document encryption) {
            return encryption.select("*|EncryptedData").stream().anyMatch(data -> {
                Element method = data.selectFirst("*|EncryptionMethod");
                return method == null || !FONT_SCRAMBLING.contains(method.attr("Algorithm"));
            });
        }

        /** Neither entities nor external parts are resolved by this parser. */
        private Document xml(String path) throws IOException {
            return Jsoup.parse(new ByteArrayInputStream(bytes(path)), null, "", Parser.xmlParser());
        }

        /** Sizes written in a zip may lie: what is unpacked is counted, over all of the book. */
        private byte[] bytes(String path) throws IOException {
            ZipEntry entry = zip.getEntry(path);
            if (entry == null) {
                throw UnreadableDocument.damaged();
            }
            long most = text.limits().maxMarkupSize().asLongValue();
            var bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[64 * 1024];
            try (InputStream content = zip.getInputStream(entry)) {
                for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                    text.checkTime();
                    left -= n;
                    if (left < 0) {
                        throw UnreadableDocument.tooLargeUnpacked();
                    }
                    if (bytes.size() + n > most) {
                        throw UnreadableDocument.tooMuchMarkup(most);
                    }
                    bytes.write(buffer, 0, n);
                }
            }
            return bytes.toByteArray();
        }
    }

    /** The path in the zip of what a file there refers to, without the place in it. */
    private static String resolved(String from, String reference) {
        String path = reference.replaceFirst("#.*", "");
        return Zips.resolved(from, path.contains("%") ? decoded(path) : path);
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path;
        }
    }
}
