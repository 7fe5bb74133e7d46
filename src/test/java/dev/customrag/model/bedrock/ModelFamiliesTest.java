package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.model.Generation;
import dev.customrag.model.bedrock.ModelFamily.Sampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFamiliesTest {

    @ParameterizedTest
    @CsvSource({
        "anthropic.claude-v2:1, claude, true, BOTH, 4096, 100000, 0",
        "anthropic.claude-3-haiku-20240307-v1:0, claude, true, BOTH, 4096, 200000, 0",
        "eu.anthropic.claude-3-5-sonnet-20240620-v1:0, claude, true, BOTH, 4096, 200000, 0",
        "us.anthropic.claude-3-5-sonnet-20241022-v2:0, claude, true, BOTH, 8192, 200000, 0",
        "us.anthropic.claude-3-5-haiku-20241022-v1:0, claude, true, BOTH, 8192, 200000, 2048",
        "apac.anthropic.claude-3-7-sonnet-20250219-v1:0, claude, true, BOTH, 64000, 200000, 1024",
        "us.anthropic.claude-opus-4-1-20250805-v1:0, claude, true, ONE, 32000, 200000, 1024",
        "us.anthropic.claude-opus-4-20250514-v1:0, claude, true, ONE, 32000, 200000, 1024",
        "eu.anthropic.claude-sonnet-4-20250514-v1:0, claude, true, ONE, 64000, 200000, 1024",
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0, claude, true, ONE, 64000, 200000, 1024",
        "global.anthropic.claude-haiku-4-5-20251001-v1:0, claude, true, ONE, 64000, 200000, 4096",
        "jp.anthropic.claude-opus-4-6-v1, claude, true, ONE, 128000, 1000000, 4096",
        "au.anthropic.claude-sonnet-4-6, claude, true, ONE, 64000, 1000000, 2048",
        "us.anthropic.claude-opus-4-7, claude, true, NONE, 128000, 1000000, 2048",
        "anthropic.claude-opus-4-8, claude, true, NONE, 128000, 1000000, 1024",
        "us-gov.anthropic.claude-sonnet-5, claude, true, NONE, 128000, 1000000, 1024",
        "anthropic.claude-opus-5-5, claude, true, NONE, 128000, 1000000, 1024",
        "anthropic.claude-something-9, claude, true, NONE, 64000, 200000, 4096",
        "amazon.nova-micro-v1:0, nova, true, BOTH, 10000, 128000, 1000",
        "eu.amazon.nova-pro-v1:0, nova, true, BOTH, 10000, 300000, 1000",
        "global.amazon.nova-2-lite-v1:0, nova, true, BOTH, 64000, 1000000, 1000",
        "amazon.titan-text-express-v1, titan, false, BOTH, 8192, 8192, 0",
        "amazon.titan-tg1-large, titan, false, BOTH, 8192, 8192, 0",
        "amazon.titan-text-premier-v1:0, titan, false, BOTH, 3072, 32000, 0",
        "meta.llama3-8b-instruct-v1:0, llama, true, BOTH, 2048, 8192, 0",
        "us.meta.llama3-1-70b-instruct-v1:0, llama, true, BOTH, 2048, 128000, 0",
        "us.meta.llama4-scout-17b-instruct-v1:0, llama, true, BOTH, 4096, 128000, 0",
        "mistral.mistral-7b-instruct-v0:2, mistral, false, BOTH, 8192, 32000, 0",
        "mistral.mixtral-8x7b-instruct-v0:1, mistral, false, BOTH, 4096, 32000, 0",
        "mistral.mistral-large-2402-v1:0, mistral, true, BOTH, 8192, 32000, 0",
        "eu.mistral.pixtral-large-2502-v1:0, mistral, true, BOTH, 4096, 128000, 0",
        "cohere.command-r-plus-v1:0, cohere, true, BOTH, 4000, 128000, 0",
        "cohere.command-text-v14, cohere, false, BOTH, 4000, 4096, 0",
        "ai21.jamba-1-5-mini-v1:0, ai21, true, BOTH, 4096, 256000, 0",
        "us.deepseek.r1-v1:0, deepseek, true, BOTH, 8192, 128000, 0",
        "qwen.qwen3-32b-v1:0, qwen, true, BOTH, 16384, 131072, 0",
        "openai.gpt-oss-120b-1:0, gpt-oss, true, BOTH, 32768, 128000, 0",
        "us.writer.palmyra-x5-v1:0, palmyra, true, BOTH, 8192, 128000, 0",
        "arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0, nova, true, BOTH, 10000, 300000, 1000",
        "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.anthropic.claude-opus-4-6-v1,"
                + " claude, true, ONE, 128000, 1000000, 4096",
        "arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/abcdef,"
                + " nova, true, BOTH, 10000, 300000, 1000"
    })
    void theTableTellsByTheId(
            String id, String name, boolean systemPrompt, Sampling sampling, int output, int context, int leastCached) {
        ModelFamily family = ModelFamilies.of(id);

        assertThat(family.name()).isEqualTo(name);
        assertThat(family.systemPrompt()).isEqualTo(systemPrompt);
        assertThat(family.sampling()).isEqualTo(sampling);
        assertThat(family.mostOutput()).isEqualTo(output);
        assertThat(family.contextTokens()).isEqualTo(context);
        assertThat(family.leastCached()).isEqualTo(leastCached);
        assertThat(family.isKnown()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/a1b2c3d4e5f6",
                "arn:aws:bedrock:eu-central-1:111122223333:provisioned-model/a1b2c3d4e5f6",
                "arn:aws:bedrock:eu-central-1:111122223333:imported-model/a1b2c3d4e5f6",
                "somebody.new-model-v1:0",
                "notanthropic.claude-3-haiku"
            })
    void whatCannotBeToldIsNamedNothingThatSomeModelRefuses(String id) {
        ModelFamily family = ModelFamilies.of(id);

        assertThat(family.name()).isEqualTo("other");
        assertThat(family.isKnown()).isFalse();
        assertThat(family.caches()).isFalse();
        assertThat(family.contextTokens()).isEqualTo(32_000);
        assertThat(family.within(new Generation(0.5, 0.5, 100_000))).isEqualTo(new Generation(null, null, 100_000));
    }

    @Test
    void aProvisionedModelOfAShorterWindowSaysSo() {
        assertThat(ModelFamilies.of("amazon.nova-lite-v1:0:24k").contextTokens())
                .isEqualTo(24_000);
        assertThat(ModelFamilies.of("anthropic.claude-3-sonnet-20240229-v1:0:28k")
                        .contextTokens())
                .isEqualTo(28_000);
        assertThat(ModelFamilies.of("amazon.nova-lite-v1:0:9999k").contextTokens())
                .isEqualTo(300_000);
    }

    @Test
    void namesAreEachThereOnce() {
        assertThat(ModelFamilies.names()).doesNotHaveDuplicates().contains("claude", "nova", "other");
    }

    @Test
    void ofTemperatureAndTopPTheFormerStaysWhereBothAreAnError() {
        ModelFamily claude = ModelFamilies.of("eu.anthropic.claude-sonnet-4-5-20250929-v1:0");

        assertThat(claude.within(new Generation(0.2, 0.9, null))).isEqualTo(new Generation(0.2, null, null));
        assertThat(claude.within(new Generation(null, 0.9, null))).isEqualTo(new Generation(null, 0.9, null));
    }

    @Test
    void limitsAreKept() {
        assertThat(ModelFamilies.of("amazon.nova-pro-v1:0").within(new Generation(0.0, 1.0, 50_000)))
                .isEqualTo(new Generation(0.0, 1.0, 10_000));
        assertThat(ModelFamilies.of("cohere.command-r-v1:0").within(new Generation(1.0, 1.0, 10)))
                .isEqualTo(new Generation(1.0, 0.99, 10));
    }
}
