package dev.customrag.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Files made to harm whoever reads them. */
public final class HostileFiles {

    private static final int MEGABYTE = 1024 * 1024;
    private static final String WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private static final int DEEP = 100_000;

    /** The outcome of what may take for ever, or not, as the machine goes. */
    public static final String SLOW = "";

    private HostileFiles() {}

    /**
     * A hostile file.
     *
     * @param outcome words of what becomes of it; null if it is as good as any
     */
    public record Hostile(String filename, byte[] bytes, String outcome) {

        @Override
        public String toString() {
            return filename;
        }
    }

    /**
     * All of them.
     *
     * @param trap an address that nobody may ask for
     */
    public static List<Hostile> all(String trap) {
        var files = new ArrayList<Hostile>();
        files.addAll(archives());
        files.addAll(xml(trap));
        files.addAll(pdfs());
        files.addAll(texts());
        return files;
    }

    private static List<Hostile> archives() {
        return List.of(
                new Hostile("flat-bomb.docx", SampleFiles.zipBomb(), "unpacks to more data"),
                new Hostile(
                        "bomb-in-a-bomb.docx", with(SampleFiles.docx(), "word/embeddings/a.zip", matryoshka()), null),
                new Hostile("overlapping-entries.docx", overlapping(), null),
                new Hostile("lying-directory.docx", lying(SampleFiles.zipBomb()), "unpacks to more data"),
                new Hostile("many-entries.docx", manyEntries(), null));
    }

    private static List<Hostile> xml(String trap) {
        return List.of(
                new Hostile("entity-bomb.docx", word(laughs(), "&z9;"), "damaged"),
                new Hostile("quoted-entity-bomb.docx", word(quadratic(), "&a;".repeat(100_000)), "damaged"),
                new Hostile("file-entity.docx", SampleFiles.docxWithExternalEntity("file:///etc/hostname"), "damaged"),
                new Hostile("http-entity.docx", SampleFiles.docxWithExternalEntity(trap), "damaged"),
                new Hostile(
                        "http-parameter-entity.docx",
                        word("<!DOCTYPE a [<!ENTITY % p SYSTEM \"" + trap + "\"> %p;]>", "text"),
                        null),
                new Hostile("http-dtd.docx", word("<!DOCTYPE a SYSTEM \"" + trap + "\">", "text"), null),
                new Hostile("http-relations.docx", relatedTo(trap), null),
                new Hostile("http-page.html", page(trap), null),
                new Hostile("deep.docx", deep(), "damaged"));
    }

