package dev.customrag.model.bedrock;

import dev.customrag.model.CallReport;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.TokenCounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamTrace;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentPolicyAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContextualGroundingPolicyAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailSensitiveInformationPolicyAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailTopicPolicyAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailTraceAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailWordPolicyAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/**
 * What a stream says of its call beside the text. LangChain4j 1.11.0 takes the newer stop reasons for faults of its own, in
 * the middle of a callback, and its summary of a guardrail quotes the words that matched; so both are read here, and the
 * events go on without them.
 */
final class StreamReport {

    private volatile StopReason stopReason;
    private volatile TokenCounts tokens = TokenCounts.NONE;
    private volatile String guardrail;

    /** Reads an event, and gives it in a form that the library takes. */
    ConverseStreamOutput read(ConverseStreamOutput event) {
        return switch (event) {
            case MessageStopEvent stop -> {
                stopReason = stop.stopReason();
                yield stop.toBuilder().stopReason(known(stop.stopReason())).build();
            }
            case ConverseStreamMetadataEvent metadata -> {
                tokens = tokens(metadata.usage());
                guardrail = guardrail(metadata.trace());
                yield metadata.toBuilder().trace((ConverseStreamTrace) null).build();
            }
            default -> event;
        };
    }

    /** An ending that is none of an answer. */
    Optional<ModelFailure> failure() {
        return switch (stopReason) {
            case MODEL_CONTEXT_WINDOW_EXCEEDED -> Optional.of(BedrockFailures.windowExceeded());
            case MALFORMED_MODEL_OUTPUT, MALFORMED_TOOL_USE -> Optional.of(BedrockFailures.malformed());
            case null, default -> Optional.empty();
        };
    }

    /**
     * How the call ended.
     *
     * @param region where it was made
     */
    CallReport at(String region) {
        CallReport.StopReason ending =
                switch (stopReason) {
                    case MAX_TOKENS -> CallReport.StopReason.LENGTH;
                    case GUARDRAIL_INTERVENED -> CallReport.StopReason.GUARDRAIL;
                    case CONTENT_FILTERED -> CallReport.StopReason.FILTER;
                    case null, default -> CallReport.StopReason.END;
                };
        return new CallReport(ending, tokens, region, guardrail);
    }

    private static StopReason known(StopReason reason) {
        return switch (reason) {
            case END_TURN, STOP_SEQUENCE, MAX_TOKENS, TOOL_USE, CONTENT_FILTERED, GUARDRAIL_INTERVENED -> reason;
            case null, default -> StopReason.END_TURN;
        };
    }

    private static TokenCounts tokens(TokenUsage usage) {
        return usage == null
                ? TokenCounts.NONE
                : new TokenCounts(
                        counted(usage.inputTokens()),
                        counted(usage.outputTokens()),
                        counted(usage.cacheReadInputTokens()),
                        counted(usage.cacheWriteInputTokens()));
    }

    private static int counted(Integer tokens) {
        return tokens == null ? 0 : tokens;
    }

    /**
     * Which policies did what to the question and to the answer. Never what matched, nor names that an operator gave to
     * topics and patterns.
     */
    private static String guardrail(ConverseStreamTrace trace) {
        if (trace == null || trace.guardrail() == null) {
            return null;
        }
        GuardrailTraceAssessment assessed = trace.guardrail();
        var parts = new ArrayList<String>();
        describe("question", assessed.inputAssessment().values(), parts);
        describe(
                "answer",
                assessed.outputAssessments().values().stream()
                        .flatMap(Collection::stream)
                        .toList(),
                parts);
        return parts.isEmpty() ? null : String.join("; ", parts);
    }

    private static void describe(String what, Collection<GuardrailAssessment> assessments, List<String> parts) {
        Set<String> actions = new LinkedHashSet<>();
        for (GuardrailAssessment each : assessments) {
            if (each.topicPolicy() instanceof GuardrailTopicPolicyAssessment policy) {
                add(actions, "topic", policy.topics(), topic -> topic.actionAsString());
            }
            if (each.contentPolicy() instanceof GuardrailContentPolicyAssessment policy) {
                add(actions, "content", policy.filters(), filter -> filter.actionAsString());
            }
            if (each.wordPolicy() instanceof GuardrailWordPolicyAssessment policy) {
                add(actions, "word", policy.customWords(), word -> word.actionAsString());
                add(actions, "word", policy.managedWordLists(), word -> word.actionAsString());
            }
            if (each.sensitiveInformationPolicy() instanceof GuardrailSensitiveInformationPolicyAssessment policy) {
                add(actions, "sensitive information", policy.piiEntities(), entity -> entity.actionAsString());
                add(actions, "sensitive information", policy.regexes(), regex -> regex.actionAsString());
            }
            if (each.contextualGroundingPolicy() instanceof GuardrailContextualGroundingPolicyAssessment policy) {
                add(actions, "grounding", policy.filters(), filter -> filter.actionAsString());
            }
        }
        if (!actions.isEmpty()) {
            parts.add(what + ": " + String.join(", ", actions));
        }
    }

    private static <T> void add(Set<String> actions, String policy, List<T> found, Function<T, String> action) {
        found.stream()
                .map(action)
                .filter(done -> done != null && !done.equals("NONE"))
                .map(done -> policy + " " + done.toLowerCase(Locale.ROOT))
                .forEach(actions::add);
    }
}
