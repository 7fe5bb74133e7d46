package dev.customrag.model.local;

import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelDescription.Kind;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.Retention;
import dev.customrag.model.VectorSpace;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Models that need no cloud account: an embedding model in this process, and quotations in place of a language model.
 *
 * <p>Not in the native binary, where the tokenizer's library cannot be initialised; without this bean nothing reaches
 * the classes that need it.
 */
@ApplicationScoped
@Identifier("local")
@UnlessBuildProperty(name = "quarkus.native.enabled", stringValue = "true", enableIfMissing = true)
class LocalModels implements ModelProvider {

    private static final String SOURCE = "local";

    private final LocalEmbedding embedding;
    private final ExtractiveAnswerer answerer;

    LocalModels(LocalConfig config) {
        this.embedding = new LocalEmbedding(config);
        this.answerer = new ExtractiveAnswerer(embedding);
    }

    @PostConstruct
    void warm() {
        embedding.warm();
    }

    @PreDestroy
    void close() {
        embedding.close();
    }

    @Override
    public String source() {
        return SOURCE;
    }

    @Override
    public String defaultChatModelId() {
        return ExtractiveAnswerer.ID;
    }

    @Override
    public CancellableChatModel chatModel(String modelId) {
        if (!modelId.equals(ExtractiveAnswerer.ID)) {
            throw new ModelFailure(
                    ModelFailure.Kind.UNKNOWN_MODEL, "There is no such chat model here. GET /models lists them.");
        }
        return answerer;
    }

    @Override
    public void check(String modelId) {
        chatModel(modelId);
    }

    @Override
    public PassageEmbedding embedding() {
        return embedding;
    }

    @Override
    public PassageEmbedding embedding(VectorSpace space) {
        if (!space.equals(embedding.space())) {
            throw new ModelFailure(ModelFailure.Kind.UNKNOWN_MODEL, "There is no such embedding model here.");
        }
        return embedding;
    }

    @Override
    public Retention retention() {
        return Retention.NOTHING_LEAVES;
    }

    @Override
    public List<ModelDescription> models() {
        return List.of(
                new ModelDescription(
                        ExtractiveAnswerer.ID,
                        "Quotations from your documents (no language model)",
                        "CustomRAGAssistant",
                        Kind.CHAT,
                        SOURCE,
                        true,
                        null,
                        List.of()),
                new ModelDescription(
                        LocalEmbedding.ID,
                        "BGE small, English, v1.5",
                        "BAAI",
                        Kind.EMBEDDING,
                        SOURCE,
                        false,
                        null,
                        List.of()));
    }
}
