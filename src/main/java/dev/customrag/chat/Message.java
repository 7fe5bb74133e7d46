package dev.customrag.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.customrag.model.TokenCounts;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A question or an answer.
 *
 * @param parentId the answer a question follows, or the question an answer is to; null for the first. Messages of one
 *     parent are siblings: questions edited, answers made again
 * @param citations of an answer
 * @param modelId who answered; null where the service did so itself
 * @param usage null where nothing was counted
 * @param error the problem document of what went wrong, null if nothing did
 */
record Message(
        UUID id,
        UUID parentId,
        Role role,
        Status status,
        String content,
        List<Citation> citations,
        String modelId,
        TokenCounts usage,
        Map<String, Object> error,
        Instant createdAt) {

    /** Who says it. */
    @RegisterForReflection
    enum Role {
        @JsonProperty("user")
        USER,
        @JsonProperty("assistant")
        ASSISTANT
    }

    /** What has become of it. */
    @RegisterForReflection
    enum Status {
        /** A question that is or is being answered, or a whole answer. */
        @JsonProperty("complete")
        COMPLETE,
        /** A question to which there is no answer. */
        @JsonProperty("unanswered")
        UNANSWERED,
        /** An answer on its way. */
        @JsonProperty("running")
        RUNNING,
        /** An answer that reached its greatest length. */
        @JsonProperty("cut")
        CUT,
        /** An answer its reader wanted no more of. */
        @JsonProperty("stopped")
        STOPPED,
        /** An answer in whose place a guardrail or filter put its own words. */
        @JsonProperty("filtered")
        FILTERED,
        /** An answer that broke off. */
        @JsonProperty("failed")
        FAILED;

        /** Of an answer: whether it was made to its end, or to its greatest length. */
        boolean isWhole() {
            return this == COMPLETE || this == CUT;
        }
    }

    /** Whether nothing more will come. */
    boolean isOver() {
        return status != Status.RUNNING;
    }

    /** An answer on its way with what there is of it. */
    Message soFar(String text) {
        return new Message(id, parentId, role, status, text, citations, modelId, usage, error, createdAt);
    }

    /** A question that is being answered, after all. */
    Message answered() {
        return with(Status.COMPLETE, null);
    }

    /** A question that there is no answer to. */
    Message unanswered(Map<String, Object> why) {
        return with(Status.UNANSWERED, why);
    }

    private Message with(Status other, Map<String, Object> why) {
        return new Message(id, parentId, role, other, content, citations, modelId, usage, why, createdAt);
    }
}
