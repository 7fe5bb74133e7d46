package dev.customrag.testing;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Configuration with its defaults, for tests without the service. */
public final class Settings {

    private Settings() {}

    /** The defaults of a mapping. */
    public static <T> T defaults(Class<T> mapping) {
        return with(mapping, Map.of());
    }

    /** The defaults of a mapping but for these settings. */
    public static <T> T with(Class<T> mapping, Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(mapping)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(mapping);
    }
}
