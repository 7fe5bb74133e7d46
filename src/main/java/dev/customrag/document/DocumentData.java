package dev.customrag.document;

import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is stored of documents, their passages aside. */
@ApplicationScoped
class DocumentData implements PersonalData {

    private static final String UNTIL_DELETED = "until you delete the document or the account";

    private final DocumentsConfig config;

    DocumentData(DocumentsConfig config) {
        this.config = config;
    }

    @Override
    public List<Kept> kept() {
        return List.of(
                Kept.inDatabase("Documents: name, type, size, state", UNTIL_DELETED, "documents", "document_contents"),
                new Kept(
                        "The files of documents, as uploaded",
                        files(),
                        UNTIL_DELETED,
                        Optional.empty(),
                        Set.of("document_chunks", "document_objects")),
                Kept.inDatabase(
                        "Ids of deleted documents, for programs that were not listening",
                        "until you delete another document more than " + Documents.DELETIONS_KEPT.toDays()
                                + " days later, or the account",
                        "document_deletions"),
                Kept.inDatabase(
                        "Work on documents: ids alone",
                        "until it is done",
                        "scheduled_tasks",
                        "storage_tasks",
                        "reembedding_tasks"));
    }

    /** Those uploaded under another setting stay where they are. */
    private String files() {
        return config.s3().bucket().isEmpty()
                ? "database"
                : config.storage() == DocumentsConfig.Place.S3
                        ? "object storage; earlier ones perhaps database"
                        : "database; earlier ones perhaps object storage";
    }
}
