package dev.customrag.testing;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;

/** Files as people upload them, and as attackers do. */
public final class SampleFiles {

    private static final float MARGIN = 60;
    private static final float LEADING = 14;

    private SampleFiles() {}

    /** A PDF with these paragraphs on its pages, one list to a page; a line break in a paragraph is one on the page. */
    @SafeVarargs
    public static byte[] pdf(List<String>... pages) {
        try (var document = new PDDocument()) {
            for (List<String> paragraphs : pages) {
                var page = new PDPage(PDRectangle.A4);
                document.addPage(page);
                try (var content = new PDPageContentStream(document, page)) {
                    float y = page.getMediaBox().getHeight() - MARGIN;
                    for (String paragraph : paragraphs) {
                        y = write(content, paragraph, MARGIN, y) - 3 * LEADING;
                    }
                }
            }
            return save(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A PDF page with two columns, the left written before the right, as typesetting programs do. */
    public static byte[] pdfWithColumns(String left, String right) {
        try (var document = new PDDocument()) {
            var page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            try (var content = new PDPageContentStream(document, page)) {
                float y = page.getMediaBox().getHeight() - MARGIN;
                write(content, left, MARGIN, y);
                write(content, right, 320, y);
            }
            return save(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A scan: a page that is one picture. */
    public static byte[] scannedPdf() {
        try (var document = new PDDocument()) {
            var page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            var picture = new BufferedImage(200, 280, BufferedImage.TYPE_INT_RGB);
            try (var content = new PDPageContentStream(document, page)) {
                content.drawImage(LosslessFactory.createFromImage(document, picture), 0, 0);
            }
            return save(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A PDF that asks for a password before it shows anything. */
    public static byte[] encryptedPdf() {
        try (var document = new PDDocument()) {
            document.addPage(new PDPage(PDRectangle.A4));
            var policy = new StandardProtectionPolicy("owner", "secret", new AccessPermission());
            policy.setEncryptionKeyLength(256);
            document.protect(policy);
            return save(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first half of a file. */
    public static byte[] truncated(byte[] file) {
        return Arrays.copyOf(file, file.length / 2);
    }

    /** A Word document: headings by style, a list, a table with prices. */
    public static byte[] docx() {
        try (var document = new XWPFDocument()) {
            headingStyle(document, "Titre1", "heading 1");
            document.createParagraph().createRun().setText("Before any heading.");
            heading(document, "Titre1", "Deliveries");
            document.createParagraph().createRun().setText("Goods are delivered within five working days.");
            heading(document, "Titre1", "Prices");
            XWPFTable table = document.createTable(2, 2);
            table.getRow(0).getCell(0).setText("Article");
            table.getRow(0).getCell(1).setText("Price");
            table.getRow(1).getCell(0).setText("Walnut desk");
            table.getRow(1).getCell(1).setText("412 euros");
            document.createParagraph().createRun().setText("Prices include tax.");
            var bytes = new ByteArrayOutputStream();
            document.write(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Word document whose main part is this XML. */
    public static byte[] docxWithXml(byte[]... documentXml) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            entry(zip, "[Content_Types].xml", """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
                    <Default Extension="rels" \
                    ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
                    <Default Extension="xml" ContentType="application/xml"/>\
                    <Override PartName="/word/document.xml" ContentType=\
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>\
                    </Types>""".getBytes(StandardCharsets.UTF_8));
            entry(zip, "_rels/.rels", """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
                    <Relationship Id="rId1" Target="word/document.xml" Type=\
                    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>\
                    </Relationships>""".getBytes(StandardCharsets.UTF_8));
            entry(zip, "word/document.xml", documentXml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The files of a small book in EPUB 3, by their names: two chapters, one without a heading of its own. */
    public static final Map<String, String> EPUB = epub();

    private static Map<String, String> epub() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("mimetype", "application/epub+zip");
        files.put("META-INF/container.xml", """
                <?xml version="1.0"?>
                <container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
                <rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
                """);
        files.put("OEBPS/content.opf", """
                <?xml version="1.0"?>
                <package xmlns="http://www.idpf.org/2007/opf" version="3.0">
                <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Harbour</dc:title>
                <dc:creator>Ada Lovelace</dc:creator><dc:creator>Grace Hopper</dc:creator></metadata>
                <manifest>
                <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
                <item id="c2" href="text/two.xhtml" media-type="application/xhtml+xml"/>
                <item id="c1" href="text/chapter%201.xhtml" media-type="application/xhtml+xml"/>
                </manifest>
                <spine><itemref idref="c1"/><itemref idref="c2"/><itemref idref="nav" linear="no"/></spine>
                </package>
                """);
        files.put("OEBPS/nav.xhtml", """
                <html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>
                <nav epub:type="toc"><ol><li><a href="text/chapter%201.xhtml">Arrival</a></li>
                <li><a href="text/two.xhtml#a">Two</a></li></ol></nav></body></html>
                """);
        files.put("OEBPS/text/chapter 1.xhtml", """
                <?xml version="1.0" encoding="utf-8"?>
                <html xmlns="http://www.w3.org/1999/xhtml"><head><title>The Harbour</title></head>
                <body><p>The ship came in at dawn.</p></body></html>
                """);
        files.put("OEBPS/text/two.xhtml", """
                <?xml version="1.0" encoding="utf-8"?>
                <html xmlns="http://www.w3.org/1999/xhtml"><head><title>The Harbour</title></head>
                <body><h1>The Lighthouse</h1><p>The keeper had not slept for three nights.</p></body></html>
                """);
        return Collections.unmodifiableMap(files);
    }

    /** A zip of these files, the first of them uncompressed. */
    public static byte[] zip(Map<String, String> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (var file : files.entrySet()) {
                byte[] content = text(file.getValue());
                var entry = new ZipEntry(file.getKey());
                var checksum = new CRC32();
                checksum.update(content);
                entry.setSize(content.length);
                entry.setCrc(checksum.getValue());
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
                zip.setMethod(ZipOutputStream.DEFLATED);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A few hundred kilobytes that unpack to a quarter of a gigabyte. */
    public static byte[] zipBomb() {
        byte[] megabyte = new byte[1024 * 1024];
        Arrays.fill(megabyte, (byte) ' ');
        byte[][] content = new byte[258][];
        Arrays.fill(content, megabyte);
        content[0] = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
                .getBytes(StandardCharsets.UTF_8);
        content[257] = "</w:document>".getBytes(StandardCharsets.UTF_8);
        return docxWithXml(content);
    }

    /** A Word document with a part of 64 megabytes among its pictures that begins with these bytes. */
    public static byte[] docxWithLargeMedia(String name, byte[] beginning) {
        byte[][] content = new byte[65][];
        Arrays.fill(content, new byte[1024 * 1024]);
        content[0] = beginning;
        var bytes = new ByteArrayOutputStream();
        try (var from = new ZipInputStream(new ByteArrayInputStream(docx()));
                var zip = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                String part = new String(from.readAllBytes(), StandardCharsets.UTF_8)
                        .replaceFirst("(<Types[^>]*>)", "$1<Default Extension=\"bmp\" ContentType=\"image/bmp\"/>");
                entry(zip, entry.getName(), text(part));
            }
            entry(zip, "word/media/" + name, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A Word document of exactly that size, nearly all of it a picture. */
    public static void largeDocx(Path file, long size) throws IOException {
        writeDocx(file, 0);
        writeDocx(file, size - Files.size(file));
    }

    /** Stored, not compressed: a byte more in the picture is one more in the file. */
    private static void writeDocx(Path file, long picture) throws IOException {
        byte[] signature = HexFormat.of().parseHex("89504e470d0a1a0a");
        var block = new byte[64 * 1024];
        new Random(7).nextBytes(block);
        var crc = new CRC32();
        try (var docx = new ZipInputStream(new ByteArrayInputStream(docx()));
                var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (ZipEntry entry = docx.getNextEntry(); entry != null; entry = docx.getNextEntry()) {
                String part = new String(docx.readAllBytes(), StandardCharsets.UTF_8)
                        .replaceFirst("(<Types[^>]*>)", "$1<Default Extension=\"png\" ContentType=\"image/png\"/>");
                entry(zip, entry.getName(), text(part));
            }
            var entry = new ZipEntry("word/media/image1.png");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(signature.length + picture);
            crc.update(signature);
            for (long left = picture; left > 0; left -= block.length) {
                crc.update(block, 0, (int) Math.min(left, block.length));
            }
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(signature);
            for (long left = picture; left > 0; left -= block.length) {
                zip.write(block, 0, (int) Math.min(left, block.length));
            }
            zip.closeEntry();
        }
    }

    /** A Word document that tries to take in a file of the machine it is read on. */
    public static byte[] docxWithExternalEntity(String fileUri) {
        String xml = """
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE w:document [<!ENTITY stolen SYSTEM "%s">]>
                <w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">\
                <w:body><w:p><w:r><w:t>Beginning &stolen; end</w:t></w:r></w:p></w:body></w:document>
                """.formatted(fileUri);
        return docxWithXml(xml.getBytes(StandardCharsets.UTF_8));
    }

    /** Text in an encoding of Western Windows that is not UTF-8. */
    public static byte[] windows1252(String text) {
        return text.getBytes(Charset.forName("windows-1252"));
    }

    /** The first bytes of a picture. */
    public static byte[] png() {
        return new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
    }

    /** The first bytes of an Office file from before 2007, or of one that is encrypted. */
    public static byte[] ole2() {
        return Arrays.copyOf(
                new byte[] {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1},
                512);
    }

    public static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static float write(PDPageContentStream content, String paragraph, float x, float top) throws IOException {
        content.beginText();
        content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 10);
        content.setLeading(LEADING);
        content.newLineAtOffset(x, top);
        float y = top;
        for (String line : paragraph.split("\n")) {
            content.showText(line);
            content.newLine();
            y -= LEADING;
        }
        content.endText();
        return y;
    }

    private static void headingStyle(XWPFDocument document, String id, String name) {
        CTStyle style = CTStyle.Factory.newInstance();
        style.setStyleId(id);
        style.addNewName().setVal(name);
        document.createStyles().addStyle(new XWPFStyle(style));
    }

    private static void heading(XWPFDocument document, String style, String title) {
        var paragraph = document.createParagraph();
        paragraph.setStyle(style);
        paragraph.createRun().setText(title);
    }

    private static void entry(ZipOutputStream zip, String name, byte[]... content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        for (byte[] part : content) {
            zip.write(part);
        }
        zip.closeEntry();
    }

    private static byte[] save(PDDocument document) throws IOException {
        var bytes = new ByteArrayOutputStream();
        document.save(bytes);
        return bytes.toByteArray();
    }
}
