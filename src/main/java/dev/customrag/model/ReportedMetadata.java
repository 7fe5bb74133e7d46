package dev.customrag.model;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;

/** The metadata of a response of which the provider said more than the library has fields for. */
public final class ReportedMetadata extends ChatResponseMetadata {

    private final CallReport report;

    /**
     * @param metadata what the library read
     * @param report what is said beyond
     */
    public ReportedMetadata(ChatResponseMetadata metadata, CallReport report) {
        this(new Copy(report), metadata);
    }

    private ReportedMetadata(Copy copy, ChatResponseMetadata metadata) {
        this(copy.id(metadata.id())
                .modelName(metadata.modelName())
                .tokenUsage(metadata.tokenUsage())
                .finishReason(metadata.finishReason()));
    }

    private ReportedMetadata(Copy copy) {
        super(copy);
        this.report = copy.report;
    }

    CallReport report() {
        return report;
    }

    /** An AI service passes on a copy, with the tokens of all calls; the report goes along. */
    @Override
    public Builder<?> toBuilder() {
        return toBuilder(new Copy(report));
    }

    private static final class Copy extends Builder<Copy> {

        private final CallReport report;

        Copy(CallReport report) {
            this.report = report;
        }

        @Override
        public ReportedMetadata build() {
            return new ReportedMetadata(this);
        }
    }
}
