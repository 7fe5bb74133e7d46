package dev.customrag.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.sl.usermodel.Placeholder;
import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.ss.util.CellReference;
import org.apache.poi.xddf.usermodel.chart.AxisPosition;
import org.apache.poi.xddf.usermodel.chart.ChartTypes;
import org.apache.poi.xddf.usermodel.chart.XDDFCategoryDataSource;
import org.apache.poi.xddf.usermodel.chart.XDDFChart;
import org.apache.poi.xddf.usermodel.chart.XDDFNumericalDataSource;
import org.apache.poi.xslf.usermodel.SlideLayout;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xslf.usermodel.XSLFTable;
import org.apache.poi.xslf.usermodel.XSLFTextShape;
import org.apache.poi.xssf.usermodel.XSSFCell;
import org.apache.poi.xssf.usermodel.XSSFRow;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** Spreadsheets, presentations and OpenDocument files as people upload them. */
public final class OfficeFiles {

    private OfficeFiles() {}

    /** A value of a cell with the format it is shown in. */
    public record Formatted(double value, String format) {}

    /** A formula of a cell with what it last came out to. */
    public record Formula(String formula, double result) {}

    /**
     * A workbook with one sheet.
     *
     * @param rows with {@link String}, {@link Double}, {@link Boolean}, {@link LocalDate}, {@link Formatted}, {@link
     *     Formula} and null for an empty cell
     */
    public static byte[] xlsx(String sheet, Object[]... rows) {
        try (var workbook = new XSSFWorkbook()) {
            fill(workbook.createSheet(sheet), rows);
            return bytes(workbook::write);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A row of {@link #xlsx}. */
    public static Object[] row(Object... cells) {
        return cells;
    }

    private static void fill(XSSFSheet sheet, Object[]... rows) {
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length == 0) {
                continue;
            }
            XSSFRow row = sheet.createRow(r);
            for (int c = 0; c < rows[r].length; c++) {
                XSSFCell cell = row.createCell(c);
                switch (rows[r][c]) {
                    case null -> row.removeCell(cell);
                    case String words -> cell.setCellValue(words);
                    case Double number -> cell.setCellValue(number);
                    case Boolean truth -> cell.setCellValue(truth);
                    case LocalDate date -> {
                        cell.setCellValue(date);
                        CellStyle style = sheet.getWorkbook().createCellStyle();
                        style.setDataFormat((short) 14);
                        cell.setCellStyle(style);
                    }
                    case Formatted formatted -> {
                        cell.setCellValue(formatted.value());
                        CellStyle style = sheet.getWorkbook().createCellStyle();
                        style.setDataFormat(
                                sheet.getWorkbook().createDataFormat().getFormat(formatted.format()));
                        cell.setCellStyle(style);
                    }
                    case Formula formula -> {
                        cell.setCellFormula(formula.formula());
                        cell.setCellValue(formula.result());
                    }
                    default -> throw new IllegalArgumentException(new CellReference(r, c).formatAsString());
                }
            }
        }
    }

    /** A presentation of three slides: title, bullets and notes; a table; nothing but a picture's description. */
    public static byte[] pptx() {
        try (var show = new XMLSlideShow()) {
            XSLFSlide first =
                    show.createSlide(show.getSlideMasters().getFirst().getLayout(SlideLayout.TITLE_AND_CONTENT));
            first.getPlaceholder(0).setText("Harbour extension");
            XSLFTextShape content = first.getPlaceholder(1);
            content.setText("The quay becomes ninety metres longer.");
            content.addNewTextParagraph().addNewTextRun().setText("Work begins in April.");
            for (XSLFTextShape notes : show.getNotesSlide(first).getPlaceholders()) {
                if (notes.getTextType() == Placeholder.BODY) {
                    notes.setText("Mention the fishermen's association.");
                }
            }

            XSLFSlide second = show.createSlide();
            XSLFTable table = second.createTable(2, 2);
            table.getCell(0, 0).setText("Phase");
            table.getCell(0, 1).setText("Cost");
            table.getCell(1, 0).setText("Dredging");
            table.getCell(1, 1).setText("3 million");

            show.createSlide();
            return bytes(show::write);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes of a chart one of what months brought in. */
    public static void turnover(
            XDDFChart chart, XDDFCategoryDataSource months, XDDFNumericalDataSource<? extends Number> revenue) {
        chart.setTitleText("Turnover by month");
        var bars = chart.createData(
                ChartTypes.BAR,
                chart.createCategoryAxis(AxisPosition.BOTTOM),
                chart.createValueAxis(AxisPosition.LEFT));
        bars.addSeries(months, revenue).setTitle("Revenue", null);
        chart.plot(bars);
    }

    /** An Office file that asks for a password. */
    public static byte[] encrypted(byte[] office) {
        try (var files = new POIFSFileSystem();
                OPCPackage opened = OPCPackage.open(new ByteArrayInputStream(office))) {
            var encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("secret");
            try (var out = encryptor.getDataStream(files)) {
                opened.save(out);
            }
            return bytes(files::writeFilesystem);
        } catch (IOException | InvalidFormatException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same zip with one of its parts replaced. */
    public static byte[] with(byte[] zip, String part, String content) {
        Map<String, byte[]> parts = parts(zip);
        parts.put(part, content.getBytes(StandardCharsets.UTF_8));
        return zip(parts);
    }

    /** A workbook that says it is something else. */
    public static byte[] withTypes(byte[] xlsx, String mainType) {
        String types = part(xlsx, "[Content_Types].xml");
        return with(
                xlsx,
                "[Content_Types].xml",
                types.replaceAll("[^\"]*sheet\\.main\\+xml", "application/vnd." + mainType));
    }

    /** The text of one part of a zip. */
    public static String part(byte[] zip, String part) {
        return new String(parts(zip).get(part), StandardCharsets.UTF_8);
    }

    /** A text in OpenDocument, by what stands in its {@code office:text}. */
    public static byte[] odt(String body) {
        return openDocument("text", "<office:text>" + body + "</office:text>", Map.of());
    }

    /** A spreadsheet in OpenDocument, by what stands in its {@code office:spreadsheet}. */
    public static byte[] ods(String body) {
        return openDocument("spreadsheet", "<office:spreadsheet>" + body + "</office:spreadsheet>", Map.of());
    }

    /** A presentation in OpenDocument, by what stands in its {@code office:presentation}. */
    public static byte[] odp(String body) {
        return openDocument("presentation", "<office:presentation>" + body + "</office:presentation>", Map.of());
    }

    /**
     * An OpenDocument file.
     *
     * @param kind the end of its media type
     * @param more further parts by their names
     */
    public static byte[] openDocument(String kind, String body, Map<String, String> more) {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("mimetype", bytes("application/vnd.oasis.opendocument." + kind));
        parts.put("content.xml", bytes(openDocumentXml("document-content", "<office:body>" + body + "</office:body>")));
        more.forEach((name, content) -> parts.put(name, bytes(content)));
        return zip(parts);
    }

    /** XML with the namespaces of OpenDocument. */
    public static String openDocumentXml(String root, String content) {
        var namespaces = new StringBuilder();
        Map<String, String> prefixes = new HashMap<>(Map.of(
                "office",
                "office",
                "text",
                "text",
                "table",
                "table",
                "draw",
                "drawing",
                "style",
                "style",
                "presentation",
                "presentation"));
        prefixes.forEach((prefix, name) -> namespaces
                .append(" xmlns:")
                .append(prefix)
                .append("=\"urn:oasis:names:tc:opendocument:xmlns:")
                .append(name)
                .append(":1.0\""));
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:%1$s%2$s xmlns:dc=\"http://purl.org/dc/elements/1.1/\">%3$s</office:%1$s>"
                .formatted(root, namespaces, content);
    }

    /** A row of a table in OpenDocument, with these words in its cells. */
    public static String odfRow(String... cells) {
        var row = new StringBuilder("<table:table-row>");
        for (String cell : cells) {
            boolean number = cell.matches("[\\d.,]+( .)?");
            row.append("<table:table-cell office:value-type=\"")
                    .append(number ? "float" : "string")
                    .append("\"><text:p>")
                    .append(cell)
                    .append("</text:p></table:table-cell>");
        }
        return row.append("</table:table-row>").toString();
    }

    private interface Writing {
        void to(ByteArrayOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing file) throws IOException {
        var out = new ByteArrayOutputStream();
        file.to(out);
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, byte[]> parts(byte[] zip) {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                parts.put(entry.getName(), in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parts;
    }

    private static byte[] zip(Map<String, byte[]> parts) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var part : parts.entrySet()) {
                var entry = new ZipEntry(part.getKey());
                if (part.getKey().equals("mimetype")) {
                    var checksum = new CRC32();
                    checksum.update(part.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(part.getValue().length);
                    entry.setCrc(checksum.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(part.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Rich text with these groups and words in it. */
    public static byte[] rtf(String body) {
        return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}{\\stylesheet{\\s0 Normal;}{\\s1 heading 1;}"
                        + "{\\*\\cs10 Default Paragraph Font;}}{\\info{\\author Ada}}" + body + "}")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
