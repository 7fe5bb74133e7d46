package dev.customrag.document.parsing;

import dev.customrag.http.Problem;

/** A file of a kind that cannot be read: 415. */
public class UnsupportedFile extends Problem {

    private static final long serialVersionUID = 1L;

    private UnsupportedFile(String detail) {
        super(415, "unsupported-file", "Unsupported file", detail);
    }

    static UnsupportedFile unknown() {
        return new UnsupportedFile("This kind of file cannot be read, going by its content. "
                + "Upload a PDF, Word (DOCX), Excel (XLSX), PowerPoint (PPTX), OpenDocument (ODT, ODS, ODP), RTF, EPUB, HTML, "
                + "Markdown, e-mail (EML), CSV, JSON or plain text file.");
    }

    static UnsupportedFile oldOrProtectedOffice() {
        return new UnsupportedFile("This is an Office file that is protected with a password or in the format of "
                + "before 2007. Remove the password or save it as DOCX, XLSX or PPTX, and upload it again.");
    }
}
