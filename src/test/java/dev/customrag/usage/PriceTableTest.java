package dev.customrag.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.model.ModelPrice;
import dev.customrag.model.TokenCounts;
import dev.customrag.testing.Settings;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTableTest {

    private static final Map<String, String> SETTINGS = Map.of(
            "amazon.nova-pro", "1",
            "eu.amazon.nova-pro", "2",
            "amazon.nova-pro-v1:0:300k", "3",
            "example.writer-4", "4",
            "example.writer-4-5", "5",
            "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/team", "6",
            "provisioned1", "7");

    @ParameterizedTest
    @CsvSource({
        "amazon.nova-pro, 1",
        "amazon.nova-pro-v1:0, 1",
        "us.amazon.nova-pro-v1:0, 1",
        "eu.amazon.nova-pro-v1:0, 2",
        "amazon.nova-pro-v1:0:300k, 3",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0, 1",
        "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0, 2",
        "example.writer-4-20260101-v1:0, 4",
        "global.example.writer-4-5-20260101-v1:0, 5",
        "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/team, 6",
        "arn:aws:bedrock:eu-central-1:123456789012:provisioned-model/provisioned1, 7",
    })
    void theLongestKeyThatAModelBeginsWithIsItsPrice(String model, BigDecimal input) {
        assertThat(table(SETTINGS, false).of(model).orElseThrow().input()).isEqualTo(input);
    }

    @Test
    void whoChoosesAModelIsToldItsPriceInPlainNumbers() {
        var settings = Map.of(
                "usage.currency", "EUR",
                "usage.prices.\"amazon.nova-pro\".input", "0.80",
                "usage.prices.\"amazon.nova-pro\".output", "1e1",
                "usage.prices.\"amazon.titan-embed\".input", "0.02");
        var table = new PriceTable(Settings.with(UsageConfig.class, settings), false);

        assertThat(table.priceOf("eu.amazon.nova-pro-v1:0")).contains(new ModelPrice("0.8", "10", "EUR"));
        assertThat(table.priceOf("amazon.titan-embed-text-v2:0")).contains(new ModelPrice("0.02", null, "EUR"));
        assertThat(table.priceOf("amazon.nova-lite-v1:0")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amazon.nova-proto-v1:0",
                "amazon.nova-lite-v1:0",
                "nova-pro",
                "other.amazon.eu.nova-pro",
                "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/other"
            })
    void whatNoKeyMeetsHasNoPrice(String model) {
        assertThat(table(SETTINGS, false).of(model)).isEmpty();
        assertThat(table(SETTINGS, true).of(model)).contains(Price.NOTHING);
    }

    @Test
    void environmentVariablesCanSayPrices() {
        UsageConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(UsageConfig.class)
                .withSources(new EnvConfigSource(
                        Map.of(
                                "USAGE_PRICES__AMAZON_NOVA_PRO_V1_0__INPUT", "0.8",
                                "USAGE_PRICES__AMAZON_NOVA_PRO_V1_0__CACHE_READ", "0.2",
                                "USAGE_BUDGETS_MONEY_PER_DAY", "1.5"),
                        300))
                .build()
                .getConfigMapping(UsageConfig.class);

        Price price =
                new PriceTable(config, false).of("eu.amazon.nova-pro-v1:0").orElseThrow();
        assertThat(price.input()).isEqualTo("0.8");
        assertThat(price.cacheRead()).isEqualTo("0.2");
        assertThat(new Budgets(config).all()).hasSize(1);
    }

    @Test
    void costsAreExact() {
        var all = new Price(
                new BigDecimal("0.1"), new BigDecimal("0.3"), new BigDecimal("0.01"), new BigDecimal("0.125"));
        var reader = new Price(new BigDecimal("0.02"), null, new BigDecimal("0.02"), new BigDecimal("0.02"));

        assertThat(all.cost(new TokenCounts(3, 1, 0, 0)).orElseThrow()).isEqualByComparingTo("0.0000006");
        assertThat(all.cost(new TokenCounts(0, 0, 7, 1)).orElseThrow()).isEqualByComparingTo("0.000000195");
        assertThat(all.cost(new TokenCounts(Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0))
                        .orElseThrow())
                .isEqualByComparingTo("858.9934588");
        assertThat(all.most(8, 1).orElseThrow()).isEqualByComparingTo("0.0000013");
        assertThat(reader.cost(new TokenCounts(1, 0, 0, 0)).orElseThrow()).isEqualByComparingTo("0.00000002");
        assertThat(reader.cost(new TokenCounts(1, 1, 0, 0))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "usage.prices.\"a.b\".input, -1",
        "usage.prices.\"a.b\".output, -0.1",
        "usage.prices.\"a.b\".cache-read, -1",
        "usage.prices.\"a.b\".cache-write, -1",
        "usage.prices.\"a:b\".input, 1",
        "usage.prices.\" \".input, 1",
    })
    void pricesThatMakeNoSenseStopTheStart(String key, String value) {
        var settings = new HashMap<>(Map.of("usage.prices.\"a.b\".input", "1"));
        settings.put(key, value);

        assertThatThrownBy(() -> new PriceTable(Settings.with(UsageConfig.class, settings), false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("usage.prices");
    }

    @ParameterizedTest
    @CsvSource({
        "usage.budgets.tokens-per-day, 0",
        "usage.budgets.tokens-per-month, -5",
        "usage.budgets.money-per-day, 0.0",
        "usage.budgets.money-per-month, -0.01",
    })
    void budgetsOfNothingStopTheStart(String key, String value) {
        var settings = Map.of("usage.prices.\"a.b\".input", "1", key, value);

        assertThatThrownBy(() -> new Budgets(Settings.with(UsageConfig.class, settings)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("usage.budgets");
    }

    @Test
    void budgetsOfMoneyNeedPrices() {
        var settings = Map.of("usage.budgets.money-per-month", "10");

        assertThatThrownBy(() -> new Budgets(Settings.with(UsageConfig.class, settings)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("usage.prices");
    }

    private static PriceTable table(Map<String, String> inputs, boolean free) {
        var settings = inputs.entrySet().stream()
                .collect(Collectors.toMap(
                        price -> "usage.prices.\"%s\".input".formatted(price.getKey()), Map.Entry::getValue));
        return new PriceTable(Settings.with(UsageConfig.class, settings), free);
    }
}
