package dev.customrag.model.bedrock;

import static dev.customrag.model.bedrock.ModelFamily.Sampling.BOTH;
import static dev.customrag.model.bedrock.ModelFamily.Sampling.NONE;
import static dev.customrag.model.bedrock.ModelFamily.Sampling.ONE;

import dev.customrag.model.bedrock.ModelFamily.Sampling;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Everything that is known of models by their id, in one table. From:
 *
 * <ul>
 *   <li>system prompts: Amazon Bedrock User Guide, "Supported models and model features" of the Converse API;
 *   <li>temperature and top-p: Claude 4 takes one of them ("cannot both be specified for this model",
 *       aws-samples/bedrock-access-gateway 191), Claude Opus 4.7 and all later ones none (User Guide, model card of Claude
 *       Opus 4.7; Anthropic's migration guides to Claude Opus 4.7 and Sonnet 5); Command R a top-p of 0.99 at most (User
 *       Guide, "Cohere Command R models");
 *   <li>windows and longest answers: the model cards of the User Guide, "Inference request parameters" there, and for
 *       models without a card {@code model_prices_and_context_window.json} of BerriAI/litellm;
 *   <li>prompt caching: User Guide, "Prompt caching", and Anthropic's documentation of the same name for the least length
 *       of each Claude. Claude Sonnet 4.6 is documented with 1,024 tokens and caches from 2,048 (anthropic-sdk-python 1194).
 * </ul>
 *
 * A limit that is too low costs little, one that is too high an error: where sources differ, the lower one stands here.
 */
final class ModelFamilies {

    private static final double ANY = 1;
    private static final int NOT_CACHED = 0;

    /**
     * What cannot be told by its id: application profiles, provisioned and imported models, and vendors to come. Nothing is
     * named that some model refuses, but the system prompt stays apart: to mix it with retrieved text would make every
     * such model easier to talk over, for the sake of few and old ones.
     */
    static final ModelFamily OTHER = new ModelFamily("other", true, NONE, ANY, Integer.MAX_VALUE, 32_000, NOT_CACHED);

