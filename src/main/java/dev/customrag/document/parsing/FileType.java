package dev.customrag.document.parsing;

/** The formats that can be read. */
public enum FileType {
    PDF("application/pdf", new PdfParser()),
    DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document", new DocxParser()),
    XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", new XlsxParser()),
    PPTX("application/vnd.openxmlformats-officedocument.presentationml.presentation", new PptxParser()),
    ODT("application/vnd.oasis.opendocument.text", new OpenDocumentParser()),
    ODS("application/vnd.oasis.opendocument.spreadsheet", new OpenDocumentParser()),
    ODP("application/vnd.oasis.opendocument.presentation", new OpenDocumentParser()),
    RTF("application/rtf", new RtfParser()),
    EPUB("application/epub+zip", new EpubParser()),
    HTML("text/html", new HtmlParser()),
    MARKDOWN("text/markdown", new MarkdownParser()),
    EMAIL("message/rfc822", new EmailParser()),
    CSV("text/csv", new CsvParser()),
    JSON("application/json", new JsonDocumentParser()),
    TEXT("text/plain", new TextParser());

    private final String mediaType;
    private final DocumentParser parser;

    FileType(String mediaType, DocumentParser parser) {
        this.mediaType = mediaType;
        this.parser = parser;
    }

    public String mediaType() {
        return mediaType;
    }

    DocumentParser parser() {
        return parser;
    }

    /** The type stored with a document. */
    public static FileType ofMediaType(String mediaType) {
        for (FileType type : values()) {
            if (type.mediaType.equals(mediaType)) {
                return type;
            }
        }
        throw new IllegalArgumentException("Not a media type of ours");
    }
}
