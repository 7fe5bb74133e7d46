package dev.customrag.knowledge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Optional;

/** How passages are found. */
@ConfigMapping(prefix = "retrieval")
interface RetrievalConfig {

    /** Candidates each branch (dense, full text) hands to the fusion. More find more and cost time. */
    @WithDefault("50")
    @Min(1)
    @Max(500)
    int candidates();

    /**
     * Occurrences of the question's words that are ranked for one search: words are taken from the rarest on while they
     * stand in this many of the person's passages together. Bounds the time where words are common and passages many.
     */
    @WithDefault("10000")
    @Min(100)
    @Max(10_000_000)
    long postings();

    /**
     * Up to so many passages of a person the question is compared with each of them, which finds the nearest for certain;
     * beyond, the HNSW index is walked. A thousand comparisons take about a millisecond.
     */
    @WithDefault("20000")
    @Min(0)
    @Max(10_000_000)
    int exactUpTo();

    /** Neighbouring passages of one section that are joined to one result at most. 1 joins none. */
    @WithDefault("3")
    @Min(1)
    @Max(20)
    int joined();

    /**
     * A conversation gets no sources when none is as similar to the question as this: a cosine. By default what the
     * embedding model says, as models differ; -1 never declines.
     */
    Optional<@DecimalMin("-1") @DecimalMax("1") Double> leastSimilarity();
}
