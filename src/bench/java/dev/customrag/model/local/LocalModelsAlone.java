package dev.customrag.model.local;

import dev.customrag.model.ModelProvider;
import dev.customrag.testing.Settings;

/** The models of this process, without the service. */
public final class LocalModelsAlone {

    private LocalModelsAlone() {}

    /** As the service has them by default. */
    public static ModelProvider provider() {
        return new LocalModels(Settings.defaults(LocalConfig.class));
    }
}
