package dev.customrag.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
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

    /** Pictures are never unpacked into memory. */
    private static final String MEDIA = "word/media/";

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
        // A setting of the whole process. Catches a part that only pretends to be a picture.
        ZipSecureFile.setMaxEntrySize(limit);
        long left = limit;
        byte[] buffer = new byte[64 * 1024];
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (var entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().startsWith(MEDIA)) {
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
