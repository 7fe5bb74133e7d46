package dev.customrag.system;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether the model provider answers, as a detail only: a provider that is down must not take every replica out of the
 * load balancer, since documents, search history and accounts work without it.
 */
@Readiness
@ApplicationScoped
class ModelProviderCheck implements HealthCheck {

    private final ModelProvider models;

    ModelProviderCheck(ModelProvider models) {
        this.models = models;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("model-provider").up().withData("source", models.source());
        try {
            return response.withData("reachable", !models.models().isEmpty()).build();
        } catch (ModelFailure failure) {
            return response.withData("reachable", false)
                    .withData("reason", failure.kind().name())
                    .build();
        }
    }
}
