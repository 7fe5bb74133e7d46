package dev.customrag.document.parsing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageAccess;
import org.apache.poi.openxml4j.util.ZipSecureFile;
import org.apache.poi.xwpf.usermodel.IBodyElement;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFSDT;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.apache.poi.xwpf.usermodel.XWPFTableCell;
import org.apache.poi.xwpf.usermodel.XWPFTableRow;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTPPrBase;

/** Word documents. Pages exist only once Word has laid them out, so there are none here. */
class DocxParser implements DocumentParser {

    /** The names behind the style ids are English whatever the language of Word. */
    private static final Pattern HEADING = Pattern.compile("title|heading [1-9]");

    private static final String MEDIA = "word/media/";

    /**
     * What pictures begin with and XML cannot: PNG, JPEG, GIF, TIFF of both byte orders, BMP, EMF, WMF. Neither the name
     * nor the declared type of a part says how it is read, but the relationship that points at it, which may be a
     * header's.
     */
    private static final List<byte[]> PICTURES = Stream.of(
                    "89504e47", "ffd8ff", "47494638", "49492a00", "4d4d002a", "424d", "01000000", "d7cdc69a")
            .map(HexFormat.of()::parseHex)
            .toList();

    private static final int LONGEST_SIGNATURE = 4;

    private static final int BODY_TEXT_LEVEL = 9;
    private static final int MAX_STYLE_CHAIN = 20;

    @Override
    public void parse(Path file, TextCollector text) throws IOException {
        checkUnpackedSize(file, text);
        try (OPCPackage opened = OPCPackage.open(file.toFile(), PackageAccess.READ);
                XWPFDocument document = new XWPFDocument(opened)) {
            for (IBodyElement element : document.getBodyElements()) {
                switch (element) {
                    case XWPFParagraph paragraph -> read(paragraph, document, text);
                    case XWPFTable table -> read(table, text);
                    case XWPFSDT control -> text.lines(control.getContent().getText());
                    default -> {}
                }
            }
        } catch (OpenXML4JException e) {
            throw UnreadableDocument.damaged();
        }
    }

    /** Sizes written in a zip may lie, and the library would build a tree of it all: unpack once, keep nothing. */
    private static void checkUnpackedSize(Path file, TextCollector text) throws IOException {
        long limit = text.limits().maxXmlSize().asLongValue();
        // A setting of the whole process. Catches a size that lies, whatever the part.
        ZipSecureFile.setMaxEntrySize(limit);
        long left = limit;
        byte[] buffer = new byte[64 * 1024];
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (var entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                // Pictures are never unpacked into memory.
                if (isPicture(zip, entry)) {
                    continue;
                }
                try (InputStream content = zip.getInputStream(entry)) {
                    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                        text.checkTime();
                        left -= n;
                        if (left < 0) {
                            throw UnreadableDocument.tooLargeUnpacked();
                        }
                    }
                }
            }
        }
    }

    private static boolean isPicture(ZipFile zip, ZipEntry entry) throws IOException {
        if (!entry.getName().startsWith(MEDIA)) {
            return false;
        }
        try (InputStream content = zip.getInputStream(entry)) {
            byte[] beginning = content.readNBytes(LONGEST_SIGNATURE);
            return PICTURES.stream()
                    .anyMatch(signature -> Arrays.equals(signature, Arrays.copyOf(beginning, signature.length)));
        }
    }

    private static void read(XWPFParagraph paragraph, XWPFDocument document, TextCollector text) {
        if (isHeading(paragraph, document)) {
            text.heading(paragraph.getText());
        } else if (paragraph.getNumID() != null) {
            text.lines("- " + paragraph.getText());
        } else {
            text.lines(paragraph.getText());
        }
    }

    private static void read(XWPFTable table, TextCollector text) {
        for (XWPFTableRow row : table.getRows()) {
            List<String> cells = row.getTableCells().stream()
                    .map(XWPFTableCell::getTextRecursively)
                    .toList();
            text.row(cells);
        }
    }

    /** By its own outline level, else by the first style in its chain that says something. */
    private static boolean isHeading(XWPFParagraph paragraph, XWPFDocument document) {
        CTPPrBase properties = paragraph.getCTP().getPPr();
        if (properties != null && properties.isSetOutlineLvl()) {
            return isHeadingLevel(properties);
        }
        String id = paragraph.getStyleID();
        for (int depth = 0; id != null && document.getStyles() != null && depth < MAX_STYLE_CHAIN; depth++) {
            XWPFStyle style = document.getStyles().getStyle(id);
            if (style == null) {
                return false;
            }
            if (style.getName() != null
                    && HEADING.matcher(style.getName().toLowerCase(Locale.ROOT)).matches()) {
                return true;
            }
            CTPPrBase inherited = style.getCTStyle().getPPr();
            if (inherited != null && inherited.isSetOutlineLvl()) {
                return isHeadingLevel(inherited);
            }
            id = style.getBasisStyleID();
        }
        return false;
    }

    private static boolean isHeadingLevel(CTPPrBase properties) {
        return properties.getOutlineLvl().getVal().intValue() < BODY_TEXT_LEVEL;
    }
}
