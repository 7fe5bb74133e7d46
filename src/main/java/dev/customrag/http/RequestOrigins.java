package dev.customrag.http;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.MDC;

/** Knows where the request at hand came from, and names each request. */
@ApplicationScoped
public class RequestOrigins {

    private static final String ORIGIN = RequestOrigin.class.getName();

    private final CurrentVertxRequest request;
    private final ClientAddresses clients;

    RequestOrigins(CurrentVertxRequest request, ClientAddresses clients) {
        this.request = request;
        this.clients = clients;
    }

    /** Of the request this thread works for; {@link RequestOrigin#NONE} where there is none, as in jobs. */
    public RequestOrigin current() {
        if (!Arc.container().requestContext().isActive()) {
            return RequestOrigin.NONE;
        }
        RoutingContext context = request.getCurrent();
        RequestOrigin origin = context == null ? null : context.get(ORIGIN);
        return origin == null ? RequestOrigin.NONE : origin;
    }

    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::name);
    }

    /** The id is ours alone: one that the client chose could be that of somebody else's request. */
    private void name(RoutingContext context) {
        var origin = new RequestOrigin(
                clients.of(context.request()).map(RequestOrigin::prefix).orElse(""),
                RequestOrigin.oneLine(context.request().getHeader(HttpHeaders.USER_AGENT)),
                Ids.next().toString());
        context.put(ORIGIN, origin);
        context.response().putHeader("X-Request-Id", origin.requestId());
        MDC.put("request_id", origin.requestId());
        context.next();
    }
}