    /** The first that is found in an id decides. Behind a dot or slash, as regions and ARNs stand before it. */
    private static final List<Row> TABLE = List.of(
            row("anthropic.claude-(v1|instant)", "claude", true, BOTH, ANY, 4_096, 100_000, NOT_CACHED),
            row("anthropic.claude-v2", "claude", true, BOTH, ANY, 4_096, 100_000, NOT_CACHED),
            row("anthropic.claude-3-(haiku|sonnet|opus)", "claude", true, BOTH, ANY, 4_096, 200_000, NOT_CACHED),
            row("anthropic.claude-3-5-sonnet-20240620", "claude", true, BOTH, ANY, 4_096, 200_000, NOT_CACHED),
            row("anthropic.claude-3-5-sonnet", "claude", true, BOTH, ANY, 8_192, 200_000, NOT_CACHED),
            row("anthropic.claude-3-5-haiku", "claude", true, BOTH, ANY, 8_192, 200_000, 2_048),
            row("anthropic.claude-3-7-", "claude", true, BOTH, ANY, 64_000, 200_000, 1_024),
            row("anthropic.claude-opus-4-(1-)?20", "claude", true, ONE, ANY, 32_000, 200_000, 1_024),
            row("anthropic.claude-sonnet-4-(5-)?20", "claude", true, ONE, ANY, 64_000, 200_000, 1_024),
            row("anthropic.claude-(haiku|opus)-4-5", "claude", true, ONE, ANY, 64_000, 200_000, 4_096),
            row("anthropic.claude-opus-4-6", "claude", true, ONE, ANY, 128_000, 1_000_000, 4_096),
            row("anthropic.claude-sonnet-4-6", "claude", true, ONE, ANY, 64_000, 1_000_000, 2_048),
            row("anthropic.claude-opus-4-7", "claude", true, NONE, ANY, 128_000, 1_000_000, 2_048),
            row(
                    "anthropic.claude-(opus-4-8|(opus|sonnet|fable)-5)",
                    "claude",
                    true,
                    NONE,
                    ANY,
                    128_000,
                    1_000_000,
                    1_024),
            row("anthropic.claude-", "claude", true, NONE, ANY, 64_000, 200_000, 4_096),
            row("amazon.nova-micro", "nova", true, BOTH, ANY, 10_000, 128_000, 1_000),
            row("amazon.nova-(lite|pro)", "nova", true, BOTH, ANY, 10_000, 300_000, 1_000),
            row("amazon.nova-premier", "nova", true, BOTH, ANY, 10_000, 1_000_000, 1_000),
            row("amazon.nova-2-", "nova", true, BOTH, ANY, 64_000, 1_000_000, 1_000),
            row("amazon.nova-", "nova", true, BOTH, ANY, 10_000, 128_000, NOT_CACHED),
            row("amazon.titan-text-premier", "titan", false, BOTH, ANY, 3_072, 32_000, NOT_CACHED),
            row("amazon.titan-text-lite", "titan", false, BOTH, ANY, 4_096, 4_096, NOT_CACHED),
            row("amazon.titan-t", "titan", false, BOTH, ANY, 8_192, 8_192, NOT_CACHED),
            row("meta.llama3-(8b|70b)", "llama", true, BOTH, ANY, 2_048, 8_192, NOT_CACHED),
            row("meta.llama3-1-", "llama", true, BOTH, ANY, 2_048, 128_000, NOT_CACHED),
            row("meta.llama[34]-", "llama", true, BOTH, ANY, 4_096, 128_000, NOT_CACHED),
            row("meta.llama", "llama", true, BOTH, ANY, 2_048, 8_192, NOT_CACHED),
            row("mistral.mistral-7b", "mistral", false, BOTH, ANY, 8_192, 32_000, NOT_CACHED),
            row("mistral.mixtral-", "mistral", false, BOTH, ANY, 4_096, 32_000, NOT_CACHED),
            row("mistral.mistral-(large|small)-2402", "mistral", true, BOTH, ANY, 8_192, 32_000, NOT_CACHED),
            row("mistral.", "mistral", true, BOTH, ANY, 4_096, 128_000, NOT_CACHED),
            row("cohere.command-(text|light)", "cohere", false, BOTH, 0.99, 4_000, 4_096, NOT_CACHED),
            row("cohere.command-", "cohere", true, BOTH, 0.99, 4_000, 128_000, NOT_CACHED),
            row("ai21.jamba-1-5", "ai21", true, BOTH, ANY, 4_096, 256_000, NOT_CACHED),
            row("ai21.", "ai21", true, BOTH, ANY, 4_096, 70_000, NOT_CACHED),
            row("deepseek.", "deepseek", true, BOTH, ANY, 8_192, 128_000, NOT_CACHED),
            row("qwen.", "qwen", true, BOTH, ANY, 16_384, 131_072, NOT_CACHED),
            row("openai.gpt-oss", "gpt-oss", true, BOTH, ANY, 32_768, 128_000, NOT_CACHED),
            row("writer.palmyra-", "palmyra", true, BOTH, ANY, 8_192, 128_000, NOT_CACHED));

    /** Provisioned models of a shorter window end in its thousands of tokens: {@code amazon.nova-lite-v1:0:24k}. */
    private static final Pattern WINDOW = Pattern.compile(":(\\d{1,4})k(?:/|$)");

    private ModelFamilies() {}

    private record Row(Pattern id, ModelFamily family) {}

    /** What the model of an id takes. The id may name a region before it, and be an ARN. */
    static ModelFamily of(String modelId) {
        ModelFamily family = TABLE.stream()
                .filter(row -> row.id().matcher(modelId).find())
                .map(Row::family)
                .findFirst()
                .orElse(OTHER);
        Matcher window = WINDOW.matcher(modelId);
        return window.find()
                ? family.inContext(Math.min(family.contextTokens(), 1_000 * Integer.parseInt(window.group(1))))
                : family;
    }

    /** The names of all families. */
    static List<String> names() {
        return Stream.concat(TABLE.stream().map(row -> row.family().name()), Stream.of(OTHER.name()))
                .distinct()
                .toList();
    }

    private static Row row(
            String id,
            String name,
            boolean systemPrompt,
            Sampling sampling,
            double mostTopP,
            int mostOutput,
            int contextTokens,
            int leastCached) {
        return new Row(
                Pattern.compile("(?:^|[./])" + id.replaceFirst("\\.", "\\\\.")),
                new ModelFamily(name, systemPrompt, sampling, mostTopP, mostOutput, contextTokens, leastCached));
    }
}
