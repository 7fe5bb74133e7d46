package dev.customrag.system;

import dev.customrag.system.LocalPostgres.Lifetime;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Gives dev and test a database where nothing else does: with no JDBC URL configured and no container engine to start a
 * Dev Service in, the address of a {@link LocalPostgres}. It is a configuration source because that is what both the
 * build steps, which would ask for a container, and the running application read. The server starts when one of the
 * values is first asked for, not when a configuration is put together.
 */
public class LocalDatabaseConfigSource implements ConfigSourceFactory {

    private static final String URL = "quarkus.datasource.jdbc.url";
    private static final String USERNAME = "quarkus.datasource.username";
    private static final String PASSWORD = "quarkus.datasource.password";
    private static final String DEV_SERVICES = "quarkus.devservices.enabled";

    /** Below every other source, so that whatever somebody sets is stronger. */
    private static final int ORDINAL = 50;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        boolean test = context.getProfiles().contains("test");
        boolean dev = context.getProfiles().contains("dev");
        if (!test && !dev || hasDevServices(context)) {
            return List.of();
        }
        var sources = new ArrayList<ConfigSource>();
        // Else Quarkus looks for the engine itself at each start and reload, and logs in errors that there is none.
        sources.add(new PropertiesConfigSource(Map.of(DEV_SERVICES, "false"), "no container engine", ORDINAL));
        if (valueOf(context, URL).isEmpty()) {
            sources.add(
                    test ? new Source(belowBuildFolder(), Lifetime.DISCARD) : new Source(inUserData(), Lifetime.KEEP));
        }
        return sources;
    }

    private static boolean hasDevServices(ConfigSourceContext context) {
        return isNotOff(context, DEV_SERVICES)
                && isNotOff(context, "quarkus.datasource.devservices.enabled")
                && new DockerEngine(System.getenv()).answers();
    }

    private static boolean isNotOff(ConfigSourceContext context, String name) {
        return valueOf(context, name).filter(value -> value.equals("false")).isEmpty();
    }

    private static Optional<String> valueOf(ConfigSourceContext context, String name) {
        return Optional.ofNullable(context.getValue(name))
                .map(ConfigValue::getValue)
                .filter(value -> !value.isBlank());
    }

    /** The working directory is the project's in a test run, and the build folder itself in dev mode. */
    private static Path belowBuildFolder() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("target") ? here.resolve("postgres") : here.resolve("target", "postgres");
    }

    private static Path inUserData() {
        Path data = Optional.ofNullable(System.getenv("XDG_DATA_HOME"))
                .map(Path::of)
                // A relative path is invalid, says the XDG specification, and to be ignored.
                .filter(Path::isAbsolute)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share"));
        return data.resolve("custom-rag-assistant", "postgres");
    }

    private record Source(Path folder, Lifetime lifetime) implements ConfigSource {

        @Override
        public String getName() {
            return "private PostgreSQL in " + folder;
        }

        @Override
        public int getOrdinal() {
            return ORDINAL;
        }

        @Override
        public Set<String> getPropertyNames() {
            return Set.of(URL, USERNAME, PASSWORD);
        }

        /** The names come without values: to list them must not start a server. */
        @Override
        public Map<String, String> getProperties() {
            return Map.of();
        }

        @Override
        public String getValue(String name) {
            return switch (name) {
                case URL -> database().jdbcUrl();
                case USERNAME -> database().username();
                case PASSWORD -> database().password();
                default -> null;
            };
        }

        private LocalPostgres database() {
            // Logging is not configured yet while configuration is being read.
            return LocalPostgres.start(folder, lifetime, System.err::println);
        }
    }
}
