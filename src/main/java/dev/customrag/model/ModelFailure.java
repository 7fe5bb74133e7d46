package dev.customrag.model;

/**
 * A model provider refused or failed. The message is a sentence for the person; it never quotes the provider, whose
 * messages may repeat what was asked.
 */
public class ModelFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What happened, and so what can be done about it. */
    public enum Kind {
        /** No such model here. */
        UNKNOWN_MODEL,
        /** The account may not use the model. */
        DENIED,
        /** Too many requests or tokens; later is better. */
        THROTTLED,
        /** The request does not fit the model, in length or in form. */
        REFUSED,
        /** No answer in time. */
        TIMEOUT,
        /** The provider is down, unreachable, or broke off. */
        UNAVAILABLE
    }

    private final Kind kind;

    public ModelFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
