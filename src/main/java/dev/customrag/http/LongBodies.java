package dev.customrag.http;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;

/**
 * Stops reading a body that did not say its length and grows past {@link RouterProblems#LARGEST_TEXT}. Files do not pass
 * here: see {@link LongUploads}.
 */
@Provider
@ApplicationScoped
@Priority(Priorities.USER - 1)
class LongBodies implements ReaderInterceptor {

    private final CurrentVertxRequest current;

    LongBodies(CurrentVertxRequest current) {
        this.current = current;
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        var body = new BoundedBody(context.getInputStream(), RouterProblems.LARGEST_TEXT, this::refuse);
        context.setInputStream(body);
        try {
            return context.proceed();
        } catch (IOException | RuntimeException e) {
            // Whatever the reader made of it on the way.
            if (!body.isTooLong()) {
                throw e;
            }
            throw refuse();
        }
    }

    private Problem refuse() {
        RouterProblems.hangUpAfterAnswer(current.getCurrent());
        return ProblemMappers.ofStatus(413);
    }
}
