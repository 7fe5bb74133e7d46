package dev.customrag.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A failure the client is told about, as RFC 9457 {@code application/problem+json}. The detail is a sentence a person
 * can act on; it never carries content, a file name, an e-mail address or a token.
 *
 * <p>A room throws it, or a small subclass of its own; {@link ProblemMappers} turns it into the response.
 */
public class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String TYPE = "urn:customrag:problem:";

    private static final Set<String> STANDARD_MEMBERS = Set.of("type", "title", "status", "detail");

    /** One refused field of a request: its path in the JSON body, and what is wrong with it. */
    @RegisterForReflection
    public record FieldError(String field, String message) {}

    private final int status;
    private final String slug;
    private final String title;
    private final transient Map<String, Object> extensions = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /**
     * @param status HTTP status code
     * @param slug the kind of problem, the last part of its {@code type}, such as {@code email-already-registered}
     * @param title the kind of problem in words, the same for every occurrence
     * @param detail what went wrong this time and what to do about it
     */
    public Problem(int status, String slug, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.slug = slug;
        this.title = title;
    }

    /** Malformed or refused: 400. */
    public static Problem badRequest(String slug, String detail) {
        return new Problem(400, slug, "Bad request", detail);
    }

    /** No acceptable credentials: 401 with the {@code WWW-Authenticate} that RFC 6750 asks for. */
    public static Problem unauthorized(String slug, String detail) {
        return new Problem(401, slug, "Unauthorized", detail).header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }

    /** Missing, or somebody else's, which must look the same: 404. */
    public static Problem notFound(String what) {
        return new Problem(404, "not-found", "Not found", what + " not found");
    }

    /** The state of the resource does not allow it now: 409. */
    public static Problem conflict(String slug, String detail) {
        return new Problem(409, slug, "Conflict", detail);
    }

    /** Well-formed, but the values are not acceptable: 422. */
    public static Problem invalid(List<FieldError> errors) {
        return new Problem(422, "validation", "Validation failed", "Correct the fields listed in errors and try again.")
                .with("errors", errors);
    }

    /** One field is not acceptable: 422. */
    public static Problem invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    /** Too often: 429 with the {@code Retry-After} that says when it may be tried again. */
    public static Problem tooMany(Duration wait) {
        long seconds = Math.max(1, wait.plusSeconds(1).minusNanos(1).toSeconds());
        return new Problem(429, "too-many-requests", "Too many requests", "Too many tries. Wait a while and try again.")
                .header(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
    }

    /** A fault of ours: 500, without a word about what it was. */
    public static Problem internalError() {
        return new Problem(
                500, "internal-error", "Internal error", "Something went wrong on our side. Try again later.");
    }

    /** The problem that a document was written of, as by {@link #body()}; without its headers. */
    public static Problem of(Map<String, Object> body) {
        var problem = new Problem(
                ((Number) body.get("status")).intValue(),
                body.get("type").toString().substring(TYPE.length()),
                String.valueOf(body.get("title")),
                String.valueOf(body.get("detail")));
        body.forEach((member, value) -> {
            if (!STANDARD_MEMBERS.contains(member)) {
                problem.with(member, value);
            }
        });
        return problem;
    }

    /** Adds an extension member (RFC 9457, section 3.2). */
    public Problem with(String member, Object value) {
        extensions.put(member, value);
        return this;
    }

    /** Adds a response header, such as {@code Retry-After}. */
    public Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** The kind of problem, the last part of its {@code type}. */
    public String slug() {
        return slug;
    }

    /** The HTTP status code it answers with. */
    public int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** The members of the problem document, ready to be written as JSON, also inside an event stream. */
    public Map<String, Object> body() {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", TYPE + slug);
        body.put("title", title);
        body.put("status", status);
        body.put("detail", getMessage());
        body.putAll(extensions);
        return body;
    }
}
