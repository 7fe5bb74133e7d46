package dev.customrag.model;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;

/** The metadata of a response of which the provider said more than the library has fields for. A copy has the fields alone. */
public final class ReportedMetadata extends ChatResponseMetadata {

    private final CallReport report;

    /**
     * @param metadata what the library read
     * @param report what is said beyond
     */
    public ReportedMetadata(ChatResponseMetadata metadata, CallReport report) {
        super(metadata.toBuilder());
        this.report = report;
    }

    CallReport report() {
        return report;
    }
}
