package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class LimitsConfigTest {

    @Test
    void anOfficeBehindOneAddressFitsInTheDefaults() {
        LimitsConfig limits = limits(Map.of());

        assertThat(limits.registrations()).isEqualTo(new RateLimit(100, Duration.ofMinutes(10)));
        assertThat(limits.signInFailures()).isEqualTo(new RateLimit(100, Duration.ofMinutes(5)));
        assertThat(limits.linkFailures()).isEqualTo(new RateLimit(100, Duration.ofMinutes(5)));
        assertThat(limits.mails()).isEqualTo(new RateLimit(5, Duration.ofHours(1)));
        assertThat(limits.exempt()).isEmpty();
    }

    @Test
    void aLimitIsSoManyInSoLong() {
        assertThat(limits(Map.of("limits.registrations", "7/90s")).registrations())
                .isEqualTo(new RateLimit(7, Duration.ofSeconds(90)));
        assertThat(limits(Map.of("limits.exempt", "10.0.0.0/8,2001:db8::/32")).exempt())
                .contains(List.of(Network.of("10.0.0.0/8"), Network.of("2001:db8::/32")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/1m", "-1/1m", "10", "10/", "/1m", "10/0s", "10/1ms", "ten/1m", "10/tomorrow", "1e3/1m"})
    void whatIsNoLimitStopsTheStart(String text) {
        assertThatThrownBy(() -> limits(Map.of("limits.mails", text))).hasMessageContaining("limits.mails");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.0/8/8", "::/129", "example.org", "/8"})
    void whatIsNoNetworkStopsTheStart(String text) {
        assertThatThrownBy(() -> limits(Map.of("limits.exempt", text))).hasMessageContaining("limits.exempt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "10.1.2.0/25", "2001:db8:1:2::/64"})
    void anExemptionThatWouldNeverBeMetStopsTheStart(String narrow) {
        LimitsConfig limits = limits(Map.of("limits.exempt", narrow));

        assertThatThrownBy(() -> new RateLimits(null, limits, new PGSimpleDataSource(), Clock.systemUTC()))
                .hasMessageContaining("limits.exempt");
    }

    @Test
    void aNetworkIsAddressesThatBeginAlike() {
        assertThat(Network.of("10.1.2.3/20")).hasToString("10.1.0.0/20");
        assertThat(Network.of("2001:db8:ffff::/33")).hasToString("2001:db8:8000:0:0:0:0:0/33");
        assertThat(Network.of(" 192.0.2.7 ")).hasToString("192.0.2.7/32");
        assertThat(Network.of("0.0.0.0/0").contains(Network.of("203.0.113.9").first()))
                .isTrue();
        assertThat(Network.of("0.0.0.0/0").contains(Network.of("2001:db8::1").first()))
                .isFalse();
    }

    static LimitsConfig limits(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(LimitsConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(LimitsConfig.class);
    }
}
