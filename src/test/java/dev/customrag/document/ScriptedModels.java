package dev.customrag.document;

import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.VectorSpace;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Embeds whatever there is, once it is let go on. */
final class ScriptedModels implements ModelProvider {

    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** From now on embedding waits. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    /** It goes on. */
    void letGo() {
        gate.countDown();
    }

    @Override
    public String source() {
        return "scripted";
    }

    @Override
    public String defaultChatModelId() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CancellableChatModel chatModel(String modelId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PassageEmbedding embedding() {
        return new PassageEmbedding() {

            @Override
            public String modelId() {
                return "scripted";
            }

            @Override
            public int dimensions() {
                return 384;
            }

            @Override
            public int batchSize() {
                return 100;
            }

            @Override
            public List<float[]> embedPassages(List<String> passages) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return embedQuestions(passages);
            }

            @Override
            public List<float[]> embedQuestions(List<String> questions) {
                return questions.stream().map(ScriptedModels::vector).toList();
            }
        };
    }

    @Override
    public PassageEmbedding embedding(VectorSpace space) {
        throw new ModelFailure(ModelFailure.Kind.UNKNOWN_MODEL, "Gone.");
    }

    private static float[] vector(String text) {
        var vector = new float[384];
        vector[Math.floorMod(text.hashCode(), 384)] = 1;
        return vector;
    }

    @Override
    public List<ModelDescription> models() {
        return List.of();
    }
}
