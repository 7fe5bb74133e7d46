package dev.customrag.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Problems as OpenAI's API tells them, for the addresses that are made after it: an {@code error} with a message, a type, a
 * code and the parameter it is about (OpenAI API reference, "Error codes"; its client libraries read them).
 */
public final class OpenAiErrors {

    /** All addresses of calls that are made after OpenAI's begin so. */
    static final String ADDRESSES = "/v1/";

    /** What OpenAI has a code of its own for, which programs compare. */
    private static final Map<String, String> CODES = Map.of(
            "unauthorized", "invalid_api_key",
            "invalid-token", "invalid_api_key",
            "unknown-model", "model_not_found",
            "model-input-too-long", "context_length_exceeded",
            "budget-exceeded", "insufficient_quota",
            "model-throttled", "rate_limit_exceeded",
            "too-many-requests", "rate_limit_exceeded");

    private OpenAiErrors() {}

    static boolean speakAt(String path) {
        return path.startsWith(ADDRESSES);
    }

    /** The status: what is not acceptable is a bad request there. */
    static int status(Problem problem) {
        return problem.status() == 422 ? 400 : problem.status();
    }

    /** The body of an error, which is also what a stream says that breaks off. */
    public static Map<String, Object> body(Problem problem) {
        var error = new LinkedHashMap<String, Object>();
        error.put("message", problem.getMessage());
        error.put("type", type(problem));
        error.put("param", null);
        error.put("code", CODES.getOrDefault(problem.slug(), problem.slug().replace('-', '_')));
        if (problem.body().get("errors") instanceof List<?> errors
                && errors.getFirst() instanceof Problem.FieldError first) {
            error.put("message", first.field() + " " + first.message());
            error.put("param", first.field());
            error.put("code", "invalid_value");
        }
        return Map.of("error", error);
    }

    private static String type(Problem problem) {
        if (problem.status() >= 500) {
            return "server_error";
        }
        if (problem.slug().equals("budget-exceeded")) {
            return "insufficient_quota";
        }
        return problem.status() == 429 ? "rate_limit_error" : "invalid_request_error";
    }
}
