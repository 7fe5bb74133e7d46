package dev.customrag.model;

import dev.customrag.http.Page;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The models on offer. Contract: docs/api.md, section "Models, assistants, chat". */
@Path("/models")
@Authenticated
@RunOnVirtualThread
class ModelResource {

    private final ModelProvider models;
    private final ModelPrices prices;

    ModelResource(ModelProvider models, ModelPrices prices) {
        this.models = models;
        this.prices = prices;
    }

    /** @param price null where none is configured */
    record ModelView(
            String id,
            String name,
            String provider,
            ModelDescription.Kind kind,
            String source,
            boolean streaming,
            String baseModel,
            List<String> regions,
            ModelPrice price) {

        static ModelView of(ModelDescription model, ModelPrice price) {
            return new ModelView(
                    model.id(),
                    model.name(),
                    model.provider(),
                    model.kind(),
                    model.source(),
                    model.streaming(),
                    model.baseModel(),
                    model.regions(),
                    price);
        }
    }

    /** All of them in one page: there are dozens, not thousands. */
    @GET
    @Operation(summary = "The models on offer")
    public Page<ModelView> list() {
        return new Page<>(
                models.models().stream()
                        .map(model ->
                                ModelView.of(model, prices.priceOf(model.id()).orElse(null)))
                        .toList(),
                null);
    }
}
