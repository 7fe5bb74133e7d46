package dev.customrag.privacy;

import dev.customrag.model.ModelProvider;
import dev.customrag.model.Retention;
import dev.customrag.tenancy.PersonalData;
import dev.customrag.tenancy.PersonalData.Kept;
import io.quarkus.arc.All;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What is kept where and for how long, here and at the model provider. Contract: docs/api.md, section "Privacy". */
@Path("/privacy/retention")
@Authenticated
@RunOnVirtualThread
class RetentionResource {

    /** What nobody here can know of. */
    private static final KeptView BACKUPS = new KeptView(
            "Copies of the above in backups of the database and the object storage",
            "wherever the operator of this service keeps them",
            "as the operator decides; this service does not know",
            null);

    private final ModelProvider models;
    private final List<PersonalData> rooms;

    RetentionResource(ModelProvider models, @All List<PersonalData> rooms) {
        this.models = models;
        this.rooms = rooms;
    }

    record RetentionView(ModelProviderView modelProvider, List<KeptView> kept) {}

    record ModelProviderView(
            String source,
            boolean leavesService,
            boolean required,
            boolean proven,
            List<RegionView> regions,
            List<UnprovenView> unprovenModels,
            String enforced) {

        static ModelProviderView of(String source, Retention known) {
            return new ModelProviderView(
                    source,
                    known.leaves(),
                    known.required(),
                    known.proven(),
                    known.regions().stream().map(RegionView::of).toList(),
                    known.unproven().stream()
                            .map(model -> new UnprovenView(model.modelId(), model.reason()))
                            .toList(),
                    known.enforced());
        }
    }

    record RegionView(String region, String mode, Boolean invocationLogging, Instant checkedAt, String problem) {

        static RegionView of(Retention.InRegion seen) {
            return new RegionView(
                    seen.region(), seen.mode(), seen.invocationLogging(), seen.checkedAt(), seen.problem());
        }
    }

    record UnprovenView(String modelId, String reason) {}

    record KeptView(String what, String where, String until, Long atMostSeconds) {

        static KeptView of(Kept kept) {
            return new KeptView(
                    kept.what(),
                    kept.where(),
                    kept.until(),
                    kept.atMost().map(Duration::toSeconds).orElse(null));
        }
    }

    @GET
    @Operation(summary = "What is kept where and for how long, and whether the model provider keeps anything")
    public RetentionView get() {
        List<KeptView> kept = rooms.stream()
                .flatMap(room -> room.kept().stream())
                .map(KeptView::of)
                .sorted(Comparator.comparing(KeptView::what))
                .toList();
        return new RetentionView(
                ModelProviderView.of(models.source(), models.retention()),
                Stream.concat(kept.stream(), Stream.of(BACKUPS)).toList());
    }
}
