package dev.customrag.system;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.Retention;
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
 * Whether the model provider answers, and whether it is proven that it keeps nothing, as details only: a provider that is
 * down or must not be asked must not take every replica out of the
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

    /**
     * @param failure why the provider does not answer; null if it does
     */
    private record Answer(ModelFailure failure, Retention retention) {}

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("model-provider").up().withData("source", models.source());
        Future<Answer> asked = threads.submit(this::ask);
        try {
            Answer answer = asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            response.withData("reachable", answer.failure() == null)
                    .withData("retention-proven", answer.retention().proven())
                    .withData("retention-required", answer.retention().required());
            if (answer.failure() != null) {
                response.withData("reason", answer.failure().kind().name());
            }
        } catch (TimeoutException e) {
            response.withData("reachable", false).withData("reason", "TIMEOUT");
        } catch (ExecutionException e) {
            response.withData("reachable", false)
                    .withData("reason", e.getCause().getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            response.withData("reachable", false).withData("reason", "INTERRUPTED");
        }
        return response.build();
    }

    private Answer ask() {
        ModelFailure failure = null;
        try {
            models.models();
        } catch (ModelFailure e) {
            failure = e;
        }
        return new Answer(failure, models.retention());
    }
}
