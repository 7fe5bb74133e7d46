package dev.customrag.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Problem details for what goes wrong before or beside the REST layer, where no exception mapper reaches. */
@ApplicationScoped
class RouterProblems {

    private static final Logger LOG = Logger.getLogger(RouterProblems.class);

    private static final List<Integer> RAISED_BY_THE_ROUTER = List.of(400, 404, 405, 406, 413, 415, 500);

    /** Enough for anything but a file: JSON is read before it is known who sent it. */
    static final long LARGEST_TEXT = 1024 * 1024;

    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private final long largestFile;

    RouterProblems(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize largestFile) {
        this.largestFile = largestFile.asLongValue();
    }

    void register(@Observes Router router) {
        RAISED_BY_THE_ROUTER.forEach(status -> router.errorHandler(status, this::failed));
        router.route().order(Integer.MIN_VALUE).failureHandler(this::failed);
        // Before Quarkus' own check, which answers without a body.
        router.route().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1).handler(this::refuseLargeBody);
    }

    private void refuseLargeBody(RoutingContext context) {
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && Long.parseLong(length) > (carriesFile(context) ? largestFile : LARGEST_TEXT)) {
            hangUpAfterAnswer(context);
            respond(context, ProblemMappers.ofStatus(413));
        } else {
            context.next();
        }
    }

    static boolean carriesFile(RoutingContext context) {
        String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/");
    }

    /**
     * The rest of the body is not wanted, so that the connection is of no more use. What of it comes within a second is thrown
     * away first: closing while a client still sends would take the answer from it (RFC 9112, 9.6).
     */
    static void hangUpAfterAnswer(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        context.addEndHandler(sent -> {
            if (request.isEnded()) {
                request.connection().close();
                return;
            }
            context.vertx().setTimer(LONGEST_REST.toMillis(), late -> request.connection()
                    .close());
            request.handler(rest -> {}).endHandler(end -> request.connection().close());
            request.resume();
        });
    }

    private void failed(RoutingContext context) {
        if (context.response().ended()) {
            return;
        }
        if (context.response().headWritten()) {
            // Too late for a status; a broken connection is the one way left to say that this is not all.
            context.request().connection().close();
            return;
        }
        respond(context, problemOf(context));
    }

    private static Problem problemOf(RoutingContext context) {
        return switch (context.failure()) {
            case Problem problem -> problem;
            case UnauthorizedException e -> ProblemMappers.ofStatus(401);
            case AuthenticationFailedException e -> ProblemMappers.invalidToken();
            case ForbiddenException e -> Refusal.of(context);
            case null -> ProblemMappers.ofStatus(context.statusCode());
            case Throwable failure
            when context.statusCode() >= 500 -> {
                LOG.error("Unexpected failure: " + Faults.describe(failure));
                yield ProblemMappers.ofStatus(context.statusCode());
            }
            case Throwable failure -> ProblemMappers.ofStatus(context.statusCode());
        };
    }

    private static void respond(RoutingContext context, Problem problem) {
        boolean openAi = OpenAiErrors.speakAt(context.request().path());
        HttpServerResponse response = context.response()
                .setStatusCode(openAi ? OpenAiErrors.status(problem) : problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, openAi ? "application/json" : ProblemMappers.PROBLEM_JSON);
        problem.headers().forEach(response::putHeader);
        response.end(Json.encode(openAi ? OpenAiErrors.body(problem) : problem.body()));
    }
}
