package dev.customrag.document;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.identity.CurrentUser;
import dev.customrag.knowledge.Passage;
import dev.customrag.knowledge.PassageIndex;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.multipart.FileUpload;

/** Uploaded files. Contract: docs/api.md, section "Documents and search". */
@Path("/documents")
@Authenticated
@RunOnVirtualThread
class DocumentResource {

    private final CurrentUser user;
    private final DocumentStore store;
    private final PassageIndex passages;

    DocumentResource(CurrentUser user, DocumentStore store, PassageIndex passages) {
        this.user = user;
        this.store = store;
        this.passages = passages;
    }

    record DocumentView(
            UUID id,
            String filename,
            String mediaType,
            long sizeBytes,
            String sha256,
            String status,
            float progress,
            Integer pageCount,
            List<Integer> pagesWithoutText,
            int passageCount,
            String error,
            String warning,
            Instant createdAt,
            Instant updatedAt,
            Instant readyAt) {

        static DocumentView of(Document document) {
            return new DocumentView(
                    document.id(),
                    document.filename(),
                    document.mediaType(),
                    document.sizeBytes(),
                    document.sha256(),
                    document.status().label(),
                    document.progress(),
                    document.pageCount(),
                    document.pagesWithoutText(),
                    document.passageCount(),
                    document.error(),
                    document.warning(),
                    document.createdAt(),
                    document.updatedAt(),
                    document.readyAt());
        }
    }

    /** What narrows and orders the list. */
    public static class Query {

        private static final String STATUS = "(queued|parsing|embedding|ready|failed)";

        @QueryParam("q")
        @Size(max = 255)
        @Pattern(regexp = "[^\\p{Cc}\\p{Cs}]*", message = "must be one line")
        public String q;

        @QueryParam("status")
        @Size(max = 10)
        public List<
                        @Pattern(
                                regexp = STATUS + "(," + STATUS + "){0,9}",
                                message = "must be queued, parsing, embedding, ready or failed, or several with commas")
                        String>
                status;

        @QueryParam("sort")
        @DefaultValue("-created_at")
        @Pattern(
                regexp = "-?(created_at|filename|size_bytes)",
                message = "must be created_at, filename or size_bytes, with a minus before it for the greatest first")
        public String sort;

        private DocumentList list() {
            var statuses = EnumSet.noneOf(Document.Status.class);
            for (String labels : status == null ? List.<String>of() : status) {
                for (String label : labels.split(",")) {
                    statuses.add(Document.Status.of(label));
                }
            }
            boolean descending = sort.startsWith("-");
            String order = sort.substring(descending ? 1 : 0).toUpperCase(Locale.ROOT);
            return new DocumentList(
                    statuses, q == null ? "" : q.strip(), DocumentList.Order.valueOf(order), descending);
        }
    }

    record DocumentChange(@NotNull String filename) {}

    record Deletion(@NotNull @Size(min = 1, max = 100) List<@NotNull UUID> ids) {}

