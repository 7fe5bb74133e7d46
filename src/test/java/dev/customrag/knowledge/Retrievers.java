package dev.customrag.knowledge;

import dev.customrag.model.ModelProvider;
import dev.customrag.testing.Settings;
import io.quarkus.arc.Arc;
import java.util.Map;

/** The service's retrieval in other configurations. */
public final class Retrievers {

    private Retrievers() {}

    /** One that finds nothing where no passage is as similar to the question as this cosine. */
    public static PassageRetriever decliningBelow(double similarity) {
        return new PassageRetriever(
                bean(ModelProvider.class),
                bean(QuestionVectors.class),
                bean(PassageIndex.class),
                Settings.with(
                        RetrievalConfig.class, Map.of("retrieval.least-similarity", Double.toString(similarity))));
    }

    private static <T> T bean(Class<T> type) {
        return Arc.container().instance(type).get();
    }
}
