package dev.customrag.model.bedrock;

import dev.customrag.model.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointBlock;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointType;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailStreamConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailStreamProcessingMode;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailTrace;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;

/** Makes of the requests that LangChain4j writes such as a model takes: see {@link ModelFamily}. */
final class ConverseRequests {

    private static final CachePointBlock CACHE_POINT =
            CachePointBlock.builder().type(CachePointType.DEFAULT).build();

    /** About four characters to a token: the usual rule for English. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    /** As the API reference has it, of GuardrailStreamConfiguration. */
    private static final Pattern GUARDRAIL =
            Pattern.compile("[a-z0-9]+|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+");

    private static final Pattern GUARDRAIL_VERSION = Pattern.compile("[1-9][0-9]{0,7}|DRAFT");

    private final Optional<GuardrailStreamConfiguration> guardrail;
    private final boolean promptCaching;

    /**
     * @throws IllegalStateException if the guardrail is set by half, or as none can be named
     */
    ConverseRequests(BedrockConfig config) {
        requireGuardrail(config.guardrailId(), config.guardrailVersion());
        this.guardrail = config.guardrailId().map(id -> GuardrailStreamConfiguration.builder()
                .guardrailIdentifier(id)
                .guardrailVersion(config.guardrailVersion().orElseThrow())
                // Nothing leaves that has not been looked at. The other mode sends text first and blocks what
                // follows it: User Guide, "Configure streaming response behavior to filter content".
                .streamProcessingMode(GuardrailStreamProcessingMode.SYNC)
                .trace(GuardrailTrace.ENABLED)
                .build());
        this.promptCaching = config.promptCaching();
    }

    private static void requireGuardrail(Optional<String> id, Optional<String> version) {
        if (id.isPresent() != version.isPresent()) {
            throw new IllegalStateException("model.bedrock.guardrail-id and model.bedrock.guardrail-version belong"
                    + " together. Set both, or neither.");
        }
        if (id.isPresent() && !GUARDRAIL.matcher(id.get()).matches()) {
            throw new IllegalStateException(
                    "model.bedrock.guardrail-id is '" + id.get() + "'. Set it to the id or the ARN of a guardrail.");
        }
        if (version.isPresent() && !GUARDRAIL_VERSION.matcher(version.get()).matches()) {
            throw new IllegalStateException("model.bedrock.guardrail-version is '" + version.get()
                    + "'. Set it to the number of a version, or to DRAFT.");
        }
    }

    /**
     * The request as the model takes it.
     *
     * @throws dev.customrag.model.ModelFailure if its messages are not in turns
     */
    ConverseStreamRequest shaped(ConverseStreamRequest written, ModelFamily family) {
        requireTurns(written.messages());
        var request = written.toBuilder();
        if (written.inferenceConfig() != null) {
            request.inferenceConfig(within(family, written.inferenceConfig()));
        }
        guardrail.ifPresent(request::guardrailConfig);
        if (!family.systemPrompt() && !written.system().isEmpty()) {
            return request.system(List.of())
                    .messages(withInstructions(written.system(), written.messages()))
                    .build();
        }
        return promptCaching && family.caches() ? cached(request.build(), family.leastCached()) : request.build();
    }

    /** Tokens of a request, by a rule of thumb. */
    static int estimatedTokens(ConverseStreamRequest request) {
        return tokens(request.system().stream()
                        .mapToLong(ConverseRequests::characters)
                        .sum()
                + request.messages().stream()
                        .mapToLong(ConverseRequests::characters)
                        .sum());
    }

    /**
     * Bedrock refuses roles that do not alternate; the library sends messages as they come. Two of a role are not made one
     * here either: which of them was said when would be lost.
     */
    private static void requireTurns(List<Message> messages) {
        boolean user = true;
        for (Message message : messages) {
            if ((message.role() == ConversationRole.USER) != user || isBlank(message)) {
                throw BedrockFailures.notInTurns();
            }
            user = !user;
        }
        if (user) {
            throw BedrockFailures.notInTurns();
        }
    }

    private static boolean isBlank(Message message) {
        return message.content().stream()
                .allMatch(block -> block.text() != null && block.text().isBlank());
    }

    private static InferenceConfiguration within(ModelFamily family, InferenceConfiguration wanted) {
        Generation allowed = family.within(
                new Generation(decimal(wanted.temperature()), decimal(wanted.topP()), wanted.maxTokens()));
        return wanted.toBuilder()
                .temperature(
                        allowed.temperature() == null
                                ? null
                                : allowed.temperature().floatValue())
                .topP(allowed.topP() == null ? null : allowed.topP().floatValue())
                .maxTokens(allowed.maxTokens())
                .build();
    }

    private static Double decimal(Float number) {
        return number == null ? null : number.doubleValue();
    }

    /**
     * For models without system prompts: the instructions as a part of their own before the first question, delimited, and
     * so before any retrieved text.
     */
    private static List<Message> withInstructions(List<SystemContentBlock> system, List<Message> messages) {
        var text = new StringBuilder("Follow these instructions in all of this conversation.\n<instructions>\n");
        system.stream().filter(block -> block.text() != null).forEach(block -> text.append(block.text())
                .append('\n'));
        var content = new ArrayList<ContentBlock>();
        content.add(ContentBlock.fromText(text.append("</instructions>").toString()));
        content.addAll(messages.getFirst().content());
        var all = new ArrayList<>(messages);
        all.set(0, messages.getFirst().toBuilder().content(content).build());
        return all;
    }

    /**
     * Cache points where the next question will find the same beginning: after the system prompt, and after the last two
     * answers; the last is written now, the one before was by the question before. Never in the last question, with
     * which retrieved text comes and goes. What is shorter than the model caches gets none.
     */
    private static ConverseStreamRequest cached(ConverseStreamRequest request, int least) {
        long characters = request.system().stream()
                .mapToLong(ConverseRequests::characters)
                .sum();
        var shaped = request.toBuilder();
        if (!request.system().isEmpty() && tokens(characters) >= least) {
            var system = new ArrayList<>(request.system());
            system.add(SystemContentBlock.fromCachePoint(CACHE_POINT));
            shaped.system(system);
        }
        int last = request.messages().size() - 1;
        var messages = new ArrayList<Message>();
        for (int i = 0; i <= last; i++) {
            Message message = request.messages().get(i);
            characters += characters(message);
            boolean ends = i == last - 1 || i == last - 3;
            messages.add(ends && tokens(characters) >= least ? withCachePoint(message) : message);
        }
        return shaped.messages(messages).build();
    }

    private static Message withCachePoint(Message message) {
        var content = new ArrayList<>(message.content());
        content.add(ContentBlock.fromCachePoint(CACHE_POINT));
        return message.toBuilder().content(content).build();
    }

    private static long characters(SystemContentBlock block) {
        return block.text() == null ? 0 : block.text().length();
    }

    private static long characters(Message message) {
        return message.content().stream()
                .mapToLong(block -> block.text() == null ? 0 : block.text().length())
                .sum();
    }

    private static int tokens(long characters) {
        return (int) Math.min(Integer.MAX_VALUE, characters / CHARACTERS_PER_TOKEN);
    }
}