    private static List<Hostile> pdfs() {
        String text = "stream\nBT /F1 12 Tf 50 700 Td (Readable words) Tj ET\nendstream";
        String page =
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>%s>>>>";
        var files = new ArrayList<Hostile>();
        files.add(new Hostile(
                "cyclic-pages.pdf",
                pdf(Map.of(
                        2, "<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 1>>", 3, page.formatted(""), 5, plain(text))),
                null));
        files.add(new Hostile(
                "cyclic-references.pdf",
                pdf(Map.of(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>", 3, "6 0 R", 5, plain(text), 6, "3 0 R")),
                "No readable text"));
        files.add(new Hostile(
                "cyclic-length.pdf",
                pdf(Map.of(
                        2,
                        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                        3,
                        page.formatted(""),
                        5,
                        "<</Length 5 0 R>>" + text)),
                "No readable text"));
        files.add(new Hostile(
                "self-drawing-form.pdf",
                pdf(Map.of(
                        2,
                        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                        3,
                        page.formatted("/XObject<</X 6 0 R>>"),
                        5,
                        stream("/X Do"),
                        6,
                        stream(
                                "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>",
                                "/X Do /X Do"))),
                SLOW));
        files.add(new Hostile("form-tree.pdf", formTree(page), SLOW));
        files.add(new Hostile(
                "huge-image.pdf",
                pdf(Map.of(
                        2,
                        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                        3,
                        page.formatted("/XObject<</X 6 0 R>>"),
                        5,
                        stream("/X Do BI /W 99999999 /H 99999999 /BPC 8 /CS /RGB ID abc\nEI"),
                        6,
                        stream(
                                "/Type/XObject/Subtype/Image/Width 2000000000/Height 2000000000/ColorSpace/DeviceRGB/BitsPerComponent 8",
                                "abc"))),
                "No readable text"));
        files.add(new Hostile("stream-bomb.pdf", streamBomb(page), SLOW));
        files.add(new Hostile(
                "lying-count.pdf",
                pdf(Map.of(2, "<</Type/Pages/Kids[3 0 R]/Count -7>>", 3, page.formatted(""), 5, plain(text))),
                null));
        files.add(new Hostile("many-pages.pdf", manyPages(10_000), "more than 5,000 pages"));
        files.add(new Hostile("deep-pages.pdf", deepPages(page, plain(text)), "nested more deeply"));
        files.add(new Hostile(
                "deep-array.pdf",
                pdf(Map.of(
                        2,
                        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                        3,
                        "<</Type/Page/X" + "[".repeat(DEEP) + "]".repeat(DEEP) + ">>")),
                "No readable text"));
        files.add(new Hostile("encrypted.pdf", SampleFiles.encryptedPdf(), "protected with a password"));
        return files;
    }

    private static List<Hostile> texts() {
        return List.of(
                new Hostile("deep-divs.html", bytes("<html>" + "<div>".repeat(DEEP) + "deep"), SLOW),
                new Hostile("deep-tables.html", bytes("<html>" + "<table><tr><td>".repeat(DEEP) + "deep"), SLOW),
                new Hostile("deep-formatting.html", bytes("<html>" + "<b><i><a><font>".repeat(DEEP) + "deep"), SLOW),
                new Hostile("deep-lists.html", bytes("<html>" + "<ul><li>".repeat(DEEP) + "deep"), SLOW),
                new Hostile("deep-math.html", bytes("<html>" + "<math><annotation>".repeat(DEEP) + "deep"), SLOW),
                new Hostile("deep-quotes.md", bytes(">".repeat(DEEP) + " deep"), null),
                new Hostile("deep-brackets.md", bytes("[".repeat(DEEP) + " deep"), null),
                new Hostile("deep-images.md", bytes("![".repeat(DEEP) + " deep" + "](x)".repeat(DEEP)), SLOW),
                new Hostile("deep-emphasis.md", bytes("*a _b ".repeat(DEEP) + "deep"), SLOW),
                new Hostile(
                        "closed-emphasis.md", bytes("*a **b ".repeat(DEEP) + "deep" + " c** d*".repeat(DEEP)), SLOW),
                new Hostile("deep-list.md", bytes(deepList()), SLOW),
                new Hostile("deep-html.md", bytes("<div>".repeat(DEEP) + "deep"), SLOW),
                new Hostile("backticks.md", bytes(backticks()), SLOW),
                new Hostile("one-line.txt", bytes("word ".repeat(10 * MEGABYTE)), "characters of text"),
                new Hostile("one-word.txt", bytes("w".repeat(50 * MEGABYTE)), "characters of text"),
                new Hostile("one-line.md", bytes("word ".repeat(10 * MEGABYTE)), "characters of text"),
                new Hostile("one-line.html", bytes("<html>" + "word ".repeat(10 * MEGABYTE)), "larger than 32 MB"));
    }

    /** An archive that is no document. */
    public static byte[] zip() {
        return zip(Map.of("a.txt", bytes("Words")));
    }

    /** Files one after another, as one. */
    public static byte[] joined(byte[]... files) {
        var joined = new ByteArrayOutputStream();
        for (byte[] file : files) {
            joined.writeBytes(file);
        }
        return joined.toByteArray();
    }

    /** A zip in a zip, and so on, each of which holds ten of the next. */
    private static byte[] matryoshka() {
        byte[] inner = zip(Map.of("zeros", new byte[10 * MEGABYTE]));
        for (int level = 0; level < 6; level++) {
            var ten = new TreeMap<String, byte[]>();
            for (int i = 0; i < 10; i++) {
                ten.put(i + ".zip", inner);
            }
            inner = zip(ten);
        }
        return inner;
    }

    /** Ten thousand entries that share the bytes of one. */
    private static byte[] overlapping() {
        byte[] docx = with(SampleFiles.docx(), "word/zeros.xml", new byte[MEGABYTE]);
        int end = docx.length - 22;
        ByteBuffer zip = ByteBuffer.wrap(docx).order(ByteOrder.LITTLE_ENDIAN);
        int directory = zip.getInt(end + 16);
        int last = directory;
        for (int at = directory; at < end; ) {
            last = at;
            at += 46 + zip.getShort(at + 28) + zip.getShort(at + 30) + zip.getShort(at + 32);
        }
        var bytes = new ByteArrayOutputStream();
        bytes.write(docx, 0, end);
        int copies = 10_000;
        for (int i = 0; i < copies; i++) {
            byte[] copy = Arrays.copyOfRange(docx, last, end);
            byte[] name = "word/%05d.xml".formatted(i).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(name, 0, copy, 46, name.length);
            bytes.writeBytes(copy);
        }
        byte[] trailer = Arrays.copyOfRange(docx, end, docx.length);
        short entries = (short) (zip.getShort(end + 10) + copies);
        ByteBuffer.wrap(trailer)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(8, entries)
                .putShort(10, entries)
                .putInt(12, bytes.size() - directory);
        bytes.writeBytes(trailer);
        return bytes.toByteArray();
    }

    /** Every entry says that it unpacks to ten bytes. */
    private static byte[] lying(byte[] archive) {
        byte[] lying = archive.clone();
        ByteBuffer zip = ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN);
        int end = lying.length - 22;
        for (int at = zip.getInt(end + 16); at < end; ) {
            zip.putInt(at + 24, 10);
            at += 46 + zip.getShort(at + 28) + zip.getShort(at + 30) + zip.getShort(at + 32);
        }
        return lying;
    }

    private static byte[] manyEntries() {
        var entries = new TreeMap<String, byte[]>();
        for (int i = 0; i < 60_000; i++) {
            entries.put("word/" + i + ".xml", new byte[0]);
        }
        return with(SampleFiles.docx(), entries);
    }

    private static String laughs() {
        var entities = new StringBuilder("<!DOCTYPE w:document [<!ENTITY z0 \"laugh\">");
        for (int i = 1; i <= 9; i++) {
            entities.append("<!ENTITY z")
                    .append(i)
                    .append(" \"")
                    .append(("&z" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        return entities.append("]>").toString();
    }

    private static String quadratic() {
        return "<!DOCTYPE w:document [<!ENTITY a \"" + "long".repeat(25_000) + "\">]>";
    }

    private static byte[] word(String declaration, String text) {
        return SampleFiles.docxWithXml(bytes("<?xml version=\"1.0\"?>" + declaration + "<w:document xmlns:w=\"" + WORD
                + "\"><w:body><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:body></w:document>"));
    }

    private static byte[] deep() {
        return SampleFiles.docxWithXml(bytes("<w:document xmlns:w=\"" + WORD + "\"><w:body>"
                + "<w:sdt><w:sdtContent>".repeat(DEEP) + "<w:p><w:r><w:t>deep</w:t></w:r></w:p>"
                + "</w:sdtContent></w:sdt>".repeat(DEEP) + "</w:body></w:document>"));
    }

    /** A template and a picture that are elsewhere. */
    private static byte[] relatedTo(String trap) {
        String type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
        String relations = "<?xml version=\"1.0\"?>"
                + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + "<Relationship Id=\"a\" TargetMode=\"External\" Target=\"%s\" Type=\"%sattachedTemplate\"/>"
                        .formatted(trap, type)
                + "<Relationship Id=\"b\" TargetMode=\"External\" Target=\"%s\" Type=\"%simage\"/>"
                        .formatted(trap, type)
                + "</Relationships>";
        return with(
                SampleFiles.docxWithXml(bytes("<w:document xmlns:w=\"" + WORD
                        + "\"><w:body><w:p><w:r><w:t>Words</w:t></w:r></w:p></w:body></w:document>")),
                "word/_rels/document.xml.rels",
                bytes(relations));
    }

    private static byte[] page(String trap) {
        return bytes("""
                <html><head><base href="%1$s"><link rel="stylesheet" href="%1$s"><script src="%1$s"></script>
                <meta http-equiv="refresh" content="0; url=%1$s"></head>
                <body><p>Words</p><img src="%1$s"><iframe src="%1$s"></iframe><object data="%1$s"></object></body></html>
                """.formatted(trap));
    }

    /** Ten forms that each draw the next ten times. */
    private static byte[] formTree(String page) {
        var objects = new TreeMap<Integer, byte[]>();
        objects.put(2, latin("<</Type/Pages/Kids[3 0 R]/Count 1>>"));
        objects.put(3, latin(page.formatted("/XObject<</X 6 0 R>>")));
        objects.put(5, latin(stream("/X Do")));
        for (int i = 6; i < 16; i++) {
            objects.put(
                    i,
                    latin(stream(
                            "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
                                    .formatted(i + 1),
                            "/X Do ".repeat(10))));
        }
        objects.put(16, latin(stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "q Q ")));
        return pdfOf(objects);
    }

    /** Two megabytes that unpack to two gigabytes of instructions that draw nothing. */
    private static byte[] streamBomb(String page) {
        var packed = new ByteArrayOutputStream();
        byte[] nothing = "q Q ".repeat(MEGABYTE / 4).getBytes(StandardCharsets.US_ASCII);
        try (var deflater = new DeflaterOutputStream(packed)) {
            for (int i = 0; i < 2048; i++) {
                deflater.write(nothing);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var content = new ByteArrayOutputStream();
        content.writeBytes(latin("<</Filter/FlateDecode/Length " + packed.size() + ">>stream\n"));
        content.writeBytes(packed.toByteArray());
        content.writeBytes(latin("\nendstream"));
        var objects = new TreeMap<Integer, byte[]>();
        objects.put(2, latin("<</Type/Pages/Kids[3 0 R]/Count 1>>"));
        objects.put(3, latin(page.formatted("")));
        objects.put(5, content.toByteArray());
        return pdfOf(objects);
    }

    /** A PDF of so many pages with nothing on them. */
    public static byte[] manyPages(int count) {
        var objects = new TreeMap<Integer, byte[]>();
        var kids = new StringBuilder();
        for (int i = 0; i < count; i++) {
            kids.append(10 + i).append(" 0 R ");
            objects.put(10 + i, latin("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"));
        }
        objects.put(2, latin("<</Type/Pages/Kids[" + kids + "]/Count " + count + ">>"));
        return pdfOf(objects);
    }

    private static byte[] deepPages(String page, String text) {
        var objects = new TreeMap<Integer, byte[]>();
        objects.put(2, latin("<</Type/Pages/Kids[10 0 R]/Count 1>>"));
        objects.put(3, latin(page.formatted("")));
        objects.put(5, latin(text));
        for (int i = 10; i < DEEP; i++) {
            objects.put(i, latin("<</Type/Pages/Kids[" + (i + 1 < DEEP ? i + 1 : 3) + " 0 R]/Count 1>>"));
        }
        return pdfOf(objects);
    }

    private static String plain(String text) {
        return "<</Length 47>>" + text;
    }

    private static String stream(String content) {
        return stream("", content);
    }

    private static String stream(String entries, String content) {
        return "<<" + entries + "/Length " + content.length() + ">>stream\n" + content + "\nendstream";
    }

    private static byte[] pdf(Map<Integer, String> objects) {
        var bytes = new TreeMap<Integer, byte[]>();
        objects.forEach((number, object) -> bytes.put(number, latin(object)));
        return pdfOf(bytes);
    }

    /** With a catalogue as object 1, whose pages are object 2, and a font as object 4. */
    private static byte[] pdfOf(TreeMap<Integer, byte[]> objects) {
        objects.put(1, latin("<</Type/Catalog/Pages 2 0 R>>"));
        objects.put(4, latin("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"));
        var pdf = new ByteArrayOutputStream();
        pdf.writeBytes(latin("%PDF-1.7\n"));
        var table = new StringBuilder("xref\n0 1\n0000000000 65535 f \n");
        objects.forEach((number, object) -> {
            table.append("%d 1\n%010d 00000 n \n".formatted(number, pdf.size()));
            pdf.writeBytes(latin(number + " 0 obj\n"));
            pdf.writeBytes(object);
            pdf.writeBytes(latin("\nendobj\n"));
        });
        int start = pdf.size();
        pdf.writeBytes(latin(table + "trailer\n<</Root 1 0 R/Size " + (objects.lastKey() + 1) + ">>\nstartxref\n"
                + start + "\n%%EOF"));
        return pdf.toByteArray();
    }

    private static String deepList() {
        var list = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            list.append(" ".repeat(2 * i)).append("- a\n");
        }
        return list.toString();
    }

    private static String backticks() {
        var text = new StringBuilder();
        for (int i = 1; i < 3_000; i++) {
            text.append('e').append("`".repeat(i));
        }
        return text.toString();
    }

    private static byte[] with(byte[] archive, String name, byte[] content) {
        return with(archive, Map.of(name, content));
    }

    /** The archive with further entries. */
    private static byte[] with(byte[] archive, Map<String, byte[]> added) {
        var bytes = new ByteArrayOutputStream();
        try (var from = new ZipInputStream(new ByteArrayInputStream(archive));
                var to = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                byte[] content = from.readAllBytes();
                to.putNextEntry(new ZipEntry(entry.getName()));
                to.write(content);
                to.closeEntry();
            }
            write(added, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(Map<String, byte[]> entries) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            write(entries, zip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(Map<String, byte[]> entries, ZipOutputStream zip) throws IOException {
        for (var entry : entries.entrySet()) {
            zip.putNextEntry(new ZipEntry(entry.getKey()));
            zip.write(entry.getValue());
            zip.closeEntry();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
