package dev.customrag.document.parsing;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotation;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationLink;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationPopup;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDButton;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;
import org.apache.pdfbox.pdmodel.interactive.form.PDPushButton;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.apache.pdfbox.pdmodel.interactive.form.PDTerminalField;

/** What people have filled in and remarked on the pages of a PDF, which is no part of the pages' own text. */
final class PdfForms {

    /** The state of a box that is not ticked: ISO 32000-1, section 12.7.4.2.3. */
    private static final String OFF = "Off";

    private final TextCollector text;
    private final Map<COSDictionary, PDTerminalField> fields = new HashMap<>();

    PdfForms(PDDocument pdf, TextCollector text) {
        this.text = text;
        PDAcroForm form = pdf.getDocumentCatalog().getAcroForm(null);
        if (form == null) {
            return;
        }
        for (PDField field : form.getFieldTree()) {
            text.checkTime();
            if (field instanceof PDTerminalField terminal) {
                terminal.getWidgets().forEach(widget -> fields.put(widget.getCOSObject(), terminal));
            }
        }
    }

    /** Hands over what stands in the fields of a page, each with its name, and the remarks. */
    void write(PDPage page) {
        Set<COSDictionary> written = new HashSet<>();
        for (PDAnnotation annotation : annotations(page)) {
            text.checkTime();
            switch (annotation) {
                case PDAnnotationWidget widget -> {
                    PDTerminalField field = fields.get(widget.getCOSObject());
                    if (field != null && written.add(field.getCOSObject())) {
                        write(field);
                    }
                }
                case PDAnnotationLink _, PDAnnotationPopup _ -> {}
                default -> {
                    if (annotation.getContents() != null) {
                        text.lines(annotation.getContents());
                    }
                }
            }
        }
    }

    /** None of them if one is broken: they are less than the page. */
    private static List<PDAnnotation> annotations(PDPage page) {
        try {
            return page.getAnnotations();
        } catch (IOException e) {
            return List.of();
        }
    }

    private void write(PDTerminalField field) {
        if (field instanceof PDPushButton || field instanceof PDSignatureField) {
            return;
        }
        String value = field.getValueAsString();
        if (value == null || value.isBlank() || field instanceof PDButton && value.equals(OFF)) {
            return;
        }
        String name = field.getAlternateFieldName() == null ? field.getPartialName() : field.getAlternateFieldName();
        text.row(List.of(name == null ? value : name + ": " + value));
    }
}
