package dev.customrag.document;

import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.Embeddings;
import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.Retention;
import dev.customrag.model.VectorSpace;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Embeds as told: it waits until it is let go on, or fails, and otherwise works. */
final class ScriptedModels implements ModelProvider {

    private final Queue<Optional<RuntimeException>> outcomes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final Queue<String> texts = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** From now on embedding waits. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    /** It goes on. */
    void letGo() {
        gate.countDown();
    }

    /** The next call that nothing has been said of yet fails. */
    void fail(RuntimeException with) {
        outcomes.add(Optional.of(with));
    }

    /** The next call that nothing has been said of yet works, as all do after the last of which something was said. */
    void work() {
        outcomes.add(Optional.empty());
    }

    /** How many calls embedded passages, or tried to. */
    int calls() {
        return calls.get();
    }

    /** The passages that were embedded, and can be forgotten. */
    Queue<String> texts() {
        return texts;
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
    public void check(String modelId) {
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
                return 2;
            }

            @Override
            public Embeddings embedPassages(List<String> passages) {
                calls.incrementAndGet();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                Optional<RuntimeException> outcome = outcomes.poll();
                if (outcome != null && outcome.isPresent()) {
                    throw outcome.get();
                }
                texts.addAll(passages);
                return embedQuestions(passages);
            }

            @Override
            public Embeddings embedQuestions(List<String> questions) {
                return new Embeddings(
                        questions.stream().map(ScriptedModels::vector).toList(), 10 * questions.size());
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
    public Retention retention() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ModelDescription> models() {
        return List.of();
    }
}
