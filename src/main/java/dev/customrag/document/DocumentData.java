package dev.customrag.document;

import dev.customrag.tenancy.Export;
import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What is stored of documents, their passages aside. */
@ApplicationScoped
class DocumentData implements PersonalData {

    private static final String UNTIL_DELETED = "until you delete the document or the account";

    private final DocumentsConfig config;
    private final DocumentExport documents;

    DocumentData(DocumentsConfig config, DocumentExport documents) {
        this.config = config;
        this.documents = documents;
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

    @Override
    public List<Exported> exported() {
        return List.of(
                new Exported(
                        DocumentExport.LIST, "Your documents: name, type, size, state, and which file here each is"),
                new Exported(DocumentExport.DELETED, "Ids of documents you have deleted lately"),
                new Exported(DocumentExport.FILES, "The files of your documents, as you uploaded them"),
                new Exported(DocumentExport.NEWER_FILES, "Newer versions of them that have not been read yet"));
    }

    @Override
    public List<LeftOut> leftOut() {
        return List.of(
                new LeftOut("Where files are kept", "says nothing; the files are in this export", "document_objects"),
                new LeftOut(
                        "Work on documents that waits or is under way",
                        "ids alone, gone when it is done",
                        "scheduled_tasks",
                        "storage_tasks",
                        "reembedding_tasks"));
    }

    @Override
    public void export(UUID person, Export export) throws IOException {
        documents.write(person, export);
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
