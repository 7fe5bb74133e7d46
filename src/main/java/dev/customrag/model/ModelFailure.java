package dev.customrag.model;

import dev.customrag.http.Problem;
import java.time.Duration;

/**
 * A model provider refused or failed. The message is a sentence for the person; it never quotes the provider, whose
 * messages may repeat what was asked, and for the same reason it keeps no cause. As a {@link Problem} it answers a
 * request by itself, and its {@link #body()} is the {@code error} event of a stream that has begun.
 */
public final class ModelFailure extends Problem {

    private static final long serialVersionUID = 1L;

    /**
     * Where the provider names no time, as Bedrock seldom does. Its quotas are per minute, and the waits of the retries
     * are over by then: ten seconds are a guess between both.
     */
    private static final Duration USUAL_WAIT = Duration.ofSeconds(10);

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
        /** Question, history, sources and answer together are more than the model takes. */
        TOO_LONG(422, "model-input-too-long", "Too long for the model"),
        /** No answer in time. */
        TIMEOUT(504, "model-timeout", "Model timed out"),
        /** The provider is down, unreachable, or broke off. */
        UNAVAILABLE(503, "model-unavailable", "Model unavailable"),
        /** This process has as many answers under way as it may; the provider was not asked. */
        BUSY(503, "model-busy", "Too many answers under way"),
        /** The service lacks what it needs to ask the provider, such as valid credentials: its operator has to act. */
        NOT_SET_UP(503, "model-unavailable", "Model unavailable"),
        /** It is not proven that the provider keeps nothing, and without that no model is called. */
        RETENTION_NOT_PROVEN(503, "retention-not-proven", "Retention not proven");

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
            retryAfter(USUAL_WAIT);
        }
    }

    /**
     * Says when to try again, in whole seconds, instead of what it said before: as the header of RFC 9110, section 10.2.3,
     * and as the member {@code retry_after}, since an event of a stream has no headers.
     */
    public ModelFailure retryAfter(Duration wait) {
        long seconds = Math.max(1, wait.plusSeconds(1).minusNanos(1).toSeconds());
        header("Retry-After", String.valueOf(seconds));
        with("retry_after", seconds);
        return this;
    }

    /** What happened, for whoever decides whether to try again. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same request may do better later. */
    public boolean mayPass() {
        return switch (kind) {
            case THROTTLED, TIMEOUT, UNAVAILABLE, BUSY, NOT_SET_UP, RETENTION_NOT_PROVEN -> true;
            case UNKNOWN_MODEL, DENIED, REFUSED, TOO_LONG -> false;
        };
    }
}
