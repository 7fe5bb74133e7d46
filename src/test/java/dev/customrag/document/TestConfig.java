package dev.customrag.document;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The room's configuration with its defaults, for tests without the service. */
final class TestConfig {

    private TestConfig() {}

    static DocumentsConfig defaults() {
        return with(Map.of());
    }

    static DocumentsConfig with(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(DocumentsConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(DocumentsConfig.class);
    }
}
