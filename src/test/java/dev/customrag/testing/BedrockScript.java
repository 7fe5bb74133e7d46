package dev.customrag.testing;

import java.time.Duration;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** How the {@link FakeBedrock} behaves when a model is asked. Pieces are the words of the answer. */
public sealed interface BedrockScript {

    /** Answers with this text; or, where it is null, with a sentence about the first source that cites it. */
    record Answer(String text, Duration pause) implements BedrockScript {}

    /**
     * Answers with pieces that are asked for when each is due.
     *
     * @param ofLastMessage the pieces of an answer; asked on the server's own thread, so that it must not block
     * @param pause between two of them, kept on the whole: what is late once is made up for
     */
    record Paced(Function<String, Iterator<String>> ofLastMessage, Duration pause) implements BedrockScript {}

    /** Answers with what becomes of the last message. */
    record Obeying(UnaryOperator<String> ofLastMessage) implements BedrockScript {}

    /** Answers with this text, and ends for a reason of its own, with the trace of a guardrail or null. */
    record Stopped(String text, String stopReason, String guardrail) implements BedrockScript {}

    /** Answers with an HTTP error before anything else; {@code retryAfter} is a header, or null. */
    record Refusal(int status, String type, String message, String retryAfter) implements BedrockScript {

        public Refusal(int status, String type, String message) {
            this(status, type, message, null);
        }
    }

    /** Takes as many tokens as Claude's models do and refuses more as they do; otherwise answers. */
    record Window(int tokens) implements BedrockScript {}

    /** Takes its time before the first byte. */
    record SlowStart(Duration silence, BedrockScript then) implements BedrockScript {}

    /** Takes the request and stays silent. */
    record Silence() implements BedrockScript {}

    /** Begins the answer and does something else after some pieces. */
    record Interrupted(int pieces, Interruption interruption) implements BedrockScript {}

    /** What may happen to an answer half way. */
    sealed interface Interruption {
        /** No further byte, the connection stays open. */
        record Stall() implements Interruption {}

        /** The connection is closed. */
        record BreakOff() implements Interruption {}

        /** The body ends as it should, but the message does not. */
        record EarlyEnd() implements Interruption {}

        /** A frame with a wrong checksum. */
        record Damage() implements Interruption {}

        /** An exception event, such as {@code throttlingException}. */
        record Exception(String type, String message) implements Interruption {}
    }

    static BedrockScript answer(String text) {
        return new Answer(text, Duration.ZERO);
    }

    static BedrockScript slowly(String text, Duration pause) {
        return new Answer(text, pause);
    }

    static BedrockScript paced(Function<String, Iterator<String>> ofLastMessage, Duration pause) {
        return new Paced(ofLastMessage, pause);
    }

    static BedrockScript obeying(UnaryOperator<String> ofLastMessage) {
        return new Obeying(ofLastMessage);
    }

    static BedrockScript stopped(String text, String stopReason) {
        return new Stopped(text, stopReason, null);
    }

    /** A guardrail puts its own words in the place of the answer. */
    static BedrockScript guarded(String text, String trace) {
        return new Stopped(text, "guardrail_intervened", trace);
    }

    static BedrockScript window(int tokens) {
        return new Window(tokens);
    }

    static BedrockScript slowStart(Duration silence) {
        return new SlowStart(silence, answer(null));
    }

    static BedrockScript invalid(String message) {
        return new Refusal(400, "ValidationException", message);
    }

    static BedrockScript throttle(int retryAfterSeconds) {
        return new Refusal(
                429,
                "ThrottlingException",
                "Too many tokens, please wait before trying again.",
                Integer.toString(retryAfterSeconds));
    }

    static BedrockScript throttle() {
        return new Refusal(429, "ThrottlingException", "Too many requests, please wait before trying again.");
    }

    static BedrockScript deny() {
        return new Refusal(403, "AccessDeniedException", "You don't have access to the model with the specified ID.");
    }

    static BedrockScript unknown() {
        return new Refusal(404, "ResourceNotFoundException", "Could not resolve the foundation model.");
    }

    static BedrockScript tooLong() {
        return new Refusal(400, "ValidationException", "Input is too long for requested model.");
    }

    static BedrockScript invalidModelId() {
        return new Refusal(400, "ValidationException", "The provided model identifier is invalid.");
    }

    static BedrockScript modelTimeout() {
        return new Refusal(408, "ModelTimeoutException", "Model has timed out in processing the request.");
    }

    static BedrockScript fault() {
        return new Refusal(500, "InternalServerException", "The system encountered an unexpected error.");
    }

    static BedrockScript unavailable() {
        return new Refusal(503, "ServiceUnavailableException", "Bedrock is unable to process your request.");
    }

    static BedrockScript silence() {
        return new Silence();
    }

    static BedrockScript stallAfter(int pieces) {
        return new Interrupted(pieces, new Interruption.Stall());
    }

    static BedrockScript breakOffAfter(int pieces) {
        return new Interrupted(pieces, new Interruption.BreakOff());
    }

    static BedrockScript endEarlyAfter(int pieces) {
        return new Interrupted(pieces, new Interruption.EarlyEnd());
    }

    static BedrockScript damageAfter(int pieces) {
        return new Interrupted(pieces, new Interruption.Damage());
    }

    static BedrockScript exceptionAfter(int pieces, String type, String message) {
        return new Interrupted(pieces, new Interruption.Exception(type, message));
    }
}
