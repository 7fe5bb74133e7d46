package dev.customrag.knowledge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How passages are found. */
@ConfigMapping(prefix = "retrieval")
interface RetrievalConfig {

    /** Candidates each branch (dense, full text) hands to the fusion. More find more and cost time. */
    @WithDefault("50")
    @Min(1)
    @Max(500)
    int candidates();

    /** The constant of reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009, section 2 found 60. */
    @WithDefault("60")
    @Min(1)
    @Max(1000)
    int fusionConstant();
}
