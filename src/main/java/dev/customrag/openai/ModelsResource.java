package dev.customrag.openai;

import dev.customrag.assistant.Assistant;
import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A person's assistants, as OpenAI's API lists models. Contract: docs/api.md, section OpenAI-compatible. */
@Path("/v1/models")
@Authenticated
@RunOnVirtualThread
class ModelsResource {

    private static final String OWNER = "customrag";

    private final CurrentUser user;
    private final AssistantModels models;

    ModelsResource(CurrentUser user, AssistantModels models) {
        this.user = user;
        this.models = models;
    }

    /**
     * One model.
     *
     * @param created in seconds since 1970
     * @param name for people; OpenAI's models have none
     */
    @Schema(name = "OpenAiModel")
    record ModelView(String id, String object, long created, String ownedBy, String name) {

        static ModelView of(Assistant assistant) {
            return new ModelView(
                    assistant.id().toString(),
                    "model",
                    assistant.createdAt().getEpochSecond(),
                    OWNER,
                    assistant.name());
        }
    }

    @Schema(name = "OpenAiModelList")
    record ModelList(String object, List<ModelView> data) {}

    @GET
    @Operation(summary = "Your assistants, as OpenAI's API lists models")
    public ModelList list() {
        return new ModelList(
                "list", models.all(user.id()).stream().map(ModelView::of).toList());
    }

    @GET
    @Path("/{model}")
    @Operation(summary = "An assistant, as OpenAI's API shows a model")
    public ModelView get(String model) {
        return ModelView.of(models.named(user.id(), model));
    }
}
