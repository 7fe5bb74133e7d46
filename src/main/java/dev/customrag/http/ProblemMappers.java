package dev.customrag.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every failure leaves as RFC 9457 problem details, the framework's own included. */
class ProblemMappers {

    static final String PROBLEM_JSON = "application/problem+json";

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

    @ServerExceptionMapper
    Response json(JsonProcessingException exception) {
        return respond(malformed(exception));
    }

    @ServerExceptionMapper
    Response unauthorized(UnauthorizedException exception) {
        return respond(missingOrInvalidToken());
    }

    @ServerExceptionMapper
    Response authenticationFailed(AuthenticationFailedException exception) {
        return respond(missingOrInvalidToken());
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException exception) {
        return respond(new Problem(403, "forbidden", "Forbidden", "This account may not do that."));
    }

    @ServerExceptionMapper
    Response framework(WebApplicationException exception) {
        for (Throwable cause = exception.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof JsonProcessingException json) {
                return respond(malformed(json));
            }
        }
        Response original = exception.getResponse();
        Problem problem = ofStatus(original.getStatus());
        String allow = original.getHeaderString(HttpHeaders.ALLOW);
        if (allow != null) {
            problem.header(HttpHeaders.ALLOW, allow);
        }
        return respond(problem);
    }

    /** What is left is a fault of ours: the client learns that, the log gets the type and the stack, no message. */
    @ServerExceptionMapper
    Response unexpected(Throwable exception) {
        LOG.error("Unexpected failure: " + Faults.describe(exception));
        return respond(ofStatus(500));
    }

    static Problem missingOrInvalidToken() {
        return Problem.unauthorized("unauthorized", "Send a valid access token: Authorization: Bearer <token>.");
    }

    /** The problem for a bare HTTP status, as the framework raises them. */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 400 -> Problem.badRequest("bad-request", "The request could not be understood; check its syntax.");
            case 401 -> missingOrInvalidToken();
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

    private static Problem malformed(JsonProcessingException exception) {
        if (exception instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            var path = new ArrayList<String>();
            mapping.getPath()
                    .forEach(step -> path.add(
                            step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName()));
            return Problem.invalid(String.join(".", path), "has the wrong type or format");
        }
        return Problem.badRequest("malformed-json", "The request body is not valid JSON.");
    }

    /** {@code register.request.firstName} becomes {@code first_name}: what the client sent, not how we name it. */
    private static String field(ConstraintViolation<?> violation) {
        var names = new ArrayList<String>();
        for (var node : violation.getPropertyPath()) {
            switch (node.getKind()) {
                case PROPERTY -> names.add(snakeCase(node.getName()));
                case PARAMETER -> names.add(snakeCase(node.getName()));
                default -> {}
            }
        }
        if (names.size() > 1) {
            names.removeFirst();
        }
        return String.join(".", names);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    static Response respond(Problem problem) {
        var response = Response.status(problem.status())
                .type(new MediaType("application", "problem+json"))
                .entity(problem.body());
        problem.headers().forEach(response::header);
        return response.build();
    }
}
