package dev.customrag.document.parsing;

/**
 * A file that cannot be read, whatever is tried. The message is shown to the person as the document's {@code error}: it
 * says what to do and quotes neither the file nor the library that gave up on it.
 */
public class UnreadableDocument extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableDocument(String message) {
        super(message, null, false, false);
    }

    static UnreadableDocument damaged() {
        return new UnreadableDocument(
                "The file is damaged or incomplete. Open it where it came from, save it anew and upload it again.");
    }

    static UnreadableDocument passwordProtected() {
        return new UnreadableDocument(
                "The file is protected with a password. Remove the password and upload it again.");
    }

    static UnreadableDocument scanned() {
        return new UnreadableDocument("No readable text was found: the pages seem to be scanned images. "
                + "Run text recognition (OCR) on the file and upload the result.");
    }

    static UnreadableDocument withoutText() {
        return new UnreadableDocument("No readable text was found in the file. Upload a file that contains text.");
    }

    static UnreadableDocument tooManyPages(int limit) {
        return new UnreadableDocument(
                "The file has more than %,d pages. Split it and upload the parts.".formatted(limit));
    }

    static UnreadableDocument tooMuchText(int limit) {
        return new UnreadableDocument(
                "The file holds more than %,d characters of text. Split it and upload the parts.".formatted(limit));
    }

    static UnreadableDocument tooMuchMarkup(long limit) {
        return new UnreadableDocument(
                "The file or its text is larger than %d MB, the most that can be read of its kind. "
                                .formatted(limit / (1024 * 1024))
                        + "Split it and upload the parts.");
    }

    static UnreadableDocument tooLargeUnpacked() {
        return new UnreadableDocument("The file unpacks to more data than can be read safely. "
                + "Save it anew or split it, and upload the result.");
    }

    static UnreadableDocument tooDeep() {
        return new UnreadableDocument("The file is nested more deeply than can be read. "
                + "Save it in a simpler form and upload the result.");
    }

    static UnreadableDocument tooMuchMemory() {
        return new UnreadableDocument("Reading the file takes more memory than one file may have. "
                + "Save it in a simpler form or split it, and upload the result.");
    }

    static UnreadableDocument rowTooLong(int limit) {
        return new UnreadableDocument(
                ("A row of the table is longer than %,d characters, perhaps because a quotation mark "
                                + "is missing. Correct it and upload the file again.")
                        .formatted(limit));
    }

    static UnreadableDocument copyProtected() {
        return new UnreadableDocument("The book is protected against copying (DRM), so that it cannot be read. "
                + "Upload an edition without the protection.");
    }

    static UnreadableDocument encryptedMail() {
        return new UnreadableDocument("The message is encrypted. Decrypt it in your mail program, save it without the "
                + "encryption and upload it again.");
    }

    static UnreadableDocument tooSlow() {
        return new UnreadableDocument(
                "Reading the file took too long. Save it in a simpler form or split it, and upload the result.");
    }
}
