package dev.customrag.model;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import java.util.Set;
import org.jboss.logging.Logger;

/** Makes the one {@link ModelProvider} of {@code model.provider}, at start, so that a wrong setting stops the start. */
class ChosenProvider {

    private static final Logger LOG = Logger.getLogger(ChosenProvider.class);
    private static final Set<String> KNOWN = Set.of("bedrock", "local");

    @Produces
    @ApplicationScoped
    ModelProvider provider(ModelConfig config, @Any Instance<ModelProvider> providers) {
        String name = config.provider();
        if (!KNOWN.contains(name)) {
            throw new IllegalStateException("model.provider is '" + name + "'. Set it to bedrock or local.");
        }
        Instance<ModelProvider> chosen = providers.select(Identifier.Literal.of(name));
        if (!chosen.isResolvable()) {
            throw new IllegalStateException("model.provider is '" + name + "', but this build has no such models: the"
                    + " native binary leaves them out. Set it to bedrock, or run the JVM build.");
        }
        return chosen.get();
    }

    void start(@Observes StartupEvent event, ModelProvider provider) {
        LOG.infof("Models come from %s", provider.source());
    }
}