    /** {@code missing} are those that there were not, or that are somebody else's. */
    record DeletionReply(List<UUID> deleted, List<UUID> missing) {}

    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(summary = "Upload a file, to be searched and quoted")
    @APIResponse(
            responseCode = "200",
            description = "The document that has the same bytes already",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = DocumentView.class)))
    @APIResponse(
            responseCode = "202",
            description = "The document, which is being worked on",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = DocumentView.class)))
    @APIResponse(responseCode = "409", description = "A newer version of another document has the same bytes")
    @APIResponse(
            responseCode = "413",
            description = "Larger than the largest document, or than what is left of the quota")
    @APIResponse(responseCode = "415", description = "None of the formats, judged by content")
    @APIResponse(responseCode = "503", description = "Files cannot be stored right now")
    public RestResponse<DocumentView> upload(@RestForm("file") FileUpload file) throws IOException {
        check(file);
        return answer(store.upload(user.id(), file.fileName(), file.uploadedFile()));
    }

    @PUT
    @Path("/{id}/content")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(summary = "Replace a document with a newer file")
    @APIResponse(
            responseCode = "200",
            description = "The document, unchanged: it has these bytes",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = DocumentView.class)))
    @APIResponse(
            responseCode = "202",
            description = "The document, which is what it was until the newer file is read",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = DocumentView.class)))
    @APIResponse(responseCode = "409", description = "It is being worked on, or another document has the same bytes")
    @APIResponse(
            responseCode = "413",
            description = "Larger than the largest document, or than what is left of the quota")
    @APIResponse(responseCode = "415", description = "None of the formats, judged by content")
    @APIResponse(responseCode = "503", description = "Files cannot be stored right now")
    public RestResponse<DocumentView> replace(UUID id, @RestForm("file") FileUpload file) throws IOException {
        check(file);
        return answer(store.replace(user.id(), id, file.fileName(), file.uploadedFile()));
    }

    private static void check(FileUpload file) {
        if (file == null) {
            throw Problem.invalid("file", "is missing: send it as a part of multipart/form-data");
        }
    }

    private static RestResponse<DocumentView> answer(DocumentStore.Upload upload) {
        var status = upload.isNew() ? RestResponse.Status.ACCEPTED : RestResponse.Status.OK;
        return RestResponse.status(status, DocumentView.of(upload.document()));
    }

    @GET
    @Operation(summary = "Your documents, newest first unless sorted")
    public Page<DocumentView> list(@BeanParam @Valid Query query, @BeanParam @Valid PageRequest page) {
        return store.list(user.id(), query.list(), page).map(DocumentView::of);
    }

    record UsageView(long documents, long bytes, long maxDocuments, long maxBytes, long maxFileBytes) {}

    @GET
    @Path("/usage")
    @Operation(summary = "How much you keep and may keep")
    public UsageView usage() {
        Usage usage = store.usage(user.id());
        Usage most = store.quota();
        return new UsageView(usage.documents(), usage.bytes(), most.documents(), most.bytes(), store.largestFile());
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "A document and how far it is")
    public DocumentView get(UUID id) {
        return DocumentView.of(store.get(user.id(), id));
    }

    @PATCH
    @Path("/{id}")
    @Operation(summary = "Rename a document")
    public DocumentView rename(UUID id, @Valid @NotNull DocumentChange change) {
        return DocumentView.of(store.rename(user.id(), id, change.filename()));
    }

    @POST
    @Path("/delete")
    @Operation(summary = "Delete several documents and their passages at once")
    public DeletionReply deleteSeveral(@Valid @NotNull Deletion deletion) {
        var ids = new LinkedHashSet<>(deletion.ids());
        Set<UUID> deleted = store.delete(user.id(), ids);
        return new DeletionReply(
                ids.stream().filter(deleted::contains).toList(),
                ids.stream().filter(id -> !deleted.contains(id)).toList());
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Delete a document and its passages")
    public void delete(UUID id) {
        store.delete(user.id(), id);
    }

    @GET
    @Path("/{id}/content")
    @Operation(summary = "The file as it was uploaded")
    @APIResponse(
            responseCode = "200",
            description = "The original bytes, in the media type of the document",
            content = @Content(mediaType = "*/*", schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "304", description = "The same as If-None-Match names")
    @APIResponse(responseCode = "503", description = "Files cannot be fetched right now")
    public Response content(UUID id, @Context Request request) {
        UUID owner = user.id();
        Document document = store.get(owner, id);
        StoredFile file = store.file(owner, id);
        var tag = new EntityTag(file.sha256());
        ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            return unchanged.build();
        }
        StreamingOutput bytes = out -> store.write(owner, file, out);
        return Response.ok(bytes, file.mediaType())
                .tag(tag)
                .header(HttpHeaders.CONTENT_LENGTH, file.size())
                .header(HttpHeaders.CONTENT_DISPOSITION, Filename.attachment(document.filename()))
                .build();
    }

    @GET
    @Path("/{id}/passages")
    @Operation(summary = "The passages of a document, in order")
    public Page<Passage> passages(
            UUID id, @QueryParam("from") @DefaultValue("0") @Min(0) int from, @BeanParam @Valid PageRequest page) {
        store.get(user.id(), id);
        return passages.list(user.id(), id, from, page);
    }

    @POST
    @Path("/{id}/reingest")
    @ResponseStatus(202)
    @Operation(summary = "Read a document again")
    @APIResponseSchema(DocumentView.class)
    @APIResponse(responseCode = "409", description = "It is being worked on")
    public DocumentView reingest(UUID id) {
        return DocumentView.of(store.reingest(user.id(), id));
    }
}
