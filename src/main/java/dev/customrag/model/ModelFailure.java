package dev.customrag.model;

import dev.customrag.http.Problem;

/**
 * A model provider refused or failed. The message is a sentence for the person; it never quotes the provider, whose
 * messages may repeat what was asked, and for the same reason it keeps no cause. As a {@link Problem} it answers a
 * request by itself, and its {@link #body()} is the {@code error} event of a stream that has begun.
 */
public final class ModelFailure extends Problem {

    private static final long serialVersionUID = 1L;

    /**
     * Bedrock gives no Retry-After. Its quotas are per minute, and the wait within the SDK's own retries is over by
     * then: ten seconds are a guess between both.
     */
    private static final String RETRY_AFTER_SECONDS = "10";

    /** What happened, and so what can be done about it. */
    public enum Kind {
        /** No such model here. */
        UNKNOWN_MODEL(404, "unknown-model", "Unknown model"),
        /** The account may not use the model. */
        DENIED(403, "model-denied", "Model denied"),
        /** Too many requests or tokens; later is better. */
        THROTTLED(429, "model-throttled", "Model throttled"),
        /** The request does not fit the model, in length or in form. */
        REFUSED(422, "model-refused", "Refused by the model"),
        /** No answer in time. */
        TIMEOUT(504, "model-timeout", "Model timed out"),
        /** The provider is down, unreachable, or broke off. */
        UNAVAILABLE(503, "model-unavailable", "Model unavailable"),
        /** The service lacks what it needs to ask the provider, such as valid credentials: its operator has to act. */
        NOT_SET_UP(503, "model-unavailable", "Model unavailable");

        private final int status;
        private final String slug;
        private final String title;

        Kind(int status, String slug, String title) {
            this.status = status;
            this.slug = slug;
            this.title = title;
        }
    }

    private final Kind kind;

    /**
     * @param message what went wrong and what to do about it, free of content
     */
    public ModelFailure(Kind kind, String message) {
        super(kind.status, kind.slug, kind.title, message);
        this.kind = kind;
        if (kind == Kind.THROTTLED) {
            header("Retry-After", RETRY_AFTER_SECONDS);
        }
    }

    /** What happened, for whoever decides whether to try again. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same request may do better later. */
    public boolean mayPass() {
        return switch (kind) {
            case THROTTLED, TIMEOUT, UNAVAILABLE, NOT_SET_UP -> true;
            case UNKNOWN_MODEL, DENIED, REFUSED -> false;
        };
    }
}
