package dev.customrag.http;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/** Every failure leaves as RFC 9457 problem details, or as {@link OpenAiErrors}, the framework's own included. */
class ProblemMappers {

    static final String PROBLEM_JSON = "application/problem+json";

    private static final String WRONG_TYPE = "has the wrong type or format";

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    @ServerExceptionMapper
    Response problem(Problem problem) {
        return respond(problem);
    }

    @ServerExceptionMapper
    Response violations(ConstraintViolationException exception) {
        List<Problem.FieldError> errors = exception.getConstraintViolations().stream()
                .map(violation -> new Problem.FieldError(field(violation), violation.getMessage()))
                .sorted(Comparator.comparing(Problem.FieldError::field).thenComparing(Problem.FieldError::message))
                .toList();
        return respond(Problem.invalid(errors));
    }

    @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
    Response json(JsonProcessingException exception) {
        return respond(unreadable(exception).orElseGet(() -> fault(exception)));
    }

    /** A fault in our own records, not in what was sent. */
    @ServerExceptionMapper
    Response definition(InvalidDefinitionException exception) {
        return respond(fault(exception));
    }

    @ServerExceptionMapper
    Response unauthorized(UnauthorizedException exception) {
        return respond(missingToken());
    }

    @ServerExceptionMapper
    Response authenticationFailed(AuthenticationFailedException exception) {
        return respond(invalidToken());
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException exception, RoutingContext request) {
        return respond(Refusal.of(request));
    }

    /** An unknown address; or a parameter of the wrong type, which the framework reports as one. */
    @ServerExceptionMapper
    Response notFound(NotFoundException exception, UriInfo uri) {
        return respond(unreadableParameter(exception.getCause(), uri)
                .map(name -> Problem.invalid(name, WRONG_TYPE))
                .orElseGet(() -> ofStatus(404)));
    }

    @ServerExceptionMapper
    Response notAllowed(NotAllowedException exception) {
        return respond(ofStatus(405).header(HttpHeaders.ALLOW, AllowedMethods.here()));
    }

    @ServerExceptionMapper
    Response framework(WebApplicationException exception) {
        int status = exception.getResponse().getStatus();
        boolean ours = status >= 500 ? exception.getCause() != null : isCausedByJson(exception);
        return respond(unreadable(exception).orElseGet(() -> ours ? fault(exception) : ofStatus(status)));
    }

    /** What is left is a fault of ours: the client learns that, the log gets the type and the stack, no message. */
    @ServerExceptionMapper
    Response unexpected(Throwable exception, HttpServerResponse response) {
        // Ended means that the client knows: a body without a length that became too large has had its 413.
        return respond(response.ended() ? ofStatus(413) : fault(exception));
    }

    @ServerResponseFilter
    void preciseOptions(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getMethod().equals(HttpMethod.OPTIONS) && response.getStatus() == 200) {
            response.getHeaders().putSingle(HttpHeaders.ALLOW, AllowedMethods.here());
        }
    }

    private static Problem fault(Throwable exception) {
        LOG.error("Unexpected failure: " + Faults.describe(exception));
        return ofStatus(500);
    }

    static Problem missingToken() {
        return Problem.unauthorized(
                "unauthorized", "Send an access token or an API key: Authorization: Bearer <token>.");
    }

    /** A token came, and is not good: RFC 6750, section 3.1. */
    static Problem invalidToken() {
        return Problem.unauthorized(
                        "invalid-token",
                        "The access token or API key is not valid or has expired. Sign in again, or use another key.")
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
    }

    static Problem notTheExpectedJson() {
        return Problem.badRequest("malformed-json", "The request body is not the JSON that this takes.");
    }

    /** The problem for a bare HTTP status, as the framework raises them. */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 400 -> Problem.badRequest("bad-request", "The request could not be understood; check its syntax.");
            case 401 -> missingToken();
            case 403 -> new Problem(403, "forbidden", "Forbidden", "This account may not do that.");
            case 404 -> new Problem(404, "not-found", "Not found", "There is nothing at this address.");
            case 405 ->
                new Problem(405, "method-not-allowed", "Method not allowed", "This address does not take this method.");
            case 406 ->
                new Problem(406, "not-acceptable", "Not acceptable", "Ask for a media type this address offers.");
            case 413 ->
                new Problem(413, "too-large", "Content too large", "The request is larger than this server takes.");
            case 415 ->
                new Problem(415, "unsupported-media-type", "Unsupported media type", "Send the media type this takes.");
            case 500 -> Problem.internalError();
            default -> {
                var known = Response.Status.fromStatusCode(status);
                String title = known == null ? "Error" : known.getReasonPhrase();
                yield new Problem(status, "http-" + status, title, title + ".");
            }
        };
    }

    /** What is wrong with the JSON that was sent. Empty if the fault is not in there, but in how we read or write. */
    private static Optional<Problem> unreadable(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof JsonMappingException mapping && isAboutAValue(mapping)) {
                return Optional.of(
                        mapping.getPath().isEmpty()
                                ? notTheExpectedJson()
                                : Problem.invalid(field(mapping.getPath()), WRONG_TYPE));
            }
            if (cause instanceof JsonParseException || cause instanceof StreamConstraintsException) {
                return Optional.of(Problem.badRequest("malformed-json", "The request body is not valid JSON."));
            }
        }
        return Optional.empty();
    }

    /** It has the wrong type, or is a number that is too large for the right one. */
    private static boolean isAboutAValue(JsonMappingException exception) {
        return exception instanceof MismatchedInputException || exception.getCause() instanceof InputCoercionException;
    }

    private static boolean isCausedByJson(Throwable exception) {
        return exception.getCause() instanceof JsonProcessingException;
    }

    /** {@code order_lines[0].how_many} */
    private static String field(List<JsonMappingException.Reference> path) {
        var text = new StringBuilder();
        for (var step : path) {
            if (step.getFieldName() == null) {
                text.append('[').append(step.getIndex()).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return text.toString();
    }

    /** {@code register.request.firstName} becomes {@code first_name}: what the client sent, not how we name it. */
    private static String field(ConstraintViolation<?> violation) {
        var text = new StringBuilder();
        String parameter = "";
        for (var node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.PARAMETER) {
                parameter = snakeCase(node.getName());
                continue;
            }
            if (node.isInIterable() && node.getIndex() != null) {
                text.append('[').append(node.getIndex()).append(']');
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                text.append(text.isEmpty() ? "" : ".").append(snakeCase(node.getName()));
            }
        }
        return text.isEmpty() ? parameter : text.toString();
    }

    /** The query parameter that could not be converted: the converter's message quotes what it was given. */
    private static Optional<String> unreadableParameter(Throwable conversion, UriInfo uri) {
        if (conversion == null || conversion.getMessage() == null) {
            return Optional.empty();
        }
        return uri.getQueryParameters().entrySet().stream()
                .filter(parameter -> parameter.getValue().stream()
                        .anyMatch(value ->
                                !value.isEmpty() && conversion.getMessage().contains(value)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    static Response respond(Problem problem) {
        boolean openAi = OpenAiErrors.speakAt(CurrentRequestManager.get().getPathWithoutPrefix());
        var response = openAi
                ? Response.status(OpenAiErrors.status(problem))
                        .type(MediaType.APPLICATION_JSON_TYPE)
                        .entity(OpenAiErrors.body(problem))
                : Response.status(problem.status())
                        .type(new MediaType("application", "problem+json"))
                        .entity(problem.body());
        problem.headers().forEach(response::header);
        return response.build();
    }
}
