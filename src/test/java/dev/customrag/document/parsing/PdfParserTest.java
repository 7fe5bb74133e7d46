package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.blocksWithPages;
import static dev.customrag.document.parsing.Reading.headings;
import static dev.customrag.document.parsing.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationText;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDCheckBox;
import org.apache.pdfbox.pdmodel.interactive.form.PDTextField;
import org.apache.pdfbox.util.Matrix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PdfParserTest {

    private static final String BODY = "Words of usual size that fill a whole line of this page and say little.";

    private final PDDocument pdf = new PDDocument();

    @AfterEach
    void close() throws IOException {
        pdf.close();
    }

    @Test
    void entriesOfTheOutlineAreHeadingsWhereverTheirWordsStand() throws IOException {
        PDPage first = page(new Line("Harbour report", 12), new Line("1.2 Moorings", 12), new Line(BODY, 12));
        PDPage second =
                page(new Line(BODY, 12), new Line("COSTS OF THE", 12), new Line("EXTENSION", 12), new Line(BODY, 12));
        PDPage third = page(new Line("More of this.", 12));
        outline(entry("Moorings", first), entry("3. Costs of the extension", second), entry("Annex A", third));

        ParsedDocument document = read(FileType.PDF, bytes());

        assertThat(headings(document)).containsExactly(null, "1.2 Moorings", "COSTS OF THE EXTENSION", "Annex A");
        assertThat(blocksWithPages(document))
                .containsExactly(
                        "1 Harbour report",
                        "1 1.2 Moorings",
                        "1 " + BODY,
                        "2 " + BODY,
                        "2 COSTS OF THE EXTENSION",
                        "2 " + BODY,
                        "3 More of this.");
    }

    @Test
    void anEntryThatStandsNowhereBeginsAfterTheOneBeforeIt() throws IOException {
        PDPage first = page(
                new Line("Moorings", 12),
                new Line(BODY, 12),
                new Line("Lights", 12),
                new Line("They burn at night.", 12));
        PDPage second = page(new Line("Rest of lights.", 12), new Line("Costs", 12), new Line("In euros.", 12));
        outline(
                entry("Part one", first),
                entry("Moorings", first),
                entry("Lights", first),
                entry("Lamps and buoys", first),
                entry("Costs", second),
                entry("Prices", second));

        ParsedDocument document = read(FileType.PDF, bytes());

        assertThat(headings(document)).containsExactly("Moorings", "Lights", "Lamps and buoys", "Costs", "Prices");
        assertThat(document.sections().get(2).blocks())
                .extracting(block -> document.text().substring(block.start(), block.end()))
                .containsExactly("They burn at night.", "Rest of lights.");
        assertThat(document.sections().getLast().blocks())
                .extracting(block -> document.text().substring(block.start(), block.end()))
                .containsExactly("In euros.");
    }

    @Test
    void anOutlineThatLeadsNowhereOrBackToItselfDoesNoHarm() throws IOException {
        PDPage first = page(new Line("Moorings", 12), new Line(BODY, 12));
        PDOutlineItem entry = entry("Moorings", first);
        outline(entry, entry("Nowhere", new PDPage()));
        entry.getCOSObject().setItem(COSName.NEXT, entry);
        entry.getCOSObject().setItem(COSName.FIRST, entry);

        assertThat(headings(read(FileType.PDF, bytes()))).containsExactly("Moorings");
    }

    @Test
    void withoutAnOutlineLinesInLargerLettersAreHeadings() throws IOException {
        page(
                new Line("Harbour report", 20),
                new Line(BODY, 10),
                new Line(BODY, 10),
                new Line("Costs of the whole extension and", 14),
                new Line("of its lights", 14),
                new Line(BODY, 10),
                new Line("17", 30),
                new Line("A note in letters hardly larger", 11),
                new Line(BODY, 10));

        assertThat(headings(read(FileType.PDF, bytes())))
                .containsExactly("Harbour report", "Costs of the whole extension and of its lights");
    }

    @Test
    void aPosterHasNoHeadings() throws IOException {
        page(new Line(BODY, 10));
        page(new Line("Come to the harbour", 40), new Line("on Sunday at noon", 40), new Line("Free of charge", 10));

        assertThat(headings(read(FileType.PDF, bytes()))).containsOnlyNulls();
    }

    @Test
    void rotatedTextIsReadInItsOwnDirection() throws IOException {
        for (int degrees : new int[] {90, 180, 270, 30}) {
            PDPage page = new PDPage(PDRectangle.A4);
            pdf.addPage(page);
            try (var content = new PDPageContentStream(pdf, page)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.setLeading(14);
                content.setTextMatrix(Matrix.getRotateInstance(Math.toRadians(degrees), 300, 400));
                content.showText("Turned by " + degrees);
                content.newLine();
                content.showText("and goes on.");
                content.endText();
            }
        }

        assertThat(blocksWithPages(read(FileType.PDF, bytes())))
                .containsExactly(
                        "1 Turned by 90 and goes on.",
                        "2 Turned by 180 and goes on.",
                        "3 Turned by 270 and goes on.",
                        "4 Turned by 30 and goes on.");
    }

    @Test
    void rotatedPagesAreReadAsTheyAreShown() throws IOException {
        for (int degrees : new int[] {90, 180, 270}) {
            page(new Line("First line of " + degrees, 12), new Line("second line", 12))
                    .setRotation(degrees);
        }

        assertThat(blocksWithPages(read(FileType.PDF, bytes())))
                .containsExactly(
                        "1 First line of 90 second line",
                        "2 First line of 180 second line",
                        "3 First line of 270 second line");
    }

    @Test
    void aTurnedLabelDoesNotMixWithTheTextBesideIt() throws IOException {
        PDPage page = page(new Line(BODY, 12), new Line("Second line of it.", 12));
        try (var content = new PDPageContentStream(pdf, page, PDPageContentStream.AppendMode.APPEND, false)) {
            content.beginText();
            content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
            content.setTextMatrix(Matrix.getRotateInstance(Math.PI / 2, 40, 700));
            content.showText("In the margin");
            content.endText();
        }
        page.setRotation(90);

        assertThat(blocks(read(FileType.PDF, bytes()))).containsExactly(BODY + " Second line of it.", "In the margin");
    }

    @Test
    void aFileThatOpensWithoutAPasswordIsReadWhateverItForbids() throws IOException {
        page(new Line("For everybody to see.", 12));
        var nothing = new AccessPermission();
        nothing.setCanExtractContent(false);
        nothing.setCanPrint(false);
        var policy = new StandardProtectionPolicy("owner", "", nothing);
        policy.setEncryptionKeyLength(256);
        pdf.protect(policy);

        assertThat(read(FileType.PDF, bytes()).text()).isEqualTo("For everybody to see.");
    }

    @Test
    void pagesThatAreOnlyPicturesAreNamed() throws IOException {
        page(new Line("Text.", 12));
        scan();
        page(new Line("More text.", 12));
        scan();
        scan();

        ParsedDocument document = read(FileType.PDF, bytes());

        assertThat(document.pageCount()).isEqualTo(5);
        assertThat(document.pagesWithoutText()).containsExactly(2, 4, 5);
    }

    @Test
    void whatIsFilledInAndRemarkedFollowsThePage() throws IOException {
        PDPage page = page(new Line("Application", 12));
        var form = new PDAcroForm(pdf);
        pdf.getDocumentCatalog().setAcroForm(form);
        var resources = new PDResources();
        resources.put(COSName.getPDFName("Helv"), new PDType1Font(Standard14Fonts.FontName.HELVETICA));
        form.setDefaultResources(resources);
        form.setDefaultAppearance("/Helv 12 Tf 0 g");
        form.setFields(List.of(
                field(form, page, "surname", "Lovelace"), field(form, page, "remark", ""), box(form, page, "member")));
        var remark = new PDAnnotationText();
        remark.setContents("Ask for the certificate.");
        page.getAnnotations().add(remark);

        assertThat(blocks(read(FileType.PDF, bytes())))
                .containsExactly("Application", "Name of family: Lovelace", "member: Yes", "Ask for the certificate.");
    }

    private record Line(String text, float size) {}

    private PDPage page(Line... lines) throws IOException {
        var page = new PDPage(PDRectangle.A4);
        pdf.addPage(page);
        try (var content = new PDPageContentStream(pdf, page)) {
            content.beginText();
            content.newLineAtOffset(60, 760);
            for (Line line : lines) {
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), line.size());
                content.newLineAtOffset(0, -1.2f * line.size());
                content.showText(line.text());
            }
            content.endText();
        }
        return page;
    }

    private void scan() throws IOException {
        var page = new PDPage(PDRectangle.A4);
        pdf.addPage(page);
        try (var content = new PDPageContentStream(pdf, page)) {
            var picture = new BufferedImage(20, 28, BufferedImage.TYPE_INT_RGB);
            content.drawImage(LosslessFactory.createFromImage(pdf, picture), 0, 0);
        }
    }

    private static PDOutlineItem entry(String title, PDPage page) {
        var entry = new PDOutlineItem();
        entry.setTitle(title);
        entry.setDestination(page);
        return entry;
    }

    private void outline(PDOutlineItem... entries) {
        var outline = new PDDocumentOutline();
        pdf.getDocumentCatalog().setDocumentOutline(outline);
        List.of(entries).forEach(outline::addLast);
    }

    private static PDTextField field(PDAcroForm form, PDPage page, String name, String value) throws IOException {
        var field = new PDTextField(form);
        field.setPartialName(name);
        if (name.equals("surname")) {
            field.setAlternateFieldName("Name of family");
        }
        var widget = field.getWidgets().getFirst();
        widget.setRectangle(new PDRectangle(60, 500, 200, 20));
        widget.setPage(page);
        var annotations = new ArrayList<>(page.getAnnotations());
        annotations.add(widget);
        page.setAnnotations(annotations);
        field.setValue(value);
        return field;
    }

    private static PDCheckBox box(PDAcroForm form, PDPage page, String name) throws IOException {
        var box = new PDCheckBox(form);
        box.setPartialName(name);
        var widget = box.getWidgets().getFirst();
        widget.setRectangle(new PDRectangle(60, 400, 20, 20));
        widget.setPage(page);
        var annotations = new ArrayList<>(page.getAnnotations());
        annotations.add(widget);
        page.setAnnotations(annotations);
        box.getCOSObject().setName(COSName.V, "Yes");
        return box;
    }

    private byte[] bytes() throws IOException {
        var bytes = new ByteArrayOutputStream();
        pdf.save(bytes);
        return bytes.toByteArray();
    }
}
