package dev.customrag.model;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;

/**
 * How a call of a chat model ended, and what it took.
 *
 * @param region where the provider was asked, such as {@code eu-central-1}; an inference profile may have run it in another
 *     one of its area, which it does not say. Null where that means nothing
 * @param guardrail what a guardrail did to the question or the answer; null where none did anything
 */
public record CallReport(StopReason stopReason, TokenCounts tokens, String region, String guardrail) {

    /** Why the model wrote no more. */
    public enum StopReason {
        /** It was done. */
        END,
        /** The answer had its greatest length: it is cut. */
        LENGTH,
        /** A guardrail of the account put its own words in the place of the answer. */
        GUARDRAIL,
        /** The provider's own filter ended it. */
        FILTER
    }

    /** What a complete response says about its call. */
    public static CallReport of(ChatResponse response) {
        if (response.metadata() instanceof ReportedMetadata reported) {
            return reported.report();
        }
        var usage = response.tokenUsage();
        var tokens = usage == null
                ? TokenCounts.NONE
                : new TokenCounts(counted(usage.inputTokenCount()), counted(usage.outputTokenCount()), 0, 0);
        return new CallReport(stopReason(response.finishReason()), tokens, null, null);
    }

    private static StopReason stopReason(FinishReason reason) {
        return switch (reason) {
            case LENGTH -> StopReason.LENGTH;
            case CONTENT_FILTER -> StopReason.FILTER;
            case null, default -> StopReason.END;
        };
    }

    private static int counted(Integer tokens) {
        return tokens == null ? 0 : tokens;
    }
}
