package dev.customrag.testing;

import java.time.Duration;

/** How the {@link FakeBedrock} behaves when a model is asked. Pieces are the words of the answer. */
public sealed interface BedrockScript {

    /** Answers with this text; or, where it is null, with a sentence about the first source that cites it. */
    record Answer(String text, Duration pause) implements BedrockScript {}

    /** Answers with an HTTP error before anything else. */
    record Refusal(int status, String type, String message) implements BedrockScript {}

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
