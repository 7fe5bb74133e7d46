package dev.customrag.document;

import dev.customrag.http.Cursor;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.identity.CurrentUser;
import dev.customrag.knowledge.Passage;
import dev.customrag.knowledge.PassageIndex;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
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
            int passageCount,
            String error,
            Instant createdAt,
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
                    document.passageCount(),
                    document.error(),
                    document.createdAt(),
                    document.readyAt());
        }
    }

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
    @APIResponse(responseCode = "413", description = "Larger than the largest document")
    @APIResponse(responseCode = "415", description = "None of the formats, judged by content")
    public RestResponse<DocumentView> upload(@RestForm("file") FileUpload file) throws IOException {
        if (file == null) {
            throw Problem.invalid("file", "is missing: send it as a part of multipart/form-data");
        }
        DocumentStore.Upload upload = store.upload(user.id(), file.fileName(), file.uploadedFile());
        var status = upload.isNew() ? RestResponse.Status.ACCEPTED : RestResponse.Status.OK;
        return RestResponse.status(status, DocumentView.of(upload.document()));
    }

    @GET
    @Operation(summary = "Your documents, newest first")
    public Page<DocumentView> list(@BeanParam @Valid PageRequest page) {
        return store.list(user.id(), page).map(DocumentView::of);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "A document and how far it is")
    public DocumentView get(UUID id) {
        return DocumentView.of(store.get(user.id(), id));
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
    public Response content(UUID id) {
        UUID owner = user.id();
        Document document = store.get(owner, id);
        StreamingOutput bytes = out -> store.writeContent(owner, document, out);
        return Response.ok(bytes, document.mediaType())
                .header(HttpHeaders.CONTENT_LENGTH, document.sizeBytes())
                .header(HttpHeaders.CONTENT_DISPOSITION, Filename.attachment(document.filename()))
                .build();
    }

    /** Passages count without gaps from 0; in a cursor, whose form is a time and an id, the count is the time. */
    @GET
    @Path("/{id}/passages")
    @Operation(summary = "The passages of a document, in order")
    public Page<Passage> passages(UUID id, @BeanParam @Valid PageRequest page) {
        store.get(user.id(), id);
        int after = (int) page.after()
                .map(Cursor::at)
                .map(Instant::getEpochSecond)
                .orElse(-1L)
                .longValue();
        List<Passage> rows = passages.list(user.id(), id, after, page.limit + 1);
        return Page.of(rows, page.limit, last -> new Cursor(Instant.ofEpochSecond(after + page.limit), id));
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
