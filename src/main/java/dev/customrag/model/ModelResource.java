package dev.customrag.model;

import dev.customrag.http.Page;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The models on offer. Contract: docs/api.md, section "Models, assistants, chat". */
@Path("/models")
@Authenticated
@RunOnVirtualThread
class ModelResource {

    private final ModelProvider models;

    ModelResource(ModelProvider models) {
        this.models = models;
    }

    /** All of them in one page: there are dozens, not thousands. */
    @GET
    @Operation(summary = "The models on offer")
    public Page<ModelDescription> list() {
        return new Page<>(models.models(), null);
    }
}
