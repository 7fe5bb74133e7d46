package dev.customrag.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is supplied to whom; the values themselves are {@link LocalPostgresTest}'s, a start of a server each. */
class LocalDatabaseConfigSourceTest {

    private static final String URL = "quarkus.datasource.jdbc.url";

    /** As on a machine without a container engine, whatever this one has. */
    private static final Map<String, String> WITHOUT_ENGINE = Map.of("quarkus.datasource.devservices.enabled", "false");

    @ParameterizedTest
    @ValueSource(strings = {"dev", "test"})
    void withoutEngineAndAddressThereIsAPrivateServer(String profile) {
        var config = config(profile, Map.of());

        assertThat(config.getPropertyNames())
                .contains(URL, "quarkus.datasource.username", "quarkus.datasource.password");
        assertThat(config.getConfigValue("quarkus.devservices.enabled").getValue())
                .isEqualTo("false");
    }

    @Test
    void productionIsSuppliedNothing() {
        var config = config("prod", Map.of());

        for (String name : List.of(URL, "quarkus.datasource.password", "quarkus.devservices.enabled")) {
            assertThat(config.getConfigValue(name).getValue()).isNull();
        }
    }

    @Test
    void anAddressOfOnesOwnComesWithoutOurNameAndPassword() {
        var config = config("dev", Map.of(URL, "jdbc:postgresql://db.example/own"));

        assertThat(config.getConfigValue(URL).getValue()).isEqualTo("jdbc:postgresql://db.example/own");
        assertThat(config.getPropertyNames()).doesNotContain("quarkus.datasource.password");
    }

    @Test
    void anAddressForTheOtherProfileDoesNotCount() {
        var config = config("test", Map.of("%dev." + URL, "jdbc:postgresql://db.example/dev"));

        assertThat(config.getPropertyNames()).contains(URL, "quarkus.datasource.password");
    }

    private static SmallRyeConfig config(String profile, Map<String, String> settings) {
        var all = new HashMap<>(WITHOUT_ENGINE);
        all.putAll(settings);
        return new SmallRyeConfigBuilder()
                .withProfile(profile)
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(all, "application", 250))
                .withSources(new LocalDatabaseConfigSource())
                .build();
    }
}
