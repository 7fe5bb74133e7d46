package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValidator;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.inject.Inject;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that would lock people out, or keep stolen tokens good for years, stop the start. */
@QuarkusTest
class IdentityConfigTest {

    @Inject
    Validator validator;

    @Test
    void theDefaultsAreWithinBounds() {
        assertThat(config(Map.of()).getConfigMapping(IdentityConfig.class).sessionLifetime())
                .contains(Duration.ofDays(30));
    }

    @ParameterizedTest
    @CsvSource({
        "identity.recent-sign-in, 1m, 24h, 59s, 25h",
        "identity.access-token-lifetime, 1m, 24h, 0s, 1441m",
        "identity.refresh-token-lifetime, 5m, 365d, -1m, 366d",
        "identity.refresh-reuse-interval, 0s, 1h, -1s, 61m",
        "identity.session-lifetime, 5m, 3650d, 0s, 4000d",
        "identity.session-idle-limit, 5m, 365d, 0s, 366d",
        "identity.email-verification-lifetime, 1m, 30d, 0s, 31d",
        "identity.email-change-lifetime, 1m, 7d, 0s, 8d",
        "identity.password-reset-lifetime, 1m, 24h, 0s, 25h",
        "identity.clock-skew, 0s, 5m, -1s, 6m",
        "identity.hashing-queue, 1, 10000, 0, 10001",
        "identity.bcrypt-cost, 4, 16, 3, 17",
        "mail.timeout, 1s, 10m, 0s, 11m",
        "mail.backoff, 1ms, 1h, 0s, 2h",
        "mail.max-backoff, 1ms, 24h, 0s, 25h",
        "mail.give-up-after, 1m, 30d, 0s, 31d",
        "clean-up.interval, 1s, 7d, 0s, 8d",
        "clean-up.session-memory, 1d, 3650d, 1h, 4000d"
    })
    void valuesOutOfBoundsStopTheStart(String key, String least, String most, String tooLittle, String tooMuch) {
        for (String value : new String[] {least, most}) {
            assertThatNoException().isThrownBy(() -> config(Map.of(key, value)));
        }
        for (String value : new String[] {tooLittle, tooMuch}) {
            assertThatExceptionOfType(ConfigValidationException.class)
                    .isThrownBy(() -> config(Map.of(key, value)))
                    .withMessageContaining(key);
        }
    }

    @Test
    void productionDoesNotHashAsFastAsTests() {
        for (LaunchMode mode : new LaunchMode[] {LaunchMode.NORMAL, LaunchMode.RUN}) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> PasswordHasher.refuseIfCheap(9, mode))
                    .withMessageContaining("identity.bcrypt-cost");
            assertThatNoException().isThrownBy(() -> PasswordHasher.refuseIfCheap(10, mode));
        }
        for (LaunchMode mode : new LaunchMode[] {LaunchMode.TEST, LaunchMode.DEVELOPMENT}) {
            assertThatNoException().isThrownBy(() -> PasswordHasher.refuseIfCheap(4, mode));
        }
    }

    private SmallRyeConfig config(Map<String, String> values) {
        ConfigValidator bounds = new BeanValidationConfigValidator() {

            @Override
            public Validator getValidator() {
                return validator;
            }
        };
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(IdentityConfig.class)
                .withMapping(MailConfig.class)
                .withMapping(CleanUpConfig.class)
                .withValidator(bounds)
                .withDefaultValues(values)
                .withDefaultValue("quarkus.http.port", "8080")
                .build();
    }
}
