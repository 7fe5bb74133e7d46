package dev.customrag.http;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;

/**
 * Reads a missing JSON body as an empty object, so that the answer names the fields that are wanted, and no resource is
 * handed a null.
 */
@Provider
class EmptyBodies implements ReaderInterceptor {

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        if (!MediaType.APPLICATION_JSON_TYPE.isCompatible(context.getMediaType())) {
            return context.proceed();
        }
        var body = new PushbackInputStream(context.getInputStream());
        int first = body.read();
        if (first == -1) {
            context.setInputStream(new ByteArrayInputStream(new byte[] {'{', '}'}));
        } else {
            body.unread(first);
            context.setInputStream(body);
        }
        Object read = context.proceed();
        if (read == null) {
            throw ProblemMappers.notTheExpectedJson();
        }
        return read;
    }
}
