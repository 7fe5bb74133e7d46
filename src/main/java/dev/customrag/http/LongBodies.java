package dev.customrag.http;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Stops reading a body that did not say its length and grows past {@link RouterProblems#LARGEST_TEXT}. Files do not pass
 * here: the framework reads multipart bodies, and ends those that grow too large with a 413 that has no body.
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
        var body = new Bounded(context.getInputStream());
        context.setInputStream(body);
        try {
            return context.proceed();
        } catch (IOException | RuntimeException e) {
            // Whatever the reader made of it on the way.
            if (!body.isTooLong()) {
                throw e;
            }
            RouterProblems.hangUpAfterAnswer(current.getCurrent());
            throw ProblemMappers.ofStatus(413);
        }
    }

    private static final class Bounded extends FilterInputStream {

        private long left = RouterProblems.LARGEST_TEXT;

        Bounded(InputStream body) {
            super(body);
        }

        boolean isTooLong() {
            return left < 0;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            counted(next == -1 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return counted(super.read(bytes, offset, length));
        }

        /** Closing reads up to the end, which is what is refused here. */
        @Override
        public void close() throws IOException {
            if (!isTooLong()) {
                super.close();
            }
        }

        private int counted(int read) throws IOException {
            left -= Math.max(0, read);
            if (isTooLong()) {
                throw new IOException("Too long");
            }
            return read;
        }
    }
}
