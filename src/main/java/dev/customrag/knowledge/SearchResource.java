package dev.customrag.knowledge;

import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Search over one's own passages. Contract: docs/api.md, section "Documents and search". */
@Path("/search")
@Authenticated
class SearchResource {

    private final CurrentUser user;
    private final PassageRetriever retriever;

    SearchResource(CurrentUser user, PassageRetriever retriever) {
        this.user = user;
        this.retriever = retriever;
    }

    record SearchRequest(
            @NotBlank @Size(max = 4000) @Pattern(regexp = "[^\\x00\\p{Cs}]*", message = "must be text without NUL")
            String query,

            @Min(1) @Max(100) Integer limit,
            @Size(max = 1000) Set<@NotNull UUID> documentIds) {}

    record SearchReply(List<Passage> passages) {}

    @POST
    @RunOnVirtualThread
    @Operation(summary = "Search your documents: the passages that fit best first")
    @APIResponse(responseCode = "429", description = "A budget is used up; Retry-After says when it begins anew")
    @APIResponseSchema(SearchReply.class)
    public SearchReply search(@Valid SearchRequest request) {
        int limit = request.limit() == null ? 5 : request.limit();
        if (request.documentIds() != null && request.documentIds().isEmpty()) {
            return new SearchReply(List.of());
        }
        Set<UUID> documents = request.documentIds() == null ? Set.of() : request.documentIds();
        return new SearchReply(retriever.retrieve(new SearchScope(user.id(), documents), request.query(), limit));
    }
}
