package dev.customrag.knowledge;

import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Finds the passages that answer a question: dense and full-text search, fused, within one person's documents. */
@ApplicationScoped
public class PassageRetriever {

    private final ModelProvider models;
    private final PassageIndex index;

    PassageRetriever(ModelProvider models, PassageIndex index) {
        this.models = models;
        this.index = index;
    }

    /**
     * The best passages for a question, best first.
     *
     * @throws dev.customrag.model.ModelFailure if the question cannot be embedded
     */
    public List<Passage> retrieve(SearchScope scope, String question, int limit) {
        PassageEmbedding embedding = models.embedding();
        return index.search(scope, embedding.modelId(), embedding.embedQuestion(question), question, limit);
    }
}
