package dev.customrag.http;

import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
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
@ApplicationScoped
class EmptyBodies implements ReaderInterceptor {

    /** Nothing needs no media type; REST would answer that it does not take it. */
    void typeOfNothing(@Observes Router router) {
        router.route().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1).handler(context -> {
            HttpServerRequest request = context.request();
            if (isEmpty(request) && !request.headers().contains(HttpHeaders.CONTENT_TYPE)) {
                request.headers().set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
            }
            context.next();
        });
    }

    private static boolean isEmpty(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.method() != HttpMethod.GET
                && (length == null || length.equals("0"))
                && !request.headers().contains("Transfer-Encoding");
    }

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
