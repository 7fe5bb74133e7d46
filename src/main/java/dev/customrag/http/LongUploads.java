package dev.customrag.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Stops reading files that did not say their length and grow too large, a little before the framework does, which would
 * answer 413 without a body. Those that say it are refused by {@link RouterProblems} before they are read.
 */
@Provider
@ApplicationScoped
class LongUploads implements ContainerRequestFilter {

    /** More than the framework reads at a time. */
    private static final long MARGIN = 128 * 1024;

    private final CurrentVertxRequest current;
    private final long most;

    LongUploads(
            CurrentVertxRequest current,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize largestFile) {
        this.current = current;
        this.most = largestFile.asLongValue() - MARGIN;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getLength() < 0 && RouterProblems.carriesFile(current.getCurrent())) {
            request.setEntityStream(new BoundedBody(request.getEntityStream(), most, this::refuse));
        }
    }

    private Problem refuse() {
        RouterProblems.hangUpAfterAnswer(current.getCurrent());
        return ProblemMappers.ofStatus(413);
    }
}
