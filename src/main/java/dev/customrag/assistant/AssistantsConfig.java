package dev.customrag.assistant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;

/** How many assistants there may be. */
@ConfigMapping(prefix = "assistants")
interface AssistantsConfig {

    /** Of one person. Enough for any use by hand; it bounds what a script can fill the database with. */
    @WithDefault("200")
    @Min(1)
    int mostPerPerson();
}
