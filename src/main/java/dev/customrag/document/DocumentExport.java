package dev.customrag.document;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.customrag.document.DocumentResource.DocumentView;
import dev.customrag.http.Pages;
import dev.customrag.tenancy.Export;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Writes a person's documents into an export: what is known of them, then their files. */
@ApplicationScoped
class DocumentExport {

    static final String LIST = "documents/documents.jsonl";
    static final String DELETED = "documents/deleted.jsonl";
    static final String FILES = "documents/files/";
    static final String NEWER_FILES = "documents/newer-files/";

    private static final int PAGE = 100;

    private final Documents documents;
    private final DocumentContents contents;
    private final Storage storage;

    DocumentExport(Documents documents, DocumentContents contents, Storage storage) {
        this.documents = documents;
        this.contents = contents;
        this.storage = storage;
    }

    /**
     * A document, and where in the export its files are.
     *
     * @param file null if it was deleted a moment ago
     * @param newerFile which is being read to take its place; null without one
     */
    @RegisterForReflection
    record ExportedDocument(@JsonUnwrapped DocumentView document, String file, ExportedFile newerFile) {}

    /** A file that is not its document's yet. */
    @RegisterForReflection
    record ExportedFile(String file, String filename, String mediaType, long sizeBytes, String sha256) {}

    /** A document that there was. */
    @RegisterForReflection
    record DeletedDocument(UUID id, Instant deletedAt) {}

    /** A file to be written. */
    private record Promised(StoredFile file, String path, Instant modified) {}

    /**
     * All of it. Which files there are is in memory meanwhile, of which a person has no more than the quota allows; a
     * document that comes later is left out, one that goes is told of.
     */
    void write(UUID person, Export export) throws IOException {
        var promised = new ArrayList<Promised>();
        var list = new DocumentList(Set.of(), "", DocumentList.Order.CREATED_AT, false);
        Iterator<Document> all = Pages.of(PAGE, page -> documents.list(person, list, page));
        export.lines(LIST, Pages.map(all, document -> promise(person, document, export, promised)));
        export.lines(DELETED, Pages.of(PAGE, page -> documents.deletions(person, page)));
        for (Promised file : promised) {
            write(person, file, export);
        }
    }

    private ExportedDocument promise(UUID person, Document document, Export export, List<Promised> promised) {
        Optional<String> file = contents.inUse(person, document.id()).map(kept -> {
            String path = export.path(FILES, document.filename());
            promised.add(new Promised(kept, path, document.createdAt()));
            return path;
        });
        Optional<ExportedFile> newer = contents.newer(person, document.id()).map(kept -> {
            String path = export.path(NEWER_FILES, kept.filename());
            promised.add(new Promised(kept, path, document.updatedAt()));
            return new ExportedFile(path, kept.filename(), kept.mediaType(), kept.size(), kept.sha256());
        });
        return new ExportedDocument(DocumentView.of(document), file.orElse(null), newer.orElse(null));
    }

    private void write(UUID person, Promised promised, Export export) throws IOException {
        try (InputStream bytes = storage.open(person, promised.file())) {
            export.file(promised.path(), promised.modified(), bytes);
        } catch (ContentGone e) {
            export.notice(
                    promised.path(),
                    "It was deleted, or replaced by a newer one, while this was written. It is missing here, or not whole.");
        } catch (ContentMissing e) {
            export.notice(promised.path(), "It is missing where it was stored.");
        }
    }
}
