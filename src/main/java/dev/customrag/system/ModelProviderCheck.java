package dev.customrag.system;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** Probes are impatient: a provider that takes longer counts as unreachable, not the service. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ModelProvider models;
    private final ExecutorService threads;

    ModelProviderCheck(ModelProvider models, @VirtualThreads ExecutorService threads) {
        this.models = models;
        this.threads = threads;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("model-provider").up().withData("source", models.source());
        Future<Boolean> asked = threads.submit(() -> !models.models().isEmpty());
        try {
            response.withData("reachable", asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            response.withData("reachable", false).withData("reason", "TIMEOUT");
        } catch (ExecutionException e) {
            response.withData("reachable", false).withData("reason", reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            response.withData("reachable", false).withData("reason", "INTERRUPTED");
        }
        return response.build();
    }

    private static String reason(Throwable cause) {
        return cause instanceof ModelFailure failure
                ? failure.kind().name()
                : cause.getClass().getSimpleName();
    }
}
