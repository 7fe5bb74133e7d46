package dev.customrag.assistant;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.groups.ConvertGroup;
import jakarta.validation.groups.Default;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;

/** Whom people talk to. Contract: docs/api.md, section Assistants. */
@Path("/assistants")
@Authenticated
@RunOnVirtualThread
class AssistantResource {

    private final CurrentUser user;
    private final Assistants assistants;
    private final AssistantFiles files;

    AssistantResource(CurrentUser user, Assistants assistants, AssistantFiles files) {
        this.user = user;
        this.assistants = assistants;
        this.files = files;
    }

    @GET
    @Operation(summary = "Your assistants, newest first")
    public Page<Assistant> list(@BeanParam @Valid PageRequest page) {
        return assistants.list(user.id(), page);
    }

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Make an assistant")
    @APIResponseSchema(Assistant.class)
    @APIResponse(responseCode = "403", description = "The account has no access to the model")
    @APIResponse(responseCode = "404", description = "There is no such model")
    @APIResponse(responseCode = "409", description = "There are as many assistants as there may be")
    public Assistant create(
            @Valid @ConvertGroup(from = Default.class, to = AssistantRequest.Whole.class) AssistantRequest request) {
        return assistants.create(user.id(), request);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "An assistant")
    public Assistant get(UUID id) {
        return assistants.of(user.id(), id);
    }

    @PATCH
    @Path("/{id}")
    @Operation(summary = "Change an assistant, or make it the default")
    @APIResponseSchema(Assistant.class)
    @APIResponse(responseCode = "403", description = "The account has no access to the model")
    @APIResponse(responseCode = "404", description = "There is no such assistant, or no such model")
    @APIResponse(responseCode = "409", description = "There would be no default any more")
    public Assistant change(UUID id, @Valid AssistantRequest request) {
        return assistants.change(user.id(), id, request);
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Delete an assistant; conversations with it stay")
    @APIResponse(responseCode = "409", description = "It is the default")
    public void delete(UUID id) {
        assistants.delete(user.id(), id);
    }

    @POST
    @Path("/{id}/duplicate")
    @ResponseStatus(201)
    @Operation(summary = "Make another assistant like this one")
    @APIResponseSchema(Assistant.class)
    @APIResponse(responseCode = "409", description = "There are as many assistants as there may be")
    public Assistant duplicate(UUID id) {
        return assistants.duplicate(user.id(), id);
    }

    @GET
    @Path("/{id}/export")
    @Operation(summary = "An assistant as a file, to be imported elsewhere")
    public RestResponse<AssistantFile> export(UUID id) {
        Assistant assistant = assistants.of(user.id(), id);
        return RestResponse.ResponseBuilder.ok(files.write(user.id(), assistant))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + filename(assistant) + "\"")
                .build();
    }

    record ImportReply(Assistant assistant, List<String> notices, List<AssistantFile.KnownDocument> missingDocuments) {

        static ImportReply of(AssistantFiles.Imported imported) {
            return new ImportReply(imported.assistant(), imported.notices(), imported.missing());
        }
    }

    @POST
    @Path("/import")
    @ResponseStatus(201)
    @Operation(summary = "Make an assistant of a file that was exported")
    @APIResponseSchema(ImportReply.class)
    @APIResponse(responseCode = "409", description = "There are as many assistants as there may be")
    public ImportReply read(@Valid @NotNull AssistantFile file) {
        return ImportReply.of(files.read(user.id(), file));
    }

    /** What is left of the name in letters that need no encoding. */
    private static String filename(Assistant assistant) {
        String letters = Normalizer.normalize(assistant.name(), Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return (letters.isEmpty() ? "assistant" : letters) + ".json";
    }
}
